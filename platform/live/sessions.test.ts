import assert from 'node:assert/strict'
import { Ajv } from 'ajv'
import { beforeEach, describe, it } from 'mocha'
import type { Identity } from '../access/identity.ts'
import { closeCodes } from '../wire/live-close.ts'
import * as wire from '../wire/live.ts'
import type { LiveDevice, Piece, ServerMessage } from '../wire/live.ts'
import { Hub } from './hub.ts'
import { drainMs, type Peer, type Session, Sessions, tickMs } from './sessions.ts'

const schemas = {
  welcome: wire.Welcome,
  subscribed: wire.Subscribed,
  unsubscribed: wire.Unsubscribed,
  snapshot: wire.Snapshot,
  delta: wire.Delta,
  heartbeat: wire.Heartbeat,
  error: wire.Refusal,
}
const ajv = new Ajv({ strict: true, formats: { 'date-time': true } })
const checks = new Map(Object.entries(schemas).map(([type, schema]) => [type, ajv.compile(schema)]))
const checkDevice = ajv.compile(wire.LiveDevice)

class TestPeer implements Peer {
  waitingBytes = 0
  readonly data: (Buffer | string)[] = []
  closed: [code: number, reason: string] | undefined

  send(data: Buffer | string): void {
    assert.equal(this.closed, undefined, 'nothing is sent to who was sent away')
    this.data.push(data)
  }
  close(code: number, reason: string): void {
    this.closed = [code, reason]
  }
  /** What came since it was last asked. */
  messages(): ServerMessage[] {
    return this.data.splice(0).map((data) => {
      const message = JSON.parse(data.toString()) as ServerMessage
      const check = checks.get(message.type)!
      assert.ok(check(message), `${message.type}: ${ajv.errorsText(check.errors)}`)
      return message
    })
  }
  pieces(): Piece[] {
    return this.messages().filter((message) => message.type === 'snapshot' || message.type === 'delta')
  }
}

const ends = { expiresAt: Infinity, sessionEndsAt: Infinity }
const operator: Identity = { username: 'ana', role: 'operator', sessionId: 's-1', ...ends }
const viewer: Identity = { username: 'rui', role: 'viewer', sessionId: 's-2', ...ends }
const meter = (deviceId: string, powerKw: number): LiveDevice => ({
  ...{ deviceId, kind: 'meter', type: 'meter', feederId: 'f-1', priority: null, ofUnit: true },
  ...{ at: '2026-11-21T12:00:00.000Z', receivedAt: '2026-11-21T12:00:01.000Z', quality: 'good', powerKw },
  values: { va_v: 127, p_kw: powerKw },
})

describe('sessions of the live stream', () => {
  let hub: Hub
  let sessions: Sessions
  let now: number
  beforeEach(() => {
    hub = new Hub('e1')
    sessions = new Sessions(hub)
    now = 0
  })
  const open = (identity = operator, until = Infinity): { peer: TestPeer; session: Session } => {
    const peer = new TestPeer()
    return { peer, session: sessions.open(peer, { identity, until, address: '10.0.0.7' }, now) }
  }
  const ticks = (count: number): void => {
    for (let n = 0; n < count; n++) sessions.tick((now += tickMs), now)
  }
  const say = (session: Session, message: object): void => sessions.hear(session, JSON.stringify(message), now)

  it('greet, answer, and send a snapshot, then what changes, as often as was asked for', () => {
    const { peer, session } = open()
    hub.publish('devices', 'm-1', meter('m-1', 1))
    say(session, { type: 'subscribe', topic: 'devices', ref: 7, maxHz: 2 })
    ticks(1)
    const [welcome, subscribed, snapshot] = peer.messages()
    assert.deepEqual(welcome, { type: 'welcome', protocol: 1, topics: [...wire.liveTopics], heartbeatMs: 15_000 })
    assert.deepEqual(subscribed, { type: 'subscribed', topic: 'devices', ref: 7, next: 'snapshot', maxHz: 2 })
    assert.ok(snapshot?.type === 'snapshot' && checkDevice(snapshot.set['m-1']))
    for (let n = 0; n < 20; n++) {
      hub.publish('devices', 'm-1', meter('m-1', n))
      ticks(1)
    }
    const deltas = peer.pieces()
    assert.equal(deltas.length, 4)
    assert.deepEqual(
      deltas.map(({ from }) => from),
      [1, ...deltas.slice(0, -1).map(({ to }) => to)],
    )
    assert.deepEqual(deltas.at(-1)!.set['m-1'], meter('m-1', 18))
    ticks(10)
    peer.messages()
    ticks(50)
    assert.deepEqual(peer.pieces(), [], 'nothing has changed')
  })

  it('never send more often than was asked for, where the beat does not fit', () => {
    const { peer, session } = open()
    say(session, { type: 'subscribe', topic: 'alarms', maxHz: 3 })
    const subscribed = peer.messages()[1]
    assert.ok(subscribed?.type === 'subscribed' && subscribed.maxHz === 2.5)
  })

  it('make a message once for all who are equally far', () => {
    const peers = Array.from({ length: 5 }, () => {
      const { peer, session } = open()
      say(session, { type: 'subscribe', topic: 'devices', maxHz: 10, filter: { feederId: 'f-1' } })
      return peer
    })
    ticks(1)
    for (const peer of peers) peer.messages()
    hub.publish('devices', 'm-1', meter('m-1', 1))
    ticks(1)
    assert.equal(new Set(peers.map(({ data }) => data[0])).size, 1)
  })

  it('let a viewer see no consumption of a unit, in a sequence of its own', () => {
    hub.publish('devices', 'm-1', meter('m-1', 3))
    const [full, reduced] = [operator, viewer].map((identity) => {
      const { peer, session } = open(identity)
      say(session, { type: 'subscribe', topic: 'devices' })
      ticks(1)
      return peer.pieces()[0]!
    })
    assert.equal((full!.set['m-1'] as LiveDevice).powerKw, 3)
    const { powerKw, values } = reduced!.set['m-1'] as LiveDevice
    assert.deepEqual([powerKw, values], [null, { va_v: 127 }])
    const { session, peer } = open(viewer)
    say(session, { type: 'subscribe', topic: 'devices', resume: { epoch: full!.epoch, version: full!.to } })
    ticks(1)
    assert.equal(peer.pieces()[0]!.type, 'snapshot', 'a role that was changed does not resume')
  })

  it('show what is personal only once it is written down who sees it', async () => {
    const recorded: unknown[] = []
    let write: (() => void) | undefined
    sessions = new Sessions(hub, {
      recordPersonal: ({ identity, address }, topic, filter) =>
        new Promise((resolve) => {
          recorded.push([identity.username, address, topic, filter])
          write = resolve
        }),
    })
    hub.publish('devices', 'm-1', meter('m-1', 3))
    const { peer, session } = open()
    const without = open(viewer)
    say(session, { type: 'subscribe', topic: 'devices', filter: { feederId: 'f-1' } })
    say(session, { type: 'subscribe', topic: 'feeders' })
    say(without.session, { type: 'subscribe', topic: 'devices' })
    ticks(20)
    assert.deepEqual(recorded, [['ana', '10.0.0.7', 'devices', { feederId: 'f-1' }]])
    assert.deepEqual(
      peer.pieces().map(({ topic }) => topic),
      ['feeders'],
    )
    assert.equal(without.peer.pieces().length, 1)
    write!()
    await Promise.resolve()
    ticks(1)
    assert.equal((peer.pieces()[0]!.set['m-1'] as LiveDevice).powerKw, 3)
  })

  it('go on from where a client was, or send a new snapshot where that is not possible', () => {
    for (const n of [1, 2, 3]) hub.publish('devices', `m-${n}`, meter(`m-${n}`, n))
    const answerTo = (resume: object): Piece | undefined => {
      const { peer, session } = open()
      say(session, { type: 'subscribe', topic: 'devices', maxHz: 10, resume })
      ticks(1)
      return peer.pieces()[0]
    }
    const { type, from, set } = answerTo({ epoch: 'e1', version: 2 })!
    assert.deepEqual([type, from, Object.keys(set)], ['delta', 2, ['m-3']])
    assert.equal(answerTo({ epoch: 'e1', version: 3 }), undefined)
    for (const resume of [
      { epoch: 'e0', version: 2 },
      { epoch: 'e1', version: 4 },
    ])
      assert.equal(answerTo(resume)!.type, 'snapshot')
  })

  it('send nothing to a client that has not taken the last message, and then all that happened at once', () => {
    const { peer, session } = open()
    say(session, { type: 'subscribe', topic: 'devices', maxHz: 10 })
    ticks(1)
    peer.messages()
    peer.waitingBytes = 1
    for (let n = 0; n < 40; n++) {
      hub.publish('devices', `m-${n % 3}`, meter(`m-${n % 3}`, n))
      ticks(1)
    }
    assert.deepEqual(peer.messages(), [])
    peer.waitingBytes = 0
    ticks(1)
    const [delta] = peer.pieces()
    assert.deepEqual([delta!.from, delta!.to, Object.keys(delta!.set).length], [0, 40, 3])
    assert.equal((delta!.set['m-0'] as LiveDevice).powerKw, 39)
  })

  it('drop a client that takes nothing for ten seconds, and say so', () => {
    const { peer } = open()
    const other = open()
    peer.waitingBytes = 100
    ticks(drainMs / tickMs)
    assert.equal(peer.closed, undefined)
    ticks(1)
    assert.deepEqual(peer.closed, [closeCodes.tooSlow, 'took nothing for 10 s'])
    assert.equal(other.peer.closed, undefined)
    const { clients, droppedSlow, connected } = sessions.counts
    assert.deepEqual([clients, droppedSlow, connected], [1, 1, 2])
  })

  it('refuse in a line what they do not know, and go on', () => {
    const { peer, session } = open()
    say(session, { type: 'subscribe', topic: 'weather', ref: 3 })
    const detail =
      'topic: "weather" is none of devices, feeders, voltage, interruptions, continuity, alarms, commands, control, solar'
    assert.deepEqual(peer.messages()[1], { type: 'error', code: 'unknown_topic', detail, ref: 3 })
    say(session, { type: 'subscribe', topic: 'commands' })
    ticks(1)
    assert.equal(peer.pieces()[0]?.type, 'snapshot')
    say(session, { type: 'unsubscribe', topic: 'commands', ref: 9 })
    assert.deepEqual(peer.messages(), [{ type: 'unsubscribed', topic: 'commands', ref: 9 }])
    hub.publish('commands', 'a-1', {} as never)
    ticks(20)
    assert.deepEqual(peer.messages(), [])
  })

  it('send away who says too much', () => {
    const { peer, session } = open()
    for (let n = 0; n < 40; n++) sessions.hear(session, '{}', now)
    assert.equal(peer.closed?.[0], closeCodes.tooManyMessages)
  })

  it('end with the login, or with the token', () => {
    const [first, second] = [open(), open(viewer)]
    sessions.end(({ sessionId }) => sessionId === 's-2', closeCodes.sessionEnded, 'the login has ended')
    assert.deepEqual(second.peer.closed, [4401, 'the login has ended'])
    assert.equal(first.peer.closed, undefined)
    const third = open(operator, 250)
    ticks(2)
    assert.equal(third.peer.closed, undefined)
    ticks(1)
    assert.equal(third.peer.closed?.[0], closeCodes.comeAgain)
    assert.equal(sessions.counts.endedLogins, 2)
  })

  it('say every fifteen seconds that they are there, and what they have sent', () => {
    const { peer, session } = open()
    hub.publish('commands', 'a-1', {} as never)
    say(session, { type: 'subscribe', topic: 'commands' })
    ticks(1)
    peer.messages()
    ticks(300)
    const heartbeat = { type: 'heartbeat', versions: { commands: 1 } }
    assert.deepEqual(peer.messages(), [heartbeat, heartbeat])
  })
})
