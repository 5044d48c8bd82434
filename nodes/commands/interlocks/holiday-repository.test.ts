import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { holidaysAround, putHoliday } from './holiday-repository.ts'

describe('local holidays that are stored', function () {
  this.timeout(60_000)
  const test = useDatabase()

  it('are at hand for today and tomorrow of every zone, and no further', async () => {
    for (const day of ['2026-07-06', '2026-07-07', '2026-07-11', '2026-07-12'])
      await putHoliday(test.database, { day, placeCode: 35, name: day, source: 'law', enteredBy: 'ana' }, 0)
    const around = await holidaysAround(test.database, Date.UTC(2026, 6, 8, 12))
    assert.deepEqual(around, [
      { day: '2026-07-07', placeCode: 35, name: '2026-07-07' },
      { day: '2026-07-11', placeCode: 35, name: '2026-07-11' },
    ])
  })
})
