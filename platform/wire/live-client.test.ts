import assert from 'node:assert/strict'
import { LiveClient, type LiveStatus, type Socket, type SocketEvent, type Timers } from './live-client.ts'
import { closeCodes } from './live-close.ts'
import type { ClientMessage, Piece, ServerMessage } from './live.ts'

class FakeTimers implements Timers {
  #now = 0
  #timers: { at: number; call: () => void }[] = []

  after(ms: number, call: () => void): () => void {
    const timer = { at: this.#now + ms, call }
    this.#timers.push(timer)
    return () => (this.#timers = this.#timers.filter((one) => one !== timer))
  }
  get running(): number {
    return this.#timers.length
  }
  pass(ms: number): void {
    const until = this.#now + ms
    for (;;) {
      const next = this.#timers.filter(({ at }) => at <= until).toSorted((one, other) => one.at - other.at)[0]
      if (!next) break
      this.#timers = this.#timers.filter((one) => one !== next)
      this.#now = next.at
      next.call()
    }
    this.#now = until
  }
}

class FakeSocket implements Socket {
  readonly said: ClientMessage[] = []
  closedWith: number | undefined
  #listeners = new Map<string, (event: SocketEvent) => void>()

  addEventListener(type: string, listener: (event: SocketEvent) => void): void {
    this.#listeners.set(type, listener)
  }
  send(text: string): void {
    this.said.push(JSON.parse(text) as ClientMessage)
  }
  close(code = 1005): void {
    this.closedWith = code
  }
  hears(message: ServerMessage): void {
    this.#listeners.get('message')?.({ data: JSON.stringify(message) })
  }
  hearsText(data: string): void {
    this.#listeners.get('message')?.({ data })
  }
  ends(code: number, reason = ''): void {
    this.#listeners.get('close')?.({ code, reason })
  }
}

const welcome: ServerMessage = { type: 'welcome', protocol: 1, topics: ['alarms'], heartbeatMs: 15_000 }
const piece = (type: Piece['type'], from: number, to: number, set: Piece['set']): Piece => ({
  ...{ type, topic: 'alarms', epoch: 'e', from, to, piece: 0, last: true, set, removed: [] },
})

describe('the live client', () => {
  let timers: FakeTimers
  let sockets: FakeSocket[]
  let statuses: LiveStatus[]
  let client: LiveClient
  const last = (): FakeSocket => sockets.at(-1)!
  const start = (random = 1): void => {
    timers = new FakeTimers()
    sockets = []
    statuses = []
    client = new LiveClient({
      ...{ timers, random: () => random },
      open: () => {
        sockets.push(new FakeSocket())
        return last()
      },
      onStatus: (status) => statuses.push(status),
    })
  }
  /** The server takes the last subscription. */
  const answer = (next: 'snapshot' | 'deltas'): void => {
    const { ref } = last().said.at(-1)!
    last().hears({ type: 'subscribed', topic: 'alarms', next, maxHz: 1, ref: ref! })
  }
  const begin = (): void => {
    start()
    client.subscribe('alarms', { maxHz: 2, filter: { feederId: 'f-1' } })
    last().hears(welcome)
    answer('snapshot')
    last().hears(piece('snapshot', 0, 4, { 'a-1': { n: 1 } }))
  }

  it('asks for its topics when it is welcome, and has the state', () => {
    begin()
    assert.deepEqual(last().said, [
      { type: 'subscribe', topic: 'alarms', ref: 1, maxHz: 2, filter: { feederId: 'f-1' } },
    ])
    assert.deepEqual([...client.state('alarms')], [['a-1', { n: 1 }]])
    assert.equal(client.version('alarms'), 4)
    assert.equal(client.state('devices').size, 0)
    client.close()
  })

  it('tells what changed', () => {
    begin()
    client.close()
    start()
    const changes: unknown[] = []
    const told = new LiveClient({
      timers,
      open: () => sockets[sockets.push(new FakeSocket()) - 1]!,
      onChange: (change) => changes.push(change),
    })
    last().hears(welcome)
    told.subscribe('alarms')
    answer('snapshot')
    last().hears(piece('snapshot', 0, 4, { 'a-1': {}, 'a-2': {} }))
    last().hears({ ...piece('delta', 4, 6, { 'a-3': {} }), removed: ['a-1'] })
    assert.deepEqual(changes, [
      { topic: 'alarms', set: ['a-1', 'a-2'], removed: [], whole: true },
      { topic: 'alarms', set: ['a-3'], removed: ['a-1'], whole: false },
    ])
    for (const one of [told, client]) one.close()
    assert.equal(timers.running, 0)
  })

  it('keeps what it knows over a drop, comes again, and goes on from there', () => {
    begin()
    last().ends(1006)
    assert.deepEqual(statuses.at(-1), { state: 'waiting', code: 1006, reason: '', retryMs: 500 })
    assert.deepEqual([...client.state('alarms').keys()], ['a-1'])
    timers.pass(499)
    assert.equal(sockets.length, 1)
    timers.pass(1)
    assert.equal(sockets.length, 2)
    last().hears(welcome)
    const [asked] = last().said
    assert.deepEqual(asked?.type === 'subscribe' && asked.resume, { epoch: 'e', version: 4 })
    answer('deltas')
    last().hears(piece('delta', 4, 5, { 'a-2': {} }))
    assert.deepEqual([...client.state('alarms').keys()], ['a-1', 'a-2'])
    client.close()
  })

  it('waits ever longer where it is not taken, by chance and up to half a minute; a good connection makes up for it', () => {
    start()
    const waits: number[] = []
    for (let attempt = 0; attempt < 9; attempt++) {
      last().ends(1006)
      const status = statuses.at(-1)!
      if (status.state === 'waiting') waits.push(status.retryMs)
      timers.pass(waits.at(-1)!)
    }
    assert.deepEqual(waits, [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000])
    const wait = (): number => {
      last().ends(closeCodes.tooSlow)
      const status = statuses.at(-1)!
      const retryMs = status.state === 'waiting' ? status.retryMs : NaN
      timers.pass(retryMs)
      return retryMs
    }
    last().hears(welcome)
    timers.pass(9_000)
    assert.equal(wait(), 30_000, 'dropped at once again')
    last().hears(welcome)
    timers.pass(10_000)
    assert.equal(wait(), 500)
    client.close()
    start(0.25)
    last().ends(1006)
    assert.deepEqual(statuses.at(-1), { state: 'waiting', code: 1006, reason: '', retryMs: 125 })
    client.close()
  })

  it('comes again where a connection cannot even be opened', () => {
    timers = new FakeTimers()
    let attempts = 0
    const live = new LiveClient({
      ...{ timers, random: () => 1 },
      open: () => {
        attempts++
        throw new Error('no such host')
      },
    })
    timers.pass(1_500)
    assert.equal(attempts, 3)
    live.close()
  })

  it('leaves a server that is silent', () => {
    begin()
    timers.pass(19_000)
    last().hears({ type: 'heartbeat', versions: { alarms: 4 } })
    timers.pass(20_000)
    assert.equal(sockets.length, 1)
    timers.pass(21_500)
    assert.equal(sockets[0]!.closedWith, 1000)
    assert.equal(sockets.length, 2)
    client.close()
  })

  it('asks for a snapshot where something is missing, and shows what it has until that is there', () => {
    begin()
    last().hears(piece('delta', 5, 6, { 'a-9': {} }))
    assert.equal(client.gaps, 1)
    const asked = last().said.at(-1)!
    assert.ok(asked.type === 'subscribe' && asked.resume === undefined)
    last().hears(piece('delta', 6, 7, { 'a-9': {} }))
    assert.deepEqual([client.gaps, [...client.state('alarms').keys()]], [1, ['a-1']])
    answer('snapshot')
    last().hears(piece('snapshot', 0, 7, { 'a-9': {} }))
    assert.deepEqual([...client.state('alarms').keys()], ['a-9'])
    client.close()
  })

  it('notices by the heartbeat that the last message is missing', () => {
    begin()
    last().hears({ type: 'heartbeat', versions: { alarms: 4 } })
    assert.equal(client.gaps, 0)
    last().hears({ type: 'heartbeat', versions: { alarms: 5 } })
    assert.equal(client.gaps, 1)
    const asked = last().said.at(-1)!
    assert.ok(asked.type === 'subscribe' && asked.resume === undefined)
    client.close()
  })

  it('takes nothing that belongs to an earlier subscription', () => {
    begin()
    client.subscribe('alarms', { filter: { feederId: 'f-2' } })
    last().hears(piece('delta', 4, 5, { 'a-5': {} }))
    assert.deepEqual([client.state('alarms').size, client.gaps], [0, 0])
    client.unsubscribe('alarms')
    assert.equal(last().said.at(-1)!.type, 'unsubscribe')
    client.close()
  })

  it('does not come again once its login has ended, or it was closed', () => {
    begin()
    last().ends(closeCodes.sessionEnded, 'the login has ended')
    assert.deepEqual(client.status, { state: 'ended', code: 4401, reason: 'the login has ended' })
    timers.pass(600_000)
    assert.deepEqual([sockets.length, timers.running], [1, 0])
    begin()
    client.close()
    timers.pass(600_000)
    assert.deepEqual([sockets.length, timers.running, last().closedWith], [1, 0, 1000])
  })

  it('comes again with a fresh token where its token has expired', () => {
    begin()
    last().ends(closeCodes.comeAgain)
    timers.pass(500)
    assert.equal(sockets.length, 2)
    client.close()
  })

  it('tells of a subscription that is refused, and leaves a server that makes no sense', () => {
    timers = new FakeTimers()
    const refused: unknown[] = []
    const socket = new FakeSocket()
    const live = new LiveClient({ timers, open: () => socket, onRefused: (...how) => refused.push(how) })
    socket.hears(welcome)
    socket.hears({
      type: 'error',
      code: 'not_allowed',
      topic: 'commands',
      detail: 'topic: viewer may not see commands',
    })
    assert.deepEqual(refused, [['commands', 'topic: viewer may not see commands']])
    socket.hearsText('<html>')
    assert.equal(live.status.state, 'waiting')
    live.close()
  })

  it('takes a WebSocket of a browser, of Node or of ws', () => {
    // Checked by the compiler: that of Node is the browser's.
    const open: () => Socket = () => new WebSocket('ws://127.0.0.1:9')
    assert.equal(typeof open, 'function')
  })
})
