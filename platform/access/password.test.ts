import assert from 'node:assert/strict'
import { hash } from 'bcryptjs'
import { bcryptCostOf, hashPassword, isOwnHash, passwordFits } from './password.ts'
import { TooBusy } from './turns.ts'
import { faultOfHash } from './user-entries.ts'

describe('passwords', function () {
  // what is meant to take long, 68 times
  this.timeout(90_000)

  it('are kept as hashes with a salt, and fit theirs only', async () => {
    const [one, other] = await Promise.all([hashPassword('Correct-Horse-7'), hashPassword('Correct-Horse-7')])
    assert.notEqual(one, other)
    assert.ok(isOwnHash(one) && faultOfHash(one) === undefined && !one.includes('Horse'))
    assert.ok(await passwordFits('Correct-Horse-7', one))
    for (const wrong of ['correct-horse-7', '', 'Correct-Horse-7 ']) assert.ok(!(await passwordFits(wrong, one)))
  })

  it('fit hashes of bcrypt, whoever made them', async () => {
    const kept = await hash('Correct-Horse-7', 10)
    assert.equal(bcryptCostOf(kept), 10)
    for (const cost of [0, 10]) {
      assert.ok(await passwordFits('Correct-Horse-7', kept, cost))
      assert.ok(await passwordFits('Correct-Horse-7', kept.replace(/^\$2b/, '$2y'), cost))
      assert.ok(!(await passwordFits('correct-horse-7', kept, cost)))
    }
  })

  it('fit nobody who does not exist, with bcrypt in use or not', async () => {
    for (const cost of [0, 10]) assert.ok(!(await passwordFits('Correct-Horse-7', undefined, cost)))
  })

  it('are looked at two at a time, those of nobody too, and of too many some are refused', async () => {
    const someone = await hashPassword('Correct-Horse-7')
    const asked = Array.from({ length: 68 }, (_, index) => passwordFits('x', index % 2 === 0 ? undefined : someone))
    const refused = (await Promise.allSettled(asked)).filter(({ status }) => status === 'rejected')
    // Who waits 67th finds the row full, known or not: the same work is done for both.
    assert.deepEqual(
      refused.map((each) => (each as PromiseRejectedResult).reason instanceof TooBusy),
      [true, true],
    )
  })
})
