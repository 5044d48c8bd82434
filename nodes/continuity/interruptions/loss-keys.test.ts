import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { keyOfLoss } from '../domain/event-roots.ts'
import { entryOfKey, interruptionOfKey, keyOfEntry, keyOfInterruption, keyOfMeterLoss, lossOfKey } from './loss-keys.ts'

describe('what losses are called by', () => {
  const takenAt = 1_774_000_000_123

  it('says what it is of', () => {
    assert.equal(entryOfKey(keyOfEntry(7)), 7)
    assert.equal(interruptionOfKey(keyOfInterruption(8)), 8)
    const loss = { elementId: 'sw-12', takenAt }
    assert.deepEqual(lossOfKey(keyOfLoss(loss)), loss)
  })

  it('is never taken for another, whatever switches are called', () => {
    for (const elementId of ['entry:7', 'interruption:8', 'meter:unit:u-1', 'entry-7']) {
      const key = keyOfLoss({ elementId, takenAt })
      assert.deepEqual([entryOfKey(key), interruptionOfKey(key)], [undefined, undefined])
      assert.notEqual(key, keyOfMeterLoss({ element: { kind: 'unit', id: 'u-1' }, takenAt }))
    }
    assert.equal(entryOfKey(keyOfInterruption(8)), undefined)
    assert.equal(interruptionOfKey(keyOfEntry(7)), undefined)
  })
})
