import { providesWhenAdded } from '../../platform/http/plugin-routes.fixture.ts'
import register from './api.ts'
import { voltageRoutes } from './routes.ts'

describe("voltage quality's part of the API", () => {
  it('comes with a plugin of Node-RED, when the runtime adds it', () => {
    providesWhenAdded(register, voltageRoutes)
  })
})
