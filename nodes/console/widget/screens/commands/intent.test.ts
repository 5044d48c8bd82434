import assert from 'node:assert/strict'
import { acceptedCommand, draft, emptyShelf } from './intent.fixture.ts'
import { cameOf, type Intent, IntentKeeper, newKey, requestOf } from './intent.ts'

const intent: Intent = {
  request: requestOf(draft, 'console-1', '2026-11-22T12:10:00.000Z'),
  ...{ requestHash: 'a'.repeat(64), needsProof: true },
}

describe('what somebody has decided to send', () => {
  it('has a key that no other one has, made of what any browser can', () => {
    const keys = new Set(Array.from({ length: 100 }, () => newKey()))
    assert.equal(keys.size, 100)
    for (const key of keys) assert.match(key, /^console-[0-9a-f]{32}$/)
  })

  it('says for how long it is good until it is known until when', () => {
    const before = requestOf(draft, 'console-1')
    assert.deepEqual([before.expiresInSeconds, before.expiresAt], [600, undefined])
    assert.deepEqual(
      [intent.request.expiresInSeconds, intent.request.expiresAt],
      [undefined, '2026-11-22T12:10:00.000Z'],
    )
    assert.ok(!('reason' in requestOf({ ...draft, reason: '  ' }, 'console-1')))
  })

  it('is found again among what was accepted, and nothing else is taken for it', () => {
    assert.equal(cameOf(intent, [acceptedCommand]), acceptedCommand)
    assert.equal(cameOf(intent, [{ ...acceptedCommand, reason: null }])?.commandId, 'c-1')
    for (const other of [
      { expiresAt: '2026-11-22T12:10:00.001Z' },
      { type: 'close' as const },
      { deviceId: 'sw-002' },
      { reason: 'Works at pole 18' },
    ])
      assert.equal(cameOf(intent, [{ ...acceptedCommand, ...other }]), undefined)
  })

  it('is kept over a reload of the page, for its user alone', () => {
    const shelf = emptyShelf()
    new IntentKeeper(shelf, 'operator').keep(intent)
    assert.deepEqual(new IntentKeeper(shelf, 'operator').kept, intent)
    assert.equal(new IntentKeeper(shelf, 'engineer').kept, undefined)
    new IntentKeeper(shelf, 'operator').forget()
    assert.equal(new IntentKeeper(shelf, 'operator').kept, undefined)
  })
})
