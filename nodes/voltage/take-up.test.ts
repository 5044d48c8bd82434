import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { civilDaysIn, shiftDay } from '../../platform/clock/civil-day.ts'
import { Partitions } from '../../platform/storage/partitions.ts'
import { useDatabase } from '../../platform/storage/test-database.ts'
import { casesOfUnit, unitsToBook } from './case-repository.ts'
import { compensationMonths, listCompensation } from './compensation-repository.ts'
import { windowMs } from './domain/windows.ts'
import { findMeasurement, measurementWindows, resultsOf } from './measurement-repository.ts'
import { dueMeasurements } from './measurement-state-repository.ts'
import { MeasuredField, week } from './measurement.fixture.ts'
import { followCorrections, takeUp } from './take-up.ts'
import { followViolations } from './violation-cases.ts'

const calendar = { ...civilDaysIn('America/Sao_Paulo'), shift: shiftDay }

describe('the steps of a measurement', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const begin = Date.UTC(2026, 10, 2, 3)
  const end = begin + 1_008 * windowMs
  let field: MeasuredField
  let [deviceKey, id] = [0, 0]

  before(async () => {
    field = new MeasuredField(test, begin)
    deviceKey = await field.addUnit('unit-1')
    id = await field.schedule('unit-1', begin)
    await field.write(deviceKey, begin, week({ critical: 6 }))
    await field.charge('unit-1', '2026-11', 100)
    await new Partitions(test.database).ensure('measurement_window', begin)
  })
  after(() => field.close())

  /** What stands in the database of the measurement. */
  const state = async () => ({
    measurement: await findMeasurement(test.database, id),
    windows: await measurementWindows(test.database, id),
    results: await resultsOf(test.database, id),
    cases: await casesOfUnit(test.database, 'unit-1'),
    lines: await listCompensation(test.database, {}, { limit: 100 }),
  })
  class Killed extends Error {}
  /** Does a step and dies before its commit. */
  const killedIn = (work: Parameters<typeof test.database.transaction>[0]) =>
    assert.rejects(
      test.database.transaction(async (client) => {
        await work(client)
        throw new Killed()
      }),
      Killed,
    )

  it('are due when windows have been closed, and not before', async () => {
    assert.deepEqual(await dueMeasurements(test.database, begin - 1, begin), [])
    assert.deepEqual(await dueMeasurements(test.database, begin, begin), [
      { measurementId: id, from: begin, until: begin },
    ])
  })

  it('leave nothing behind when they are killed, and do it all when they come again', async () => {
    const before = await state()
    for (const closedUntil of [begin, begin + windowMs, begin + 500 * windowMs, end]) {
      const moment = { now: closedUntil, closedUntil, calendar }
      await killedIn((client) => takeUp(client, id, moment))
    }
    assert.deepEqual(await state(), before)
    const moment = { now: end, closedUntil: end, calendar }
    await test.database.transaction((client) => takeUp(client, id, moment))
    const done = await state()
    assert.deepEqual(
      [done.measurement!.status, done.windows.length, done.results.length, done.cases.length, done.lines.length],
      ['complete', 1_008, 1, 1, 1],
    )
  })

  it('do nothing the second time, nor when several do them at once', async () => {
    const moment = { now: end, closedUntil: end, calendar }
    const before = await state()
    await Promise.all(
      [1, 2, 3].flatMap(() => [
        test.database.transaction((client) => takeUp(client, id, moment)),
        test.database.transaction((client) => followViolations(client, 'unit-1', moment)),
      ]),
    )
    assert.deepEqual(await state(), before)
  })

  it('follow corrections, also when they are killed within', async () => {
    const moment = { now: end, closedUntil: end, calendar }
    while (await test.database.transaction((client) => followCorrections(client, moment))) continue
    const before = await state()
    await field.write(deviceKey, begin, [220])
    await killedIn((client) => followCorrections(client, moment))
    assert.deepEqual(await state(), before)
    assert.equal(await test.database.transaction((client) => followCorrections(client, moment)), true)
    assert.equal(await test.database.transaction((client) => followCorrections(client, moment)), false)
    const after = await state()
    assert.deepEqual([after.results.length, after.results[1]!.nlc, after.cases[0]!.outcome], [2, 5, 'void'])
    assert.deepEqual(await compensationMonths(test.database, '2026-01', '2026-12'), [
      { month: '2026-11', units: 1, amountBrl: 0, correctedBrl: -0.66, pending: 0 },
    ])
  })

  it('have nothing left to book when all is booked', async () => {
    const moment = { now: end, closedUntil: end, calendar }
    for (const unitId of await unitsToBook(test.database, end))
      await test.database.transaction((client) => followViolations(client, unitId, moment))
    assert.deepEqual(await unitsToBook(test.database, end), [])
  })
})
