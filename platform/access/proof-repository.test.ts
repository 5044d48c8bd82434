import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { useDatabase } from '../storage/test-database.ts'
import { forgetProofs, redeemOnce } from './proof-repository.ts'

describe('proofs that were used', () => {
  const test = useDatabase()
  const expiresAt = Date.UTC(2026, 10, 21, 12)

  it('are used once, whoever asks at the same time', async () => {
    const id = randomUUID()
    const asked = await Promise.all([1, 2, 3, 4].map(() => redeemOnce(test.database, id, expiresAt)))
    assert.equal(asked.filter(Boolean).length, 1)
    assert.ok(await redeemOnce(test.database, randomUUID(), expiresAt))
  })

  it('are remembered until they would have expired', async () => {
    const id = randomUUID()
    await redeemOnce(test.database, id, expiresAt)
    await forgetProofs(test.database, expiresAt)
    assert.ok(!(await redeemOnce(test.database, id, expiresAt)))
    await forgetProofs(test.database, expiresAt + 1)
    assert.equal((await test.database.query('select from redeemed_proof')).length, 0)
  })
})
