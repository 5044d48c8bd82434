import assert from 'node:assert/strict'
import { providedRootCauses } from '../../platform/conditions/root-causes.ts'
import { providedKinds } from '../../platform/approval/kinds.ts'
import { providesWhenAdded } from '../../platform/http/plugin-routes.fixture.ts'
import type { Services } from '../../platform/http/services.ts'
import { readEnvironment } from '../../platform/runtime/environment.ts'
import register from './api.ts'
import { continuityRoutes } from './routes.ts'

describe("continuity's part of the API", () => {
  it('comes with a plugin of Node-RED, when the runtime adds it', () => {
    providesWhenAdded(register, continuityRoutes)
    const services = { environment: readEnvironment({}) } as Services
    assert.ok(providedKinds(services).has('continuity/exclusion'))
    assert.ok(providedRootCauses().some(({ kind }) => kind === 'continuity/outage'))
  })
})
