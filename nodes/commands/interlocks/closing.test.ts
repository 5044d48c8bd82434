import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { closingOf } from './closing.ts'
import { field, intended } from './surroundings.fixture.ts'

describe('what a command joins', () => {
  const sections = (type: 'close' | 'open', id: string, closed: Record<string, string>) => {
    const closing = closingOf(intended(type, id), field({ closed }))
    return closing && { joined: [...closing.joined.keys()].toSorted().join(' '), isSupplied: closing.isSupplied }
  }

  it('is all that hangs together with both sides, with supply where some of it has any', () => {
    assert.deepEqual(sections('close', 'tie', {}), { joined: 'a1 a2 a3 b1 b2', isSupplied: true })
    assert.deepEqual(sections('close', 'tie', { 'sw-a': '', 'sw-b': '' }), { joined: 'a2 a3 b2', isSupplied: false })
    assert.deepEqual(sections('close', 'src-b', { 'src-b': '' }), { joined: 'b1 b2', isSupplied: true })
  })
  it('is nothing of what opens, or is no switch and no source', () => {
    assert.equal(sections('open', 'tie', {}), undefined)
    assert.equal(sections('close', 'es-a2', {}), undefined)
    assert.equal(sections('close', 'm-1', {}), undefined)
  })
})
