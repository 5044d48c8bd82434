import assert from 'node:assert/strict'
import { defaultRules } from './rules.ts'

describe('the intake rules', () => {
  it('by default: 5 minutes ahead, 35 days old, late after a minute, 256 KiB and 5,000 objects', () => {
    assert.deepEqual(defaultRules, {
      maxAheadMs: 300_000,
      maxAgeMs: 3_024_000_000,
      lateAfterMs: 60_000,
      maxPayloadBytes: 262_144,
      maxItems: 5_000,
    })
  })
})
