import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import { createServer, type Server } from 'node:http'
import { after, describe, it } from 'mocha'
import type { NodeAPI } from 'node-red'
import { runGuard } from '../runtime/running.ts'
import { TestDoor } from './front-door.fixture.ts'
import { guardDashboard, tellWhoSends } from './dashboard-guard.ts'
import register from './guard.ts'

interface Plugin {
  readonly type: string
  readonly hooks?: Record<string, unknown>
  onadd?(): void
}

describe('the guard plugin', () => {
  const server: Server = createServer()
  const untouched = server.emit
  const plugins = new Map<string, Plugin>()
  register({
    server,
    plugins: { registerPlugin: (id: string, plugin: Plugin) => plugins.set(id, plugin) },
    events: new EventEmitter(),
    nodes: { eachNode: () => undefined },
  } as unknown as NodeAPI)
  let door: TestDoor | undefined
  after(() => {
    guardDashboard(undefined)
    runGuard(undefined)
    door?.close()
  })

  it('gives Dashboard the hook that says who sends, and no hook that would have to find it out from what a browser says', () => {
    const { type, hooks } = plugins.get('linhaviva-dashboard-guard')!
    assert.equal(type, 'node-red-dashboard-2')
    assert.deepEqual(hooks, { onAddConnectionCredentials: tellWhoSends })
  })

  it('stands before the server of Node-RED as soon as there is somebody to let in', async () => {
    const { onadd } = plugins.get('linhaviva-front-door')!
    onadd!()
    assert.equal(server.emit, untouched, 'without our settings file')
    door = await TestDoor.open((_request, response) => response.end())
    runGuard(door.options)
    onadd!()
    assert.notEqual(server.emit, untouched)
  })
})
