import assert from 'node:assert/strict'
import { expiryChoices } from './expiry.ts'

describe('for how long a command stays good', () => {
  it('is at most what its class allows: a trip ten minutes', () => {
    const choices = expiryChoices({ expiresAfterMs: 30_000, mostExpiresAfterMs: 600_000 })
    assert.deepEqual(choices, [30_000, 60_000, 120_000, 300_000, 600_000])
  })

  it('can be what the class has, also where that is no usual time', () =>
    assert.deepEqual(expiryChoices({ expiresAfterMs: 45_000, mostExpiresAfterMs: 60_000 }), [30_000, 45_000, 60_000]))
})
