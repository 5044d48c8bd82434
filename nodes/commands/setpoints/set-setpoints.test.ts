import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { seedDers } from './seeded-ders.fixture.ts'
import { setSetpoints } from './set-setpoints.ts'

const now = Date.UTC(2026, 2, 2, 12)
const lease = 'feeders/f-1'

describe('setpoints under a lease', function () {
  this.timeout(60_000)
  const test = useDatabase()
  before(() => seedDers(test.database))

  const set = (token: number | null, powerKw: number, deviceId = 'bat-1', at = now) =>
    setSetpoints(
      test.database,
      [
        {
          ...{ deviceId, powerKw, reason: null, expiresAt: at + 180_000 },
          ...(token !== null && { fencing: { lease, token } }),
        },
      ],
      'node feeder allocate',
      at,
      at,
    )
  const followed = async () =>
    (
      await test.database.query<{ line: string }>(
        `select concat_ws(' ', power_kw, fencing_token) as line from desired_setpoint where device_id = 'bat-1'`,
      )
    )[0]!.line
  const onRecord = async () => (await test.database.query('select from setpoint_change')).length

  it('are refused with a token lower than the highest that was seen, and say both', async () => {
    assert.equal((await set(7, 1)).refused.length, 0)
    assert.equal((await set(8, 2)).refused.length, 0)
    assert.deepEqual((await set(7, 5)).refused, [
      {
        deviceId: 'bat-1',
        problem: 'bat-1: the lease feeders/f-1 has changed hands: token 7 is lower than 8, which was seen before',
      },
    ])
    assert.equal(await followed(), '2 8')
  })

  it('of which the device cannot follow one count all the same: who comes with it holds the lease', async () => {
    assert.match((await set(9, 1, 'nobody')).refused[0]!.problem, /is not registered/)
    assert.match((await set(8, 1)).refused[0]!.problem, /token 8 is lower than 9/)
  })

  it('are not on record again where they only last longer', async () => {
    await set(9, 3)
    const before = await onRecord()
    assert.equal((await set(9, 3, 'bat-1', now + 60_000)).set.length, 1)
    assert.equal(await onRecord(), before)
    const [row] = await test.database.query<{ ends: boolean }>(
      `select expires_at = to_timestamp($1::float8 / 1000) as ends from desired_setpoint where device_id = 'bat-1'`,
      [now + 240_000],
    )
    assert.ok(row!.ends)
    await set(9, 4)
    assert.equal(await onRecord(), before + 1)
    await set(10, 4)
    assert.equal(await onRecord(), before + 2)
  })

  it('of two at once only the newer stay', async () => {
    await Promise.all([...Array.from({ length: 8 }, (_, n) => set(20 + n, n / 2))])
    assert.equal(await followed(), '3.5 27')
  })

  it('do not keep a person from setting one', async () => {
    assert.equal((await set(null, 1.5)).refused.length, 0)
    assert.equal(await followed(), '1.5')
  })
})
