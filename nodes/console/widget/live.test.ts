import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import { calmOverview } from '../overview.fixture.ts'
import { type DashboardSocket, type DataTracker, followOverview, type Live } from './live.ts'
import { mountUnseen } from './mounting.fixture.ts'

class FakeSocket extends EventEmitter implements DashboardSocket {
  connected = true
  disconnect(): void {
    this.connected = false
  }
}

describe('followOverview', () => {
  let socket: FakeSocket
  let asked: string[]
  let send: Parameters<DataTracker>[1]
  let load: Parameters<DataTracker>[2]
  let live: Live
  let takeDown: () => void

  const mount = (widgetId: string): void => {
    takeDown = mountUnseen({
      setup() {
        live = followOverview(widgetId, socket, (_id, onInput, onLoad) => {
          send = onInput
          load = onLoad
        })
        return () => null
      },
    })
  }

  beforeEach(function () {
    socket = new FakeSocket()
    asked = []
    socket.on('widget-load', (id: string) => asked.push(id))
    mount(this.currentTest!.title)
  })
  afterEach(() => takeDown())

  const overview = calmOverview(1_760_000_000_000)

  it('asks for the newest overview when it opens', function () {
    assert.deepEqual(asked, [this.test!.title])
    assert.equal(live.overview.value, undefined)
  })

  it('takes what comes live as new, whatever its own time says', () => {
    send({ payload: overview, sentAt: 0 })
    assert.equal(live.overview.value, overview)
    assert.ok(live.ageMs.value < 100)
    assert.equal(live.history.samples.length, 1)
  })

  it('knows the age of what was kept, and leaves old values out of the trace', () => {
    load({ payload: overview, sentAt: Date.now() - 60_000 })
    assert.ok(live.ageMs.value >= 60_000 && live.ageMs.value < 61_000)
    assert.equal(live.history.samples.length, 0)
  })

  it('takes what was kept for new when the clocks disagree the other way', () => {
    load({ payload: overview, sentAt: Date.now() + 60_000 })
    assert.ok(live.ageMs.value < 100)
  })

  it('goes on waiting when nothing was kept', () => {
    load(undefined)
    assert.equal(live.overview.value, undefined)
  })

  it('sees the connection go and come', () => {
    socket.connected = false
    socket.emit('disconnect')
    assert.equal(live.connected.value, false)
    socket.connected = true
    socket.emit('connect')
    assert.equal(live.connected.value, true)
  })

  it('keeps its history while another page is shown, and leaves nothing behind on the socket', () => {
    send({ payload: overview })
    takeDown()
    assert.equal(socket.listenerCount('disconnect') + socket.listenerCount('connect'), 0)
    mount('keeps its history while another page is shown, and leaves nothing behind on the socket')
    assert.equal(live.history.samples.length, 1)
  })
})
