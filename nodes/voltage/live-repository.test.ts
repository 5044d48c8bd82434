import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useDatabase } from '../../platform/storage/test-database.ts'
import { measurementMarks, newestWindows, runningMeasurements } from './live-repository.ts'
import { MeasuredField } from './measurement.fixture.ts'
import { seedUnits, seedWeek, seedWindows } from './seeded-windows.fixture.ts'
import { metersWithWeeks } from './unit-repository.ts'

const minute = 60_000
const noon = Date.UTC(2026, 10, 21, 12)

describe('what the live stream of voltage is filled with', function () {
  this.timeout(60_000)
  const test = useDatabase()
  before(async () => {
    const { database } = test
    await seedUnits(
      database,
      ['fresh', 'silent', 'gone'].map((unitId) => ({ unitId, feederId: 'f-1' })),
    )
    for (const unitId of ['fresh', 'silent', 'gone']) await seedWeek(database, unitId, noon, [0, 0, 0], [0, 0, 0])
    await seedWindows(database, [
      { unitId: 'fresh', at: noon - 20 * minute, volts: 120 },
      {
        ...{ unitId: 'fresh', at: noon - 10 * minute, volts: 121, band: 'adequate' },
        invalid: { reason: 'vtcd', evidence: {} },
      },
      { unitId: 'silent', at: noon - 6 * 1_440 * minute, volts: 122 },
      { unitId: 'silent', at: noon - 5 * 1_440 * minute, volts: 123 },
      { unitId: 'gone', at: noon - 8 * 1_440 * minute, volts: 124 },
    ])
  })

  it('the newest windows of meters, up to a week back', async () => {
    const keys = await metersWithWeeks(test.database, 0, 10)
    const found = await newestWindows(test.database, keys)
    assert.deepEqual(
      found.map(({ start, volts, bands, reason }) => [(noon - start) / minute, volts[0], bands[0], reason]),
      [
        [10, 121, 'adequate', 'vtcd'],
        [5 * 1_440, 123, 'adequate', null],
      ],
    )
    assert.deepEqual(await newestWindows(test.database, []), [])
  })

  it('the measurements that run, as far as they have come, and a mark that moves with them', async () => {
    const field = new MeasuredField(test, noon)
    await field.addUnit('measured')
    const measurementId = await field.schedule('measured', noon)
    assert.deepEqual(await runningMeasurements(test.database, ['measured']), [])
    await test.database.query(`update voltage_measurement set status = 'running'`)
    const [before] = await measurementMarks(test.database, noon)
    await test.database.query(`select ensure_partition('measurement_window', to_timestamp($1::float8 / 1000))`, [noon])
    await test.database.query(
      `insert into measurement_window (measurement_id, at, coverage, band_a, band_b, invalid_reason)
       select $1, to_timestamp($2::float8 / 1000) + n * interval '10 minutes', 1, 'precarious',
         case when n = 0 then 'critical' else 'adequate' end::voltage_band, case when n = 3 then 'coverage' end::invalid_window
       from generate_series(0, 3) n`,
      [measurementId, noon],
    )
    assert.deepEqual(await runningMeasurements(test.database, ['measured', 'fresh']), [
      {
        ...{ unitId: 'measured', measurementId, kind: 'complaint', startsAt: noon, valid: 3 },
        ...{ precarious: [3, 0, 0], critical: [0, 1, 0] },
      },
    ])
    await test.database.query(`update voltage_measurement set taken_until = taken_until + interval '10 minutes'`)
    const [after] = await measurementMarks(test.database, noon)
    assert.equal(after!.measurementId, measurementId)
    assert.notEqual(after!.mark, before!.mark)
  })
})
