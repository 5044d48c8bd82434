import assert from 'node:assert/strict'
import { effectScope } from 'vue'
import type { Socket, SocketEvent } from '../../../../platform/wire/live-client.ts'
import { LiveStore } from './live-store.ts'

/** A server of the live stream that says what a test has it say. */
class FakeSocket implements Socket {
  readonly said: { type: string; topic?: string; ref?: number }[] = []
  readonly #listeners = new Map<string, (event: SocketEvent) => void>()
  addEventListener(type: string, listener: (event: SocketEvent) => void): void {
    this.#listeners.set(type, listener)
  }
  send(text: string): void {
    this.said.push(JSON.parse(text) as FakeSocket['said'][number])
  }
  close(): void {
    this.#listeners.get('close')?.({ code: 1000, reason: '' })
  }
  tell(message: object): void {
    this.#listeners.get('message')?.({ data: JSON.stringify(message) })
  }
  welcome(): void {
    this.#listeners.get('open')?.({})
    this.tell({ type: 'welcome', protocol: 1, topics: ['alarms'], heartbeatMs: 15_000 })
  }
  snapshot(topic: string, set: object): void {
    const { ref } = this.said.findLast((message) => message.topic === topic)!
    this.tell({ type: 'subscribed', topic, ref, next: 'snapshot', maxHz: 1 })
    this.tell({ type: 'snapshot', topic, epoch: 'e', from: 0, to: 1, piece: 0, last: true, set, removed: [] })
  }
}

describe('the live stream of a page', () => {
  let socket: FakeSocket
  let store: LiveStore
  beforeEach(() => {
    socket = new FakeSocket()
    store = new LiveStore(() => socket)
    socket.welcome()
  })
  afterEach(() => store.close())
  const asked = (): string[] => socket.said.map(({ type, topic }) => `${type} ${topic}`)

  it('shows a topic as it changes, each time as a new object', () => {
    const scope = effectScope()
    const view = scope.run(() => store.follow('alarms'))!
    const before = view.value
    assert.equal(before.isKnown, false)
    socket.snapshot('alarms', { 7: { alarmId: 7 } })
    assert.equal(view.value.isKnown, true)
    assert.notEqual(view.value, before)
    assert.deepEqual([...view.value.values.keys()], ['7'])
    scope.stop()
  })

  it('subscribes once for all that read a topic, and leaves it with the last', () => {
    const [one, other] = [effectScope(), effectScope()]
    const first = one.run(() => store.follow('alarms'))
    const second = other.run(() => store.follow('alarms'))
    assert.equal(first, second)
    one.stop()
    assert.deepEqual(asked(), ['subscribe alarms'])
    other.stop()
    assert.deepEqual(asked(), ['subscribe alarms', 'unsubscribe alarms'])
  })

  it('refuses to follow one topic in two ways', () => {
    const scope = effectScope()
    scope.run(() => {
      store.follow('devices', { filter: { feederId: 'f1' } })
      assert.throws(() => store.follow('devices'), /devices is followed with .*f1.* already, not with \{\}/)
    })
    scope.stop()
  })
})
