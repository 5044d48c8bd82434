import assert from 'node:assert/strict'
import { providedKinds } from '../../platform/approval/kinds.ts'
import { providesWhenAdded } from '../../platform/http/plugin-routes.fixture.ts'
import type { Services } from '../../platform/http/services.ts'
import { readEnvironment } from '../../platform/runtime/environment.ts'
import register from './api.ts'
import { telemetryRoutes } from './routes.ts'

describe("telemetry's part of the API", () => {
  it('comes with a plugin of Node-RED, when the runtime adds it', () => {
    providesWhenAdded(register, telemetryRoutes)
    const services = { environment: readEnvironment({}) } as Services
    assert.ok(providedKinds(services).has('telemetry/replay'))
  })
})
