import assert from 'node:assert/strict'
import type { NodeAPI } from 'node-red'
import { providedRootCauses } from '../../platform/conditions/root-causes.ts'
import { providedKinds } from '../../platform/approval/kinds.ts'
import type { Api, RouteMaker } from '../../platform/http/api.ts'
import { runApi } from '../../platform/http/routes.ts'
import type { Services } from '../../platform/http/services.ts'
import { readEnvironment } from '../../platform/runtime/environment.ts'
import register from './api.ts'
import { continuityRoutes } from './routes.ts'

describe("continuity's part of the API", () => {
  it('comes with a plugin of Node-RED, when the runtime adds it', () => {
    const provided: RouteMaker[] = []
    runApi({ add: (make: RouteMaker) => provided.push(make) } as unknown as Api)
    const plugins: { onadd(): void }[] = []
    register({
      plugins: { registerPlugin: (_: string, plugin: { onadd(): void }) => plugins.push(plugin) },
    } as never as NodeAPI)
    assert.ok(!provided.includes(continuityRoutes))
    for (const plugin of plugins) plugin.onadd()
    assert.ok(provided.includes(continuityRoutes))
    const services = { environment: readEnvironment({}) } as Services
    assert.ok(providedKinds(services).has('continuity/exclusion'))
    assert.ok(providedRootCauses().some(({ kind }) => kind === 'continuity/outage'))
  })
})
