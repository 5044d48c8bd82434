import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'mocha'
import { useDatabase } from '../storage/test-database.ts'
import { holdFailures, writeFailures } from './login-failure-repository.ts'
import { beginAttempt, forgiveAttempt, LoginDelayed, tidyFailures, withdrawAttempt } from './login-limit.ts'

const now = Date.UTC(2026, 10, 21, 12)
const here = '192.0.2.1'

describe('the limit of logins', () => {
  const test = useDatabase()
  beforeEach(() => test.database.query('delete from login_failure'))
  const attempt = (username = 'ana', address = here, at = now) => beginAttempt(test.database, username, address, at)
  const counts = async (): Promise<number[]> =>
    (await test.database.query<{ n: number }>('select failures as n from login_failure order by 1')).map(({ n }) => n)

  it('counts an attempt by pair, user and address until it is forgiven', async () => {
    const first = await attempt()
    assert.deepEqual(await counts(), [1, 1, 1])
    await attempt('ANA')
    assert.deepEqual(await counts(), [2, 2, 2])
    await forgiveAttempt(test.database, first)
    assert.deepEqual(await counts(), [1, 1])
  })

  it('counts an attempt whose password was never looked at as none', async () => {
    await attempt()
    await withdrawAttempt(test.database, await attempt())
    assert.deepEqual(await counts(), [1, 1, 1])
  })

  it('says how long to wait, and counts no attempt meanwhile', async () => {
    for (let failed = 0; failed < 5; failed++) await attempt('ana', here, now + failed * 10_000)
    const before = await counts()
    const at = now + 4 * 10_000 + 500
    await assert.rejects(
      attempt('ana', here, at),
      (error: unknown) => error instanceof LoginDelayed && error.retryAfterMs === 1_500,
    )
    assert.deepEqual(await counts(), before)
    await attempt('ana', here, at + 1_500)
  })

  it('forgets what no longer counts', async () => {
    await attempt()
    await tidyFailures(test.database, now + 60 * 60_000)
    assert.equal((await counts()).length, 3)
    await tidyFailures(test.database, now + 60 * 60_000 + 1)
    assert.equal((await counts()).length, 0)
  })

  it('holds what it counts until it is written: of two at once one waits for the other', async () => {
    const key = Buffer.from('key')
    const add = (): Promise<void> =>
      test.database.transaction(async (client) => {
        const { count } = (await holdFailures(client, [key])).get(key.toString('hex'))!
        await writeFailures(client, [[key, count + 1]], now)
      })
    await Promise.all([add(), add(), add(), add()])
    assert.deepEqual(await counts(), [4])
  })
})
