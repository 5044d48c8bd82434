import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import { createServer, connect as connectSocket, type AddressInfo, type Socket } from 'node:net'
import { once } from 'node:events'
import type { NodeAPI } from 'node-red'
import type { Api, RouteMaker } from '../http/api.ts'
import type { Problem } from '../http/problem.ts'
import type { ApiRequest, ApiRoute } from '../http/route.ts'
import { runApi } from '../http/routes.ts'
import type { Services } from '../http/services.ts'
import { waitUntil } from '../node/waiting.fixture.ts'
import { startEmbeddedBroker } from '../runtime/embedded-broker.ts'
import { readEnvironment } from '../runtime/environment.ts'
import register from './api.ts'

describe('the plugin that controls the simulated field', () => {
  it('asks the broker of the environment with its user, and leaves it when the flows stop', async () => {
    const login = { user: 'linhaviva', password: 'Of-Tests-0nly' }
    const broker = await startEmbeddedBroker({ host: '127.0.0.1', port: 0, webSocketPort: 0, login })
    const way = await countedWay(broker.port)
    const [routes, events] = provided({ MQTT_URL: way.url, MQTT_USER: login.user, MQTT_PASSWORD: login.password })
    const get = routes.find(({ operationId }) => operationId === 'getSimulation')!
    assert.equal(way.open(), 0)
    await assert.rejects(get.handle({} as ApiRequest), (problem: Problem) => problem.status === 404)
    assert.equal(way.open(), 1)
    events.emit('flows:stopped')
    await waitUntil('the connection to be gone', () => way.open() === 0, 5_000)
    await assert.rejects(get.handle({} as ApiRequest), (problem: Problem) => problem.status === 404)
    events.emit('flows:stopped')
    await waitUntil('the next one to be gone', () => way.open() === 0, 5_000)
    await way.close()
    await broker.stop()
  })

  /** The routes that the plugin provides where the environment says this. */
  function provided(env: Record<string, string>): [ApiRoute[], EventEmitter] {
    const events = new EventEmitter()
    let onadd = (): void => assert.fail('no plugin')
    register({
      events,
      log: { warn: (line: string) => assert.fail(line) },
      plugins: { registerPlugin: (_id: string, plugin: { onadd: () => void }) => (onadd = plugin.onadd) },
    } as unknown as NodeAPI)
    const routes: ApiRoute[] = []
    onadd()
    const services = { environment: readEnvironment(env) } as Services
    runApi({ add: (make: RouteMaker) => routes.push(...make(services)) } as unknown as Api)
    return [routes, events]
  }

  /** A way to a port on which connections can be counted. */
  async function countedWay(port: number) {
    const sockets = new Set<Socket>()
    const server = createServer((socket) => {
      sockets.add(socket)
      const onward = connectSocket(port, '127.0.0.1')
      socket.pipe(onward).pipe(socket)
      for (const one of [socket, onward]) one.on('error', () => undefined)
      socket.on('close', () => {
        sockets.delete(socket)
        onward.destroy()
      })
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    return {
      url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`,
      open: () => sockets.size,
      async close() {
        server.close()
        await once(server, 'close')
      },
    }
  }
})
