import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'mocha'
import { queriesOf } from '../../../platform/storage/queries.ts'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import {
  isRecomputationAsked,
  moveConjunto,
  recomputationsLeft,
  recomputeSums,
  recomputeUnits,
  takeConjunto,
  takeSums,
  takeUnits,
} from './recomputation-repository.ts'

describe('months that are to be computed again', function () {
  this.timeout(60_000)
  const test = useDatabase()
  beforeEach(() => test.database.query('delete from continuity_recomputation'))
  const months = (firstMonth: string, lastMonth: string) => [{ unitId: 'u-1', firstMonth, lastMonth }]

  it('are asked for from one to another, and taken once however often they were asked for', async () => {
    const { database } = test
    await recomputeUnits(database, months('2025-12', '2026-02'))
    await recomputeUnits(database, months('2026-02', '2026-02'))
    const taken = await takeUnits(database, 10)
    assert.deepEqual(taken.map(({ month }) => month).toSorted(), ['2025-12', '2026-01', '2026-02'])
    assert.equal(await isRecomputationAsked(database), false)
  })

  it('are left to others while somebody has them, and there again where that comes to nothing', async () => {
    const { database } = test
    await recomputeUnits(database, months('2026-01', '2026-02'))
    await database
      .transaction(async (client) => {
        assert.equal((await takeUnits(queriesOf(client), 1)).length, 1)
        assert.deepEqual(await takeUnits(database, 10), [{ unitId: 'u-1', month: '2026-02' }])
        throw new Error('killed')
      })
      .catch((error: Error) => assert.equal(error.message, 'killed'))
    assert.deepEqual(await takeUnits(database, 10), [{ unitId: 'u-1', month: '2026-01' }])
  })

  it('of a conjunto go on after the unit up to which they were done; what they add up to is left at last', async () => {
    const { database } = test
    await database.query(`insert into conjunto (conjunto_id, name) values ('c-1', 'c-1')`)
    // Asked twice as a whole: done once.
    for (const _ of [1, 2]) await database.query(`select recompute_conjunto('c-1', '2026-01-01', '2026-01-01')`)
    assert.equal(await recomputationsLeft(database), 2)
    const first = (await takeConjunto(database))!
    assert.deepEqual([first.conjuntoId, first.month, first.afterUnit], ['c-1', '2026-01', ''])
    assert.equal(await recomputationsLeft(database), 1)
    await moveConjunto(database, first, 'u-5000')
    assert.equal((await takeConjunto(database))!.afterUnit, 'u-5000')
    assert.deepEqual(await takeSums(database, 10), [])
    await moveConjunto(database, first, null)
    await recomputeSums(database, ['c-1'], '2026-01')
    assert.deepEqual(
      [await takeConjunto(database), await takeSums(database, 10)],
      [undefined, [{ conjuntoId: 'c-1', month: '2026-01' }]],
    )
    assert.equal(await isRecomputationAsked(database), false)
  })
})
