import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it } from 'mocha'
import { connectAsync, type MqttClient } from 'mqtt'
import { TestBroker, until } from '../../simulator/broker.fixture.ts'
import { Line, type LineOptions, type Moment, type Passing } from './line.ts'
import type { Fate } from './misbehaviour.ts'

describe('the line between platform and broker', () => {
  const broker = new TestBroker()
  let line: Line
  let platform: MqttClient
  let device: MqttClient
  let fate: Fate
  let cutAt: Moment | undefined
  let seen: string[]
  let later: { topic: string; payload: string; qos: number; afterMs: number }[]
  let heard: string[]

  const watch: LineOptions['watch'] = (moment: Moment, { kind, deviceId }: Passing) => {
    seen.push(`${kind} ${deviceId} ${moment}`)
    return moment === cutAt ? 'cut' : undefined
  }

  beforeEach(async () => {
    ;[fate, cutAt, seen, later, heard] = [{ kind: 'passed' }, undefined, [], [], []]
    await broker.start()
    line = new Line({
      brokerPort: broker.port,
      fate: () => fate,
      watch,
      bringLater: ({ topic, payload, qos }, afterMs) =>
        later.push({ topic, payload: payload.toString(), qos, afterMs }),
    })
    const port = await line.open()
    platform = await connectAsync(`mqtt://127.0.0.1:${port}`, {
      reconnectPeriod: 50,
      clientId: 'platform',
      clean: false,
    })
    device = await connectAsync(broker.url, { reconnectPeriod: 0 })
    for (const client of [platform, device])
      client.on('message', (topic, payload) => heard.push(`${topic} ${payload.toString()}`))
    await device.subscribeAsync('grid/commands/+', { qos: 1 })
    await platform.subscribeAsync(['grid/acks/+', 'grid/status/+'], { qos: 1 })
  })
  afterEach(async () => {
    await platform.endAsync(true)
    await device.endAsync(true)
    await line.close()
    await broker.stop()
    broker.port = 0
  })

  it('passes what it is told to pass, and shows every moment of it', async () => {
    await platform.publishAsync('grid/commands/sw-1', 'open', { qos: 1 })
    await device.publishAsync('grid/acks/sw-1', 'done', { qos: 1 })
    await until('both', () => heard.length === 2)
    await until('the confirmations', () => seen.length === 8)
    assert.deepEqual(heard, ['grid/commands/sw-1 open', 'grid/acks/sw-1 done'])
    const moments = ['arrives', 'passed', 'confirmed', 'confirmation-passed']
    assert.deepEqual(
      seen.toSorted(),
      ['answer', 'command'].flatMap((kind) => moments.map((m) => `${kind} sw-1 ${m}`)).toSorted(),
    )
  })

  it('touches nothing else', async () => {
    fate = { kind: 'dropped', confirmed: true }
    await device.publishAsync('grid/status/sw-1', 'online', { qos: 1 })
    await until('it', () => heard.length === 1)
    assert.deepEqual(seen, [])
  })

  it('drops what its sender believes to have arrived', async () => {
    fate = { kind: 'dropped', confirmed: true }
    await platform.publishAsync('grid/commands/sw-1', 'lost', { qos: 1 })
    fate = { kind: 'passed' }
    await platform.publishAsync('grid/commands/sw-1', 'next', { qos: 1 })
    await until('the next', () => heard.length > 0)
    assert.deepEqual(heard, ['grid/commands/sw-1 next'])
  })

  it('drops without a word: its sender sends it again on its next connection', async () => {
    fate = { kind: 'dropped', confirmed: false }
    const sent = platform.publishAsync('grid/commands/sw-1', 'again', { qos: 1 })
    await until('it arrives', () => seen.length === 1)
    assert.deepEqual(heard, [])
    fate = { kind: 'passed' }
    line.cut()
    await sent
    await until('it', () => heard.length > 0)
    assert.deepEqual(heard, ['grid/commands/sw-1 again'])
  })

  for (const [kind, heardAtOnce] of [
    ['duplicated', ['grid/acks/sw-1 done']],
    ['delayed', []],
  ] as const)
    it(`leaves to others what is ${kind}`, async () => {
      fate = { kind, afterMs: 700 }
      await device.publishAsync('grid/acks/sw-1', 'done', { qos: 1 })
      await until('it is to be brought later', () => later.length === 1)
      await until('the end of it', () => heard.length === heardAtOnce.length)
      assert.deepEqual(
        [later, heard],
        [[{ topic: 'grid/acks/sw-1', payload: 'done', qos: 1, afterMs: 700 }], heardAtOnce],
      )
      fate = { kind: 'dropped', confirmed: true }
      // As it is brought: nobody confirms it.
      await device.publishAsync('grid/acks/sw-1', 'late', { qos: 0 })
      await until('what is brought later', () => heard.includes('grid/acks/sw-1 late'))
    })

  it('loses what is sent once, now or never, too', async () => {
    fate = { kind: 'dropped', confirmed: false }
    await platform.publishAsync('grid/commands/sw-1', 'lost', { qos: 0 })
    await until('it arrives', () => seen.length === 1)
    fate = { kind: 'duplicated', afterMs: 5 }
    await platform.publishAsync('grid/commands/sw-1', 'twice', { qos: 0 })
    await until('it', () => heard.length > 0)
    assert.deepEqual(heard, ['grid/commands/sw-1 twice'])
    assert.deepEqual(later, [{ topic: 'grid/commands/sw-1', payload: 'twice', qos: 0, afterMs: 5 }])
  })

  it('lets an empty message pass', async () => {
    fate = { kind: 'dropped', confirmed: true }
    await platform.publishAsync('grid/commands/probe', '', { qos: 0 })
    await until('it', () => heard.length > 0)
    assert.deepEqual(seen, [])
  })

  for (const [moment, arrivesOnce] of [
    ['arrives', 0],
    ['passed', 1],
  ] as const)
    it(`is cut when a command ${moment}`, async () => {
      cutAt = moment
      const sent = platform.publishAsync('grid/commands/sw-1', 'open', { qos: 1 })
      await until('the moment', () => seen.some((line) => line.endsWith(moment)))
      cutAt = undefined
      await sent
      await until('it comes again', () => heard.length === 1 + arrivesOnce)
      assert.deepEqual(new Set(heard), new Set(['grid/commands/sw-1 open']))
    })
})
