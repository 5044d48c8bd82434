import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { Hub } from './hub.ts'

describe('the hub', () => {
  it('keeps the newest value by topic and key', () => {
    const hub = new Hub()
    assert.ok(hub.publish('commands', 'a-1', { severity: 'high' } as never, 200))
    assert.ok(!hub.publish('commands', 'a-1', { severity: 'low' } as never, 100))
    assert.deepEqual([hub.get('commands', 'a-1'), hub.instantOf('commands', 'a-1')], [{ severity: 'high' }, 200])
    assert.deepEqual([hub.get('devices', 'a-1'), hub.instantOf('devices', 'a-1')], [undefined, undefined])
    assert.deepEqual([...hub.values('commands')], [{ severity: 'high' }])
    assert.ok(hub.remove('commands', 'a-1'))
    assert.deepEqual([...hub.values('commands')], [])
  })

  it('takes every value of what has no instant', () => {
    const hub = new Hub()
    for (const n of [1, 2, 3]) assert.ok(hub.publish('commands', 'c-1', { n } as never))
    assert.deepEqual(hub.get('commands', 'c-1'), { n: 3 })
  })

  it('is another sequence after each start', () => assert.notEqual(new Hub().epoch, new Hub().epoch))
})
