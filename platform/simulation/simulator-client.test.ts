import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { connectAsync, type MqttClient } from 'mqtt'
import { waitUntil } from '../node/waiting.fixture.ts'
import { freePort } from '../runtime/ports.ts'
import type { Simulator } from '../wire/simulation.ts'
import { GuardedBroker } from './guarded-broker.fixture.ts'
import { NoSimulator, OrderRefused, SimulatorClient, SimulatorUnreachable } from './simulator-client.ts'
import { startSimulator, type SimulatorProcess } from './simulator-process.fixture.ts'

describe('a client of the simulator', function () {
  this.timeout(30_000)
  const broker = new GuardedBroker()
  let url: string
  let fieldUrl: string
  let client: SimulatorClient
  let simulator: SimulatorProcess | undefined
  const lines: string[] = []

  const clientOf = (at: string, patienceMs = 3_000) =>
    new SimulatorClient({ url: at, options: { reconnectPeriod: 200 }, report: (line) => lines.push(line), patienceMs })

  before(async () => {
    await broker.start()
    url = broker.urlFor('linhaviva')
    fieldUrl = broker.urlFor('field')
  })
  after(async () => {
    await broker.stop()
    assert.deepEqual(broker.refused, [])
  })
  beforeEach(() => {
    client = clientOf(url)
  })
  afterEach(async () => {
    await client.close()
    await simulator?.end('SIGTERM')
    simulator = undefined
  })

  /** Asks until somebody is there. */
  const arrived = (): Promise<Simulator> =>
    waitUntil('the simulator', () =>
      client.simulator().catch((error: unknown) => {
        if (error instanceof NoSimulator) return undefined
        throw error
      }),
    )

  it('where there is none, says so', async () => {
    await assert.rejects(client.simulator(), NoSimulator)
    await assert.rejects(client.order({ action: 'stop', parameters: {} }), NoSimulator)
  })

  it('tells what it is, has it do something, and hears why it does not', async () => {
    simulator = startSimulator(fieldUrl, '--scenario', 'sunny-day', '--meters', '2')
    const { scenario, running, devices } = await arrived()
    assert.deepEqual([scenario, running, devices['meter']], ['sunny-day', true, 2])
    const stopped = await client.order({ action: 'stop', parameters: {} })
    assert.equal(stopped.running, false)
    await waitUntil('the state', async () => !(await client.simulator()).running)
    await assert.rejects(
      client.order({ action: 'set_soc', parameters: { deviceId: 'ev-001', soc: 1 } }),
      (error) =>
        error instanceof OrderRefused &&
        error.message === 'deviceId is "ev-001": it must name a battery of the simulator: bat-001',
    )
  })

  it('answers many at once, each with its own', async () => {
    simulator = startSimulator(fieldUrl)
    await arrived()
    const covers = Array.from({ length: 20 }, (_, n) => n * 5)
    const answers = await Promise.all(
      covers.map((coverPct) => client.order({ action: 'set_clouds', parameters: { coverPct } })),
    )
    assert.deepEqual(
      answers.map(({ clouds }) => clouds?.coverPct),
      covers,
    )
  })

  it('and no more than it can keep waiting', async () => {
    const asked = await Promise.allSettled(Array.from({ length: 60 }, () => client.simulator()))
    const reasons = asked.map((one) => (one.status === 'rejected' ? (one.reason as Error).message : ''))
    assert.equal(reasons.filter((reason) => reason === '50 requests wait for the simulator already').length, 10)
    assert.equal(reasons.filter((reason) => reason === 'no simulator is connected').length, 50)
  })

  it('knows when it has ended, and when it has crashed', async () => {
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      simulator = startSimulator(fieldUrl)
      await arrived()
      await simulator.end(signal)
      simulator = undefined
      await waitUntil(`the end by ${signal}`, () => client.simulator().then(() => false, isNoSimulator), 5_000)
    }
  })

  it('has no connection before somebody asks, none when it is closed, and another one then', async () => {
    simulator = startSimulator(fieldUrl)
    await arrived()
    await client.close()
    assert.equal((await client.simulator()).running, true)
    await Promise.all([client.close(), client.close()])
  })

  it('does not wait longer than it is told to', async () => {
    const silent = createServer((socket) => socket.resume()).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const patient = clientOf(`mqtt://user:secret@127.0.0.1:${(silent.address() as AddressInfo).port}`, 100)
    await assert.rejects(patient.simulator(), (error) => {
      assert.ok(error instanceof SimulatorUnreachable)
      assert.match(error.message, /^the broker 127\.0\.0\.1:\d+ did not answer within 100 ms$/)
      return true
    })
    await patient.close()
    await closed(silent)
    const nobody = clientOf(`mqtt://127.0.0.1:${await freePort()}`, 300)
    await assert.rejects(nobody.simulator(), /did not answer within 300 ms \(.*ECONNREFUSED/)
    await nobody.close()
  })

  it('a simulator that says it is there and does not answer: an order has an end, and closing ends the waiting', async () => {
    const impostor = await pretended({ running: true })
    client = clientOf(url, 200)
    await assert.rejects(
      client.order({ action: 'stop', parameters: {} }),
      /the simulator did not answer within 200 ms: it may do it all the same/,
    )
    await client.close()
    client = clientOf(url, 60_000)
    await client.simulator()
    const waiting = assert.rejects(client.order({ action: 'stop', parameters: {} }), SimulatorUnreachable)
    await client.close()
    await waiting
    await withdraw(impostor)
  })

  it('what is no state of a simulator is told, and none', async () => {
    const impostor = await pretended('nonsense')
    await assert.rejects(client.simulator(), NoSimulator)
    assert.ok(lines.some((line) => /^sim\/state: .*nonsense.* is none of a simulator's messages$/.test(line)))
    await withdraw(impostor)
  })

  /** Somebody who publishes a state, and is no simulator. */
  async function pretended(state: object | string): Promise<MqttClient> {
    const impostor = await connectAsync(fieldUrl, { protocolVersion: 4 })
    const whole = {
      ...{ scenario: null, at: '2026-01-15T15:00:00.000Z', speed: 1, devices: {}, cloudCoverPct: 0 },
      ...{ clouds: null, faults: [], effects: {} },
    }
    const said = typeof state === 'string' ? state : { connected: true, simulator: { ...whole, ...state } }
    await impostor.publishAsync('sim/state', JSON.stringify(said), { qos: 1, retain: true })
    return impostor
  }
  async function withdraw(impostor: MqttClient): Promise<void> {
    await impostor.publishAsync('sim/state', '', { qos: 1, retain: true })
    await impostor.endAsync()
  }
})

const isNoSimulator = (error: unknown): boolean => error instanceof NoSimulator

async function closed(server: Server): Promise<void> {
  server.close()
  await once(server, 'close')
}
