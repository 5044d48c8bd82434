import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { NodeAPI } from 'node-red'
import { WebSocket } from 'ws'
import type { Access } from '../access/access.ts'
import { TestDoor } from '../http/front-door.fixture.ts'
import type { Services } from '../http/services.ts'
import { readEnvironment } from '../runtime/environment.ts'
import { runServices } from '../runtime/running.ts'
import { closeCodes } from '../wire/live-close.ts'
import register from './live.ts'

describe('the plugin of the live stream', () => {
  const withServer = (server: unknown): NodeAPI =>
    ({
      server,
      log: { error: (fault: string) => assert.fail(fault) },
      plugins: { registerPlugin: (_id: string, { onadd }: { onadd(): void }) => onadd() },
    }) as unknown as NodeAPI

  it('adds nothing where Node-RED runs without our settings', () => {
    const server = createServer()
    register(withServer(server))
    assert.equal(server.listenerCount('upgrade'), 0)
  })

  it('serves who came through the front door, and says goodbye when the process stops', async () => {
    const door = await TestDoor.open((_request, response) => response.end())
    const stopping = new AbortController()
    runServices({
      access: { onEnded: () => () => undefined } as unknown as Access,
      environment: readEnvironment({}),
      stopping: stopping.signal,
    } as Services)
    register(withServer(door.server))
    const { port } = door.server.address() as AddressInfo
    const client = new WebSocket(`ws://127.0.0.1:${port}/api/live`, { headers: { Authorization: 'Bearer viewer' } })
    try {
      const [welcome] = (await once(client, 'message')) as [Buffer]
      assert.equal((JSON.parse(welcome.toString()) as { type: string }).type, 'welcome')
      stopping.abort()
      const [code] = (await once(client, 'close')) as [number]
      assert.equal(code, closeCodes.goingAway)
      assert.equal(door.server.listenerCount('upgrade'), 0)
    } finally {
      client.terminate()
      stopping.abort()
      runServices(undefined)
      door.close()
    }
  })
})
