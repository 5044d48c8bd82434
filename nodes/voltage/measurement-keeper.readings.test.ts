import assert from 'node:assert/strict'
import { after, describe, it } from 'mocha'
import { waitUntil } from '../../platform/node/waiting.fixture.ts'
import { useDatabase } from '../../platform/storage/test-database.ts'
import { listCompensation } from './compensation-repository.ts'
import { compensationOf } from './domain/compensation.ts'
import { windowMs } from './domain/windows.ts'
import { MeasurementKeeper } from './measurement-keeper.ts'
import { findMeasurement } from './measurement-repository.ts'
import { correctionsOf, MeasuredField } from './measurement.fixture.ts'
import { KeptField, type GivenReading } from './window-keeper.fixture.ts'

const dayMs = 86_400_000

describe('a measurement of readings', function () {
  this.timeout(120_000)
  const test = useDatabase()
  const begin = Date.UTC(2026, 10, 20, 12)
  const keepers: MeasurementKeeper[] = []
  let field: KeptField

  after(async () => {
    await field.stop()
    for (const keeper of keepers) await keeper.close()
  })

  /** Two of them at a time, as two instances have. */
  function startKeepers(): void {
    for (const _instance of [1, 2])
      keepers.push(
        new MeasurementKeeper(test.database, {
          clock: { now: () => field.now },
          clockIsSet: () => true,
          timeZone: 'America/Sao_Paulo',
          report: (error) => field.errors.push(error),
        }),
      )
  }

  it('comes to what its 1,008 valid windows say, whatever comes late, twice or not at all and whoever stops meanwhile', async () => {
    field = new KeptField(test.database)
    const measured = new MeasuredField(test, begin)
    await field.unit('unit-1')
    const id = await measured.schedule('unit-1', begin)
    await test.database.query(`update voltage_measurement set phases = 'A' where measurement_id = $1`, [id])
    await measured.charge('unit-1', '2026-11', 100)
    field.keeper()
    startKeepers()

    /** 36 windows of interruption, 12 without a reading but one of the server's time; 40 precarious and 8 critical ones. */
    const voltsOf = (index: number): number =>
      index >= 200 && index < 236 ? 0 : index % 144 < 6 ? (index < 1_000 && index % 144 === 0 ? 190 : 200) : 220
    const readingOf = (index: number): GivenReading => ({
      ...{ meter: 'unit-1', at: begin + (index + 1) * windowMs, volts: [voltsOf(index), null, null], intervalS: 600 },
      ...(index >= 500 && index < 512 && { quality: 'server-time' as const }),
    })
    const day = (number: number) => Array.from({ length: 144 }, (_, index) => readingOf(number * 144 + index))
    // The third day comes after the fourth, backwards; the fifth twice.
    for (const [late, days] of [
      [1, [0]],
      [2, [1]],
      [4, [3, 2]],
      [5, [4, 4]],
      [7, [5, 6]],
      [8, [7]],
    ] as const) {
      for (const number of days) await field.store(number === 2 ? day(2).toReversed() : day(number))
      field.now = begin + late * dayMs
      await field.settled()
      if (late !== 4) continue
      await Promise.all(keepers.splice(0).map((keeper) => keeper.close()))
      startKeepers()
    }
    const { result } = await waitUntil('the result', async () => {
      const measurement = await findMeasurement(test.database, id)
      return measurement?.result ? measurement : undefined
    })
    const windows = Array.from({ length: 1_008 + 48 }, (_, index) => index)
    const valid = windows.filter((index) => voltsOf(index) > 0 && !(index >= 500 && index < 512))
    const [precarious, critical] = [200, 190].map((volts) => valid.filter((index) => voltsOf(index) === volts).length)
    assert.deepEqual(
      { ...result, computedAt: 0, version: 0 },
      {
        ...{ version: 0, computedAt: 0, endedAt: begin + windows.length * windowMs, valid: 1_008, invalid: 48 },
        ...{ precarious: [precarious, null, null], critical: [critical, null, null], nlp: precarious, nlc: critical },
        ...{
          drpPct: (100 * precarious!) / 1_008,
          drcPct: (100 * critical!) / 1_008,
          drpViolated: true,
          drcViolated: true,
        },
      },
    )
    const { drpPct, drcPct } = result!
    const expected = compensationOf({ drpPct, drcPct, voltageClass: 'BT', eusdBrl: 100, day: '2026-11-27' })
    const [line, ...others] = await listCompensation(test.database, { unitId: 'unit-1' }, { limit: 10 })
    assert.deepEqual([line!.amountBrl, line!.explained!.exactBrl, others], [expected.amountBrl, expected.exactBrl, []])
  })

  it('is corrected by readings that come after its end', async () => {
    const [line] = await listCompensation(test.database, { unitId: 'unit-1' }, { limit: 1 })
    const before = (await findMeasurement(test.database, line!.measurementId))!.result!
    // What was known by the server's time only comes with its own: 12 windows become valid, and the end comes earlier.
    await test.database.query(`delete from meter_reading where quality = 'server-time'`)
    const late = Array.from({ length: 12 }, (_, index): GivenReading => ({
      ...{ meter: 'unit-1', at: begin + (501 + index) * windowMs, volts: [190, null, null], intervalS: 600 },
    }))
    await field.store(late)
    const after = await waitUntil('the new version', async () => {
      const { result } = (await findMeasurement(test.database, line!.measurementId))!
      return result!.version > before.version && result!.nlc === before.nlc + 12 ? result : undefined
    })
    assert.deepEqual([after!.valid, after!.invalid, after!.endedAt], [1_008, 36, before.endedAt - 12 * windowMs])
    assert.equal((await correctionsOf(test.database, line!.measurementId)).length, 12)
    const lines = await listCompensation(test.database, { unitId: 'unit-1' }, { limit: 10 })
    assert.equal(lines.length, 2)
    const cents = (brl: number) => Math.round(brl * 100)
    assert.equal(cents(lines[1]!.deltaBrl!), cents(lines[1]!.amountBrl!) - cents(lines[0]!.amountBrl!))
  })

  it('has told of no error', () => assert.deepEqual(field.errors, []))
})
