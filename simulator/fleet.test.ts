import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { connect, type MqttClient } from 'mqtt'
import { TestBroker, until } from './broker.fixture.ts'
import { Connection, retryDelayMs, type Outgoing } from './connection.ts'
import { drawOf } from './draw.ts'
import { fieldOf } from './field.ts'
import { Fleet, fleetDevicesOf } from './fleet.ts'

describe('the connections of the field', () => {
  const broker = new TestBroker()
  const field = fieldOf({ panels: 1, meters: 1, evs: 2 })
  const devices = 8
  let observer: MqttClient
  let heard: [topic: string, payload: string][]
  let lines: string[]
  let controls: [string, string][]
  let commands: [string, string, boolean][]
  let unheard: Set<string>
  let fleet: Fleet

  const fleetOf = (oneConnection = false, clock?: () => Outgoing) =>
    new Fleet({
      broker: { url: broker.url },
      devices: fleetDevicesOf(field, (deviceId) => (deviceId === 'sw-001' ? ['commands', 'ledger'] : [])),
      seed: 1,
      oneConnection,
      now: Date.now,
      isHeard: (deviceId) => !unheard.has(deviceId),
      ...(clock && { clock }),
      onControl: (deviceId, payload) => controls.push([deviceId, payload]),
      onCommand: (deviceId, payload, retained) => commands.push([deviceId, payload, retained]),
      report: (line) => lines.push(line),
      warn: (line) => lines.push(line),
    })
  const observe = async () => {
    observer = connect(broker.url, { protocolVersion: 4, reconnectPeriod: 50 })
    observer.on('error', () => undefined)
    observer.on('message', (topic, payload) => heard.push([topic, payload.toString()]))
    await observer.subscribeAsync('grid/#', { qos: 1 })
  }
  const presence = (status: string) =>
    heard.filter(([topic, payload]) => topic.startsWith('grid/status/') && JSON.parse(payload).status === status)

  beforeEach(async () => {
    heard = []
    lines = []
    controls = []
    commands = []
    unheard = new Set()
    await broker.start()
    await observe()
  })

  afterEach(async () => {
    await fleet.close()
    await observer.endAsync(true)
    await broker.stop()
  })

  it('every device comes online by itself, and says goodbye when it ends', async () => {
    fleet = fleetOf()
    await fleet.connect()
    await until('all online', () => new Set(presence('online').map(([topic]) => topic)).size === devices)
    assert.equal(broker.sockets.size, devices + 1)
    const began = Date.now()
    await fleet.close()
    assert.ok(Date.now() - began < 2000)
    await until('all offline', () => presence('offline').length === devices)
    // each said so itself, with the time; a Last Will cannot know the time
    assert.ok(presence('offline').every(([, payload]) => JSON.parse(payload).timestamp))
    assert.equal(lines.length, 1)
  })

  it('a device that cannot be heard says at its connection that it is offline', async () => {
    unheard.add('ev-001')
    fleet = fleetOf()
    await fleet.connect()
    await until('all statuses', () => presence('online').length + presence('offline').length === devices)
    assert.deepEqual(
      presence('offline').map(([topic]) => topic),
      ['grid/status/ev-001'],
    )
  })

  it('a device that is cut off is reported by its Last Will', async () => {
    fleet = fleetOf()
    await fleet.connect()
    await until('all online', () => presence('online').length === devices)
    for (const socket of broker.sockets) if (socket.remotePort !== portOf(observer)) socket.destroy()
    await until('Last Wills', () => presence('offline').length === devices)
    const wills = presence('offline').map(([topic, payload]) => [topic, payload])
    assert.ok(
      wills.some(
        ([topic, payload]) => topic === 'grid/status/ev-001' && payload === '{"status":"offline","device_id":"ev-001"}',
      ),
    )
  })

  it('a setpoint reaches its device alone, retained or live', async () => {
    await observer.publishAsync('der/control/ev-001', '{"p_setpoint_kw":2}', { qos: 1, retain: true })
    fleet = fleetOf()
    await fleet.connect()
    await until('the retained one', () => controls.length === 1)
    await observer.publishAsync('der/control/ev-002', '{"p_setpoint_kw":3.5}', { qos: 1 })
    await observer.publishAsync('der/control/other', '{"p_setpoint_kw":1}', { qos: 1 })
    await until('the live one', () => controls.length === 2)
    assert.deepEqual(controls, [
      ['ev-001', '{"p_setpoint_kw":2}'],
      ['ev-002', '{"p_setpoint_kw":3.5}'],
    ])
  })

  for (const oneConnection of [false, true])
    it(`a command reaches its device alone, ${oneConnection ? 'over the one connection' : 'over its own connection'}`, async () => {
      await observer.publishAsync('grid/commands/ev-001', 'kept', { qos: 1, retain: true })
      fleet = fleetOf(oneConnection)
      await fleet.connect()
      await until('the retained one', () => commands.length === 1)
      for (const deviceId of ['other', 'meter-001', 'sw-001'])
        await observer.publishAsync(`grid/commands/${deviceId}`, deviceId, { qos: 1 })
      await until('the live ones', () => commands.length === 3)
      assert.deepEqual(commands, [
        ['ev-001', 'kept', true],
        ['meter-001', 'meter-001', false],
        ['sw-001', 'sw-001', false],
      ])
      const [, status] = presence('online').find(([topic]) => topic === 'grid/status/sw-001')!
      assert.deepEqual(JSON.parse(status).capabilities, ['telemetry', 'events', 'commands', 'ledger'])
    })

  it('readings made while the broker is away arrive when it is back, and retained states are said again', async () => {
    fleet = fleetOf()
    fleet.publish('sw-001', { topic: 'grid/switches/sw-001/state', payload: 'closed', retain: true })
    await fleet.connect()
    await until('state', () => heard.some(([, payload]) => payload === 'closed'))
    await broker.stop()
    await until('loss', () => lines.some((line) => line.includes('is away')))
    for (let n = 0; n < 3; n++) {
      fleet.publish('meter-001', { topic: 'grid/meters/meter-001/readings', payload: `kept ${n}`, retain: false })
    }
    heard = []
    await broker.start()
    await until(
      'queued readings and the state',
      () => heard.filter(([, payload]) => /kept|closed/.test(payload)).length >= 4,
      15_000,
    )
    const kept = heard.map(([, payload]) => payload).filter((payload) => payload.startsWith('kept'))
    assert.deepEqual(kept, ['kept 0', 'kept 1', 'kept 2'])
    await until('report', () => lines.some((line) => /8 devices connected .* after \d+ s/.test(line)), 15_000)
  }).timeout(30_000)

  it('a field with a time of its own says it first at each connection, as it is then', async () => {
    let second = 0
    const clock = () => ({ topic: 'sim/clock', payload: String(second), retain: true })
    await observer.subscribeAsync('sim/clock', { qos: 1 })
    fleet = fleetOf(true, clock)
    fleet.publishAsGateway({ topic: 'sim/clock', payload: 'an old one', retain: true })
    await fleet.connect()
    await until('all online', () => presence('online').length === devices + 1)
    assert.deepEqual([heard[0], heard.filter(([topic]) => topic === 'sim/clock').length], [['sim/clock', '0'], 2])
    heard = []
    second = 9
    for (const socket of broker.sockets) if (socket.remotePort !== portOf(observer)) socket.destroy()
    await until('all online again', () => presence('online').length === devices + 1)
    assert.deepEqual(
      heard.filter(([topic]) => topic === 'sim/clock'),
      [['sim/clock', '9']],
    )
  }).timeout(15_000)

  it('settles when the broker has acknowledged everything, and at once without a broker', async () => {
    fleet = fleetOf()
    fleet.publish('meter-001', { topic: 'grid/meters/meter-001/readings', payload: '1', retain: false })
    assert.equal(fleet.backlog, 1)
    assert.equal(await fleet.settle(5_000), false)
    await fleet.connect()
    await until('connections', () => fleet.connected)
    assert.equal(await fleet.settle(5_000), true)
    assert.equal(fleet.acknowledged, 1)
  })

  it('one connection carries all devices and their presence', async () => {
    fleet = fleetOf(true)
    await fleet.connect()
    await until('all online', () => presence('online').length === devices + 1)
    assert.equal(broker.sockets.size, 2)
    await observer.publishAsync('der/control/ev-002', '{"p_setpoint_kw":3.5}', { qos: 1 })
    await until('control', () => controls.length === 1)
    for (const socket of broker.sockets) if (socket.remotePort !== portOf(observer)) socket.destroy()
    await until('Last Will', () => presence('offline').length === 1)
    assert.equal(presence('offline')[0]?.[0], 'grid/status/sim-gateway')
  })
})

describe('a connection without a broker', () => {
  it('keeps the newest messages, counts the others, and closes at once', async () => {
    const lost: string[] = []
    const connection = new Connection({
      // a discarded port of loopback, where nobody listens
      broker: { url: 'mqtt://127.0.0.1:9' },
      clientId: 'sim-x',
      lastWill: { topic: 'grid/status/x', payload: '{}', retain: true },
      topics: [],
      greetings: () => [],
      queueLimit: 5,
      draw: drawOf(1, 'x'),
      onMessage: () => undefined,
      onConnected: () => undefined,
      onLost: (reason) => lost.push(reason),
      onOverflow: () => undefined,
      onRefused: () => undefined,
    })
    connection.open()
    for (let n = 0; n < 12; n++) connection.publish({ topic: 'x', payload: String(n), retain: false })
    assert.equal(connection.takeDropped(), 7)
    assert.equal(connection.takeDropped(), 0)
    await until('loss', () => lost.length > 0)
    assert.match(lost[0]!, /ECONNREFUSED/)
    const began = Date.now()
    await connection.close([], 1500)
    assert.ok(Date.now() - began < 500)
  })

  it('waits from 1 s up to 30 s, not in step with others', () => {
    const draw = drawOf(1, 'x')
    const delays = Array.from({ length: 12 }, (_, attempt) => retryDelayMs(attempt, draw))
    assert.ok(delays.every((delay) => delay >= 1000 && delay <= 30_000))
    assert.ok(delays[0]! < 1300 && delays[3]! >= 6000 && delays[3]! <= 10_000 && delays[11]! >= 22_500)
    assert.notEqual(retryDelayMs(3, drawOf(1, 'a')), retryDelayMs(3, drawOf(1, 'b')))
  })
})

function portOf(client: MqttClient): number | undefined {
  return (client.stream as Socket).localPort
}
