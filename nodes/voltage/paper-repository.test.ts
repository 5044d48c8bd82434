import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'mocha'
import { useDatabase } from '../../platform/storage/test-database.ts'
import { findLetterGround, paidByMonth } from './paper-repository.ts'
import { seedCase, seedMeasurement, seedUnit, type SeededMeasurement } from './seeded-measurements.fixture.ts'

describe('what papers rest on', function () {
  this.timeout(60_000)
  const test = useDatabase()
  let measurement = 0
  let units = 0
  /** A unit of its own each: what is booked stands. */
  let broken: SeededMeasurement = { unitId: '', precarious: [81, 0, 0], critical: [0, 151, 0] }
  const dues = async (id: number) => {
    const { drpDueOn = 'none', drcDueOn = 'none' } = (await findLetterGround(test.database, id)) ?? {}
    return [drpDueOn, drcDueOn]
  }

  beforeEach(async () => {
    broken = { ...broken, unitId: `u-${++units}` }
    await seedUnit(test.database, broken.unitId)
    measurement = await seedMeasurement(test.database, broken)
  })

  it('are the deadlines of the violation, until it is void', async () => {
    await seedCase(test.database, measurement, {})
    assert.deepEqual(await dues(measurement), ['2026-11-15', '2026-09-01'])
    await test.database.query("update voltage_case set outcome = 'void', closed_at = opened_at + interval '1 day'")
    assert.deepEqual(await dues(measurement), [null, null])
  })

  it('are those of a violation that was found before', async () => {
    await seedCase(test.database, measurement, {})
    const again = await seedMeasurement(test.database, broken)
    assert.deepEqual(await dues(again), ['2026-11-15', '2026-09-01'])
  })

  it('are the compensation of the first month, as it was revised last', async () => {
    await seedCase(test.database, measurement, { '2026-09-01': 2, '2026-08-01': 1 })
    await test.database.query(
      `insert into voltage_compensation select case_id, unit_id, month, 2, measurement_id, result_version, 1.5, 0.5,
         jsonb_set(explained, '{amountBrl}', '1.5'), 'EUSD', null, booked_at
       from voltage_compensation where month = '2026-08-01'`,
    )
    assert.equal((await findLetterGround(test.database, measurement))?.compensation?.amountBrl, 1.5)
    assert.deepEqual(await paidByMonth(test.database, '2026-08-01', '2026-10-01'), [
      { year: 2026, month: 8, paidBrl: 1.5 },
      { year: 2026, month: 9, paidBrl: 2 },
    ])
    assert.deepEqual(await paidByMonth(test.database, '2026-10-01', '2027-01-01'), [])
  })

  it('are nothing of a measurement without a result', async () => {
    const running = await seedMeasurement(test.database, { ...broken, status: 'running' })
    assert.equal(await findLetterGround(test.database, running), undefined)
    await test.database.query('delete from voltage_measurement where measurement_id = $1', [running])
  })
})
