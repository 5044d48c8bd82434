import assert from 'node:assert/strict'
import type { NodeAPI } from 'node-red'
import { describe, it } from 'mocha'
import type { Api, RouteMaker } from '../../platform/http/api.ts'
import { runApi } from '../../platform/http/routes.ts'
import register from './api.ts'
import { solarRoutes } from './routes.ts'

describe('the solar part of the API', () => {
  it('comes with a plugin of Node-RED, when the runtime adds it', () => {
    const provided: RouteMaker[] = []
    runApi({ add: (make: RouteMaker) => provided.push(make) } as unknown as Api)
    const plugins: { onadd(): void }[] = []
    register({
      plugins: { registerPlugin: (_: string, plugin: { onadd(): void }) => plugins.push(plugin) },
    } as never as NodeAPI)
    assert.ok(!provided.includes(solarRoutes))
    for (const plugin of plugins) plugin.onadd()
    assert.ok(provided.includes(solarRoutes))
  })
})
