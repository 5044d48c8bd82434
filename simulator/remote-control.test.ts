import assert from 'node:assert/strict'
import { connect, type MqttClient } from 'mqtt'
import type { Refusal, SimulationAnswer, SimulationOrder, Simulator } from '../platform/wire/simulation.ts'
import { TestBroker, until } from './broker.fixture.ts'
import { RemoteControl } from './remote-control.ts'

const simulator: Simulator = {
  ...{ scenario: null, running: true, at: '2026-01-15T15:00:00.000Z', speed: 1 },
  ...{ devices: { pv: 1 }, cloudCoverPct: 12, clouds: null, faults: [], effects: {} },
}

describe('the remote control of the simulator', function () {
  this.timeout(60_000)
  const broker = new TestBroker()
  let operator: MqttClient
  let orders: SimulationOrder[]
  let lines: string[]
  let answers: SimulationAnswer[]
  let states: string[]
  let refusal: Refusal | undefined
  let remote: RemoteControl

  beforeEach(async () => {
    ;[orders, lines, answers, states, refusal] = [[], [], [], [], undefined]
    await broker.start()
    operator = connect(broker.url, { protocolVersion: 4 })
    operator.on('message', (topic, payload) =>
      topic === 'sim/state' ? states.push(payload.toString()) : answers.push(JSON.parse(payload.toString())),
    )
    await operator.subscribeAsync(['sim/state', 'sim/control/answers'], { qos: 1 })
    remote = remoteControl()
    remote.open()
    await until('the state', () => states.length > 0)
  })
  afterEach(async () => {
    await remote.close()
    await operator.endAsync(true)
    await broker.stop()
  })

  const remoteControl = () =>
    new RemoteControl({
      ...{ broker: { url: broker.url }, seed: 1 },
      simulator: () => simulator,
      carryOut: (order) => {
        orders.push(order)
        return refusal
      },
      report: (line) => lines.push(line),
      warn: (line) => lines.push(`warning: ${line}`),
    })
  const ask = (request: unknown) =>
    operator.publishAsync('sim/control', typeof request === 'string' ? request : JSON.stringify(request), { qos: 1 })
  /** The state that somebody finds who comes now. */
  async function retained(): Promise<unknown> {
    const newcomer = connect(broker.url, { protocolVersion: 4 })
    const found = new Promise<string>((resolve) => newcomer.on('message', (_topic, text) => resolve(text.toString())))
    await newcomer.subscribeAsync('sim/state', { qos: 1 })
    const state = JSON.parse(await found) as unknown
    await newcomer.endAsync(true)
    return state
  }

  it('tells what the simulator is, also to those who come later', async () => {
    assert.deepEqual(await retained(), { connected: true, simulator })
  })

  it('does what is asked for, and answers with the state afterwards', async () => {
    await ask({ id: 'a', action: 'set_clouds', parameters: { coverPct: 80 } })
    await until('the answer', () => answers.length === 1)
    assert.deepEqual(answers, [{ id: 'a', done: true, simulator }])
    assert.deepEqual(
      orders.map(({ action, parameters }) => [action, parameters]),
      [['set_clouds', { coverPct: 80 }]],
    )
    assert.deepEqual(lines, ['request set_clouds {"coverPct":80}'])
  })

  it('the same request again is answered again, and not done twice', async () => {
    for (let time = 0; time < 2; time++) await ask({ id: 'b', action: 'inject_fault', parameters: { kind: 'late' } })
    await until('two answers', () => answers.length === 2)
    assert.deepEqual(answers[0], answers[1])
    assert.equal(orders.length, 1)
  })

  it('what is not done is answered with its reason', async () => {
    refusal = { field: 'deviceId', value: 'x', problem: 'must name a device of the simulator' }
    await ask({ id: 'c', action: 'inject_fault', parameters: { kind: 'late', deviceId: 'x' } })
    await ask({ id: 'd', action: 'set_soc', parameters: { soc: 7 } })
    await until('two answers', () => answers.length === 2)
    assert.deepEqual(answers, [
      { id: 'c', done: false, refusal },
      { id: 'd', done: false, refusal: { field: 'soc', value: 7, problem: 'must be <= 1' } },
    ])
    assert.deepEqual(lines, [
      'warning: request inject_fault refused: deviceId is "x": it must name a device of the simulator',
      'warning: request refused: soc is 7: it must be <= 1',
    ])
    assert.equal(orders.length, 1)
  })

  it('what nobody can be answered for is told in a line', async () => {
    await ask('stop!')
    await until('the line', () => lines.length === 1)
    assert.deepEqual(lines, ['warning: request refused: payload is "stop!": it must be JSON'])
    assert.deepEqual([orders, answers], [[], []])
  })

  it('a request that somebody left there is not done', async () => {
    await remote.close()
    const left = JSON.stringify({ id: 'e', action: 'stop' })
    await operator.publishAsync('sim/control', left, { qos: 1, retain: true })
    remote = remoteControl()
    remote.open()
    await until('the line', () => lines.length === 1)
    assert.deepEqual([lines, orders], [['warning: request refused: it is retained on sim/control'], []])
  })

  it('says that the simulator is gone when it closes', async () => {
    await remote.close()
    await until('the farewell', () => states.at(-1) === '{"connected":false}')
    assert.deepEqual(await retained(), { connected: false })
  })

  it('and the broker says it in its name when it is cut off; when it is back, it says so itself', async () => {
    const others = new Set([operator.stream as unknown as { localPort?: number }].map(({ localPort }) => localPort))
    for (const socket of broker.sockets) if (!others.has(socket.remotePort)) socket.destroy()
    await until('the Last Will', () => states.at(-1) === '{"connected":false}')
    await until('its return', () => states.at(-1) !== '{"connected":false}', 10_000)
    assert.deepEqual(await retained(), { connected: true, simulator })
  })
})
