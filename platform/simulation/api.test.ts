import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import type { NodeAPI } from 'node-red'
import type { Api, RouteMaker } from '../http/api.ts'
import type { Problem } from '../http/problem.ts'
import type { ApiRequest, ApiRoute } from '../http/route.ts'
import { runApi } from '../http/routes.ts'
import type { Services } from '../http/services.ts'
import { waitUntil } from '../node/waiting.fixture.ts'
import { readEnvironment } from '../runtime/environment.ts'
import register from './api.ts'
import { GuardedBroker, passwordOf } from './guarded-broker.fixture.ts'

describe('the plugin that controls the simulated field', () => {
  it('asks the broker of the environment with its user, and leaves it when the flows stop', async () => {
    const broker = new GuardedBroker()
    await broker.start()
    const { host } = new URL(broker.urlFor('linhaviva'))
    const [routes, events] = provided({
      MQTT_URL: `mqtt://${host}`,
      MQTT_USER: 'linhaviva',
      MQTT_PASSWORD: passwordOf('linhaviva'),
    })
    const get = routes.find(({ operationId }) => operationId === 'getSimulation')!
    assert.equal(broker.connections, 0)
    await assert.rejects(get.handle({} as ApiRequest), (problem: Problem) => problem.status === 404)
    assert.equal(broker.connections, 1)
    events.emit('flows:stopped')
    await waitUntil('the connection to be gone', () => broker.connections === 0, 5_000)
    await assert.rejects(get.handle({} as ApiRequest), (problem: Problem) => problem.status === 404)
    events.emit('flows:stopped')
    await waitUntil('the next one to be gone', () => broker.connections === 0, 5_000)
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
})
