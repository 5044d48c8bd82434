import assert from 'node:assert/strict'
import type { NodeAPI } from 'node-red'
import type { Api, RouteMaker } from './api.ts'
import { runApi } from './routes.ts'

/** Fails unless a plugin of Node-RED provides these routes: once the runtime adds it, and not before. */
export function providesWhenAdded(register: (RED: NodeAPI) => void, routes: RouteMaker): void {
  const provided: RouteMaker[] = []
  runApi({ add: (make: RouteMaker) => provided.push(make) } as unknown as Api)
  const plugins: { onadd(): void }[] = []
  register({
    plugins: { registerPlugin: (_: string, plugin: { onadd(): void }) => plugins.push(plugin) },
  } as never as NodeAPI)
  assert.ok(!provided.includes(routes))
  for (const plugin of plugins) plugin.onadd()
  assert.ok(provided.includes(routes))
}
