import { describe, it } from 'mocha'
import { providesWhenAdded } from '../../platform/http/plugin-routes.fixture.ts'
import register from './api.ts'
import { solarRoutes } from './routes.ts'

describe('the solar part of the API', () => {
  it('comes with a plugin of Node-RED, when the runtime adds it', () => {
    providesWhenAdded(register, solarRoutes)
  })
})
