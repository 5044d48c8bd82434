import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { seedInterruptions } from '../interruptions/seeded-interruptions.fixture.ts'
import { chainAfter, chainBefore } from './outage-chain.ts'

const minute = 60_000
const noon = Date.parse('2026-03-10T15:00:00Z')

describe('pieces that follow each other', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const at = (unitId: string, from: number, until: number | null) => ({
    ...{ unitId, from: noon + from * minute, until: until === null ? null : noon + until * minute },
  })
  const minutes = (pieces: readonly { from: number }[]) => pieces.map(({ from }) => (from - noon) / minute)

  before(async () => {
    await seedInterruptions(test.database, [
      { units: [at('u-1', 0, 10)] },
      { units: [at('u-1', 10, 20), at('u-2', 10, 20)] },
      { units: [at('u-1', 22, 30)] },
      { units: [at('u-1', 34, null)] },
    ])
  })

  it('are found as far as supply was not back for three minutes, and of the unit only', async () => {
    assert.deepEqual(minutes(await chainAfter(test.database, [at('u-1', 0, 10)])), [10, 22])
    assert.deepEqual(minutes(await chainBefore(test.database, [at('u-1', 22, 30)])), [10, 0])
    assert.deepEqual(minutes(await chainBefore(test.database, [at('u-2', 20, 25)])), [10])
    assert.deepEqual(minutes(await chainBefore(test.database, [at('u-1', 34, null)])), [])
  })

  it('are not asked about where they lie within', async () => {
    assert.deepEqual(await chainBefore(test.database, [at('u-1', 22, 30)], noon), [])
    assert.deepEqual(await chainAfter(test.database, [at('u-1', 0, 10)], noon + 11 * minute), [])
  })
})
