import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it } from 'mocha'
import { OpenConnections } from './open-connections.ts'

describe('OpenConnections', () => {
  let now = 1_000
  let open: OpenConnections
  let closed: string[]
  beforeEach(() => {
    now = 1_000
    closed = []
    open = new OpenConnections({ now: () => now })
  })
  afterEach(() => open.end())

  const hold = (name: string, sessionId: string, until = 9_000): (() => void) => {
    const release = open.hold({ sessionId }, until, () => {
      closed.push(name)
      release()
    })
    return release
  }

  it('closes all of a session, and none of another', () => {
    hold('dashboard', 'a')
    hold('editor', 'a')
    hold('stream', 'b')
    open.closeSession('a')
    assert.deepEqual(closed, ['dashboard', 'editor'])
    assert.equal(open.size, 1)
    open.closeSession('unknown')
    assert.equal(open.size, 1)
  })

  it('closes what has come to its time, and leaves the rest', () => {
    hold('short', 'a', 2_000)
    hold('long', 'a', 3_000)
    now = 1_999
    open.closeExpired()
    assert.deepEqual(closed, [])
    now = 2_000
    open.closeExpired()
    assert.deepEqual(closed, ['short'])
  })

  it('forgets what was closed by somebody else', () => {
    const release = hold('dashboard', 'a')
    release()
    release()
    assert.equal(open.size, 0)
    open.closeSession('a')
    assert.deepEqual(closed, [])
  })

  it('looks by itself for what has come to its time', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    open.hold({ sessionId: 'a' }, 500, resolve)
    await promise
  })
})
