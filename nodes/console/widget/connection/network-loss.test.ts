import assert from 'node:assert/strict'
import type { Socket, SocketEvent } from '../../../../platform/wire/live-client.ts'
import { closingOnLoss } from './network-loss.ts'

describe('a connection whose machine loses its network', () => {
  it('is closed at once, and once: what has ended listens no more', () => {
    const listeners: ((event: SocketEvent) => void)[] = []
    let closed = 0
    const socket: Socket = {
      addEventListener: (type, listener) => type === 'close' && listeners.push(listener),
      send: () => undefined,
      close: () => void (closed += 1),
    }
    const news = new EventTarget()
    assert.equal(closingOnLoss(socket, news), socket)
    assert.equal(closed, 0)
    news.dispatchEvent(new Event('offline'))
    assert.equal(closed, 1)
    for (const listener of listeners) listener({ type: 'close' })
    news.dispatchEvent(new Event('offline'))
    assert.equal(closed, 1)
  })
})
