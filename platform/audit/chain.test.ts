import assert from 'node:assert/strict'
import { sha256Of } from '../storage/canonical-json.ts'
import { entered } from './chain.fixture.ts'
import { breakAt, hashOf, noHead, type AuditEntry, type Head } from './chain.ts'

function firstBreak(entries: readonly AuditEntry[]) {
  let head: Head = noHead
  for (const entry of entries) {
    const found = breakAt(head, entry)
    if (found) return { kind: found.kind, seq: found.seq }
    head = entry
  }
  return undefined
}

/** As whoever knows how hashes are made would hide a change of one entry. */
const rehashed = (entry: AuditEntry): AuditEntry => ({ ...entry, hash: hashOf(entry) })

describe('a chain of entries', () => {
  const [one, two, three, four] = entered('a', 'b', 'c', 'd') as [AuditEntry, AuditEntry, AuditEntry, AuditEntry]

  it('holds as it was entered', () => assert.equal(firstBreak([one, two, three, four]), undefined))
  it('holds without content that was let go of', () =>
    assert.equal(firstBreak([one, { ...two, content: null }, three]), undefined))

  it('tells of an entry that is missing', () => {
    assert.deepEqual(firstBreak([one, three, four]), { kind: 'missing', seq: 2 })
    assert.deepEqual(firstBreak([two, three]), { kind: 'missing', seq: 1 })
  })
  it('tells of an entry that is missing, where the rest moved up', () =>
    assert.deepEqual(firstBreak([one, { ...three, seq: 2 }]), { kind: 'reordered', seq: 2 }))
  it('tells of two entries that changed places', () =>
    assert.deepEqual(firstBreak([one, { ...three, seq: 2 }, { ...two, seq: 3 }, four]), { kind: 'reordered', seq: 2 }))

  for (const [field, value] of [
    ['content', 'x'],
    ['at', '2026-11-21T12:00:01.000001Z'],
    ['source', 'alarms'],
    ['table', 'alarm_action'],
    ['contentHash', sha256Of('x')],
    ['hash', sha256Of('x')],
  ] as const)
    it(`tells of an entry whose ${field} was edited`, () =>
      assert.deepEqual(firstBreak([one, { ...two, [field]: value }, three]), { kind: 'edited', seq: 2 }))

  it('tells of an entry that was replaced by one with a hash that fits', () => {
    const false_ = rehashed({ ...two, content: 'x', contentHash: sha256Of('x') })
    assert.deepEqual(firstBreak([one, false_, three]), { kind: 'replaced', seq: 2 })
  })
  it('tells of a first entry that was none', () =>
    assert.deepEqual(firstBreak([rehashed({ ...two, seq: 1 })]), { kind: 'replaced', seq: 1 }))
})
