import assert from 'node:assert/strict'
import { after, describe, it } from 'mocha'
import { useDatabase } from '../../platform/storage/test-database.ts'
import { casesOfUnit, insertWork } from './case-repository.ts'
import { listCompensation } from './compensation-repository.ts'
import { windowMs } from './domain/windows.ts'
import { findMeasurement, measurementWindows, resultsOf } from './measurement-repository.ts'
import { correctionsOf, MeasuredField, week } from './measurement.fixture.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

describe('the keeper of official measurements', function () {
  this.timeout(60_000)
  const test = useDatabase()
  // Midnight in São Paulo.
  const begin = Date.UTC(2026, 10, 2, 3)
  let number = 0
  const fields: MeasuredField[] = []

  after(async () => {
    for (const field of fields) await field.close()
  })

  /** A unit of its own a test, in a field that is as late as the test says. */
  async function newUnit(start = begin) {
    const field = new MeasuredField(test, start)
    fields.push(field)
    const unitId = `unit-${++number}`
    const deviceKey = await field.addUnit(unitId)
    const id = await field.schedule(unitId, start)
    return { field, unitId, deviceKey, id, start }
  }
  const measurement = async (id: number) => (await findMeasurement(test.database, id))!
  const lines = (unitId: string) => listCompensation(test.database, { unitId }, { limit: 100 })
  const sum = async (unitId: string) =>
    (await lines(unitId)).reduce((total, { deltaBrl }) => total + Math.round((deltaBrl ?? 0) * 100), 0) / 100

  it('runs one from its start, and completes it with its 1,008th valid window', async () => {
    const { field, unitId, deviceKey, id, start } = await newUnit()
    await field.measure(deviceKey, start, week({ precarious: 30, critical: 5 }).slice(0, 1_007))
    const running = await measurement(id)
    assert.deepEqual([running.status, running.result], ['running', null])
    const end = await field.measure(deviceKey, start + 1_007 * windowMs, [220, 190, 190])
    const { status, result, takenUntil } = await measurement(id)
    assert.equal(status, 'complete')
    assert.equal(takenUntil, end - 2 * windowMs)
    assert.deepEqual(
      { ...result, computedAt: 0 },
      {
        ...{ version: 1, computedAt: 0, endedAt: start + 7 * dayMs, valid: 1_008, invalid: 0 },
        ...{ precarious: [30, 30, 30], critical: [5, 5, 5], nlp: 30, nlc: 5 },
        ...{ drpPct: 3000 / 1008, drcPct: 500 / 1008, drpViolated: false, drcViolated: false },
      },
    )
    assert.deepEqual(await casesOfUnit(test.database, unitId), [])
    assert.equal((await measurementWindows(test.database, id)).length, 1_008)
  })

  it('replaces the windows of an interruption of six hours, and those that are missing, by following ones', async () => {
    const { field, deviceKey, id, start } = await newUnit()
    const interrupted = Array<null>(36).fill(null)
    const missing = Array<undefined>(10).fill(undefined)
    await field.measure(deviceKey, start, [...week({}, 100), ...interrupted, ...missing, ...week({}, 908)])
    const { status, result } = await measurement(id)
    assert.equal(status, 'complete')
    assert.equal(result!.invalid, 46)
    assert.equal(result!.endedAt, start + (1_008 + 46) * windowMs)
    const kept = await measurementWindows(test.database, id)
    assert.equal(kept.length, 1_054)
    assert.deepEqual(
      [99, 100, 136, 146].map((index) => kept[index]!.invalid),
      [
        undefined,
        { reason: 'interruption', evidence: { volts: 0 } },
        { reason: 'coverage', evidence: { coverage: 0 } },
        undefined,
      ],
    )
  })

  it('is given up after 21 days without 1,008 valid windows', async () => {
    const { field, deviceKey, id, start } = await newUnit()
    await field.measure(deviceKey, start, week({}, 1_000))
    await field.closeUntil(start + 30 * dayMs)
    await field.round()
    const { status, reason, result, abandonedBy } = await measurement(id)
    assert.deepEqual(
      [status, reason, result, abandonedBy],
      ['abandoned', 'not complete after 21 days, to be taken again: 1000 of 1008 windows are valid', null, null],
    )
    assert.equal((await measurementWindows(test.database, id)).length, 21 * 144)
  })

  it('does not run one whose meter has been changed before its start', async () => {
    const { field, unitId, id, start } = await newUnit()
    await test.database.query(
      `update meter_assignment set validity = tstzrange('2020-01-01', '2026-01-01') where unit_id = $1`,
      [unitId],
    )
    await field.closeUntil(start + hourMs)
    await field.round()
    const { status, reason } = await measurement(id)
    assert.deepEqual([status, reason], ['abandoned', `meter-of-${unitId} was not the meter of ${unitId} at the start`])
  })

  it('takes the maxima over phases separately, opens a case and books the month when its EUSD is known', async () => {
    const { field, unitId, deviceKey, id, start } = await newUnit()
    // V1: counts of a real letter, by phase.
    const counts = [
      [45, 122],
      [62, 151],
      [81, 94],
    ] as const
    const volts = Array.from(
      { length: 1_008 },
      (_each, index) =>
        counts.map(([precarious, critical]) =>
          index < precarious ? 200 : index < precarious + critical ? 190 : 220,
        ) as unknown as readonly [number, number, number],
    )
    await field.measure(deviceKey, start, volts)
    const { result } = await measurement(id)
    assert.deepEqual([result!.nlp, result!.nlc], [81, 151])
    const [found] = await casesOfUnit(test.database, unitId)
    assert.deepEqual(
      [found!.openedBy, found!.openedAt, found!.drpDueOn, found!.drcDueOn, found!.closedAt],
      [id, start + 7 * dayMs, '2027-02-07', '2026-11-24', null],
    )
    const [waiting] = await lines(unitId)
    assert.deepEqual(
      [waiting!.month, waiting!.amountBrl, waiting!.pending],
      ['2026-11', null, `the EUSD of ${unitId} for 2026-11 is not known`],
    )
    await field.charge(unitId, '2026-11', 100)
    await field.round(2)
    await field.round(2)
    const booked = await lines(unitId)
    assert.equal(booked.length, 1)
    const [{ amountBrl, deltaBrl, revision, explained, pending }] = booked as [(typeof booked)[number]]
    assert.deepEqual([amountBrl, deltaBrl, revision, pending], [116.46, 116.46, 1, null])
    assert.ok(Math.abs(explained!.exactBrl - 116.46825) < 1e-5)
    assert.equal(explained!.inputs.EUSD, 100)
    assert.equal(explained!.inputs.measurement, id)
  })

  it('books every month of a violation once, until a measurement complies', async () => {
    const { field, unitId, deviceKey, start } = await newUnit()
    await field.charge(unitId, '2026-11', 100)
    await field.measure(deviceKey, start, week({ critical: 6 }))
    assert.deepEqual(
      (await lines(unitId)).map(({ month }) => month),
      ['2026-11'],
    )
    await field.closeUntil(Date.UTC(2027, 0, 5))
    await field.round()
    await field.round(2)
    assert.deepEqual(
      (await lines(unitId)).map(({ month, amountBrl }) => [month, amountBrl]),
      [
        ['2026-12', 0.66],
        ['2026-11', 0.66],
      ],
    )
    const again = Date.UTC(2027, 0, 20, 3)
    await field.schedule(unitId, again)
    // It ends in February, so January and February are due.
    await field.measure(deviceKey, again, [...Array<null>(5 * 144).fill(null), ...week({})])
    const [closed] = await casesOfUnit(test.database, unitId)
    assert.deepEqual([closed!.outcome, closed!.closedAt], ['regularised', again + 12 * dayMs])
    assert.deepEqual(
      (await lines(unitId)).map(({ month }) => month),
      ['2027-02', '2027-01', '2026-12', '2026-11'],
    )
    await field.closeUntil(Date.UTC(2027, 5, 1))
    await field.round()
    assert.equal((await lines(unitId)).length, 4)
    assert.equal(await sum(unitId), 2.64)
  })

  it('makes a new version of a result of which a window was corrected, and books the difference', async () => {
    const { field, unitId, deviceKey, id, start } = await newUnit()
    await field.charge(unitId, '2026-11', 1_000)
    const end = await field.measure(deviceKey, start, week({ critical: 7 }))
    assert.equal(await sum(unitId), 13.61)
    // Readings came late: the first window was not critical, then the second neither.
    await field.write(deviceKey, start, [220])
    await field.round()
    const corrected = await measurement(id)
    assert.deepEqual([corrected.status, corrected.result!.version, corrected.result!.nlc], ['complete', 2, 6])
    assert.deepEqual(
      (await lines(unitId)).map(({ revision, amountBrl, deltaBrl }) => [revision, amountBrl, deltaBrl]),
      [
        [1, 13.61, 13.61],
        [2, 6.66, -6.95],
      ],
    )
    assert.match((await lines(unitId))[1]!.cause, /^DRC 0\.69\d+ → 0\.59\d+/)
    await field.write(deviceKey, start + windowMs, [220])
    await field.round(2)
    assert.equal((await resultsOf(test.database, id)).length, 3)
    assert.deepEqual(
      (await correctionsOf(test.database, id)).map(({ version, before, after }) => [
        version,
        before.volts[0],
        after.volts[0],
      ]),
      [
        [1, 190, 220],
        [2, 190, 220],
      ],
    )
    const [gone] = await casesOfUnit(test.database, unitId)
    assert.equal(gone!.outcome, 'void')
    assert.equal(await sum(unitId), 0)
    assert.equal((await lines(unitId)).at(-1)!.cause, 'no longer due')
    // And it violates after all.
    await field.write(deviceKey, start, [190, 190])
    await field.round()
    const [back, ...others] = await casesOfUnit(test.database, unitId)
    assert.deepEqual([back!.outcome, others.length], [null, 0])
    assert.equal(await sum(unitId), 13.61)
    assert.equal((await measurement(id)).result!.endedAt, end)
  })

  it('replaces a window that a correction made invalid by one that follows, and stands by its result until then', async () => {
    const { field, deviceKey, id, start } = await newUnit()
    const end = await field.measure(deviceKey, start, week({ precarious: 10 }))
    await field.write(deviceKey, start, [null])
    await field.round()
    const short = await measurement(id)
    assert.deepEqual([short.status, short.shortBy, short.result!.version], ['complete', 1, 1])
    await field.measure(deviceKey, end, [220, 220])
    const { shortBy, result } = await measurement(id)
    assert.deepEqual([shortBy, result!.version, result!.nlp, result!.endedAt], [0, 2, 9, end + windowMs])
  })

  it('needs one measurement for a case, whatever others find meanwhile', async () => {
    const { field, unitId, deviceKey, start } = await newUnit()
    await field.charge(unitId, '2026-11', 100)
    await field.measure(deviceKey, start, week({ critical: 6 }))
    const again = start + 10 * dayMs
    await field.schedule(unitId, again, 'inspection')
    await field.measure(deviceKey, again, week({ critical: 60 }))
    assert.equal((await casesOfUnit(test.database, unitId)).length, 1)
    // The last measurement of the month is what counts for it.
    assert.equal(await sum(unitId), 38.16)
  })

  it('ends a violation with the work that a measurement proved good, where the option says so, also when it is entered late', async () => {
    const set = (value: string | null) =>
      test.database.query(
        `insert into regulation_option (key, value, reason, changed_by, changed_at) values ('voltage-violation-ends', $1::jsonb, 'a test', 'admin', '2026-01-01')`,
        [value],
      )
    await set('"work-done"')
    const { field, unitId, deviceKey, start } = await newUnit()
    await field.charge(unitId, '2026-11', 100)
    await field.measure(deviceKey, start, week({ critical: 6 }))
    // What is chosen later is for cases that are opened later.
    await set(null)
    const again = Date.UTC(2027, 0, 4, 3)
    await field.schedule(unitId, again)
    await field.measure(deviceKey, again, week({}))
    const [one] = await casesOfUnit(test.database, unitId)
    assert.equal(one!.closedAt, again + 7 * dayMs)
    assert.equal(await sum(unitId), 1.98)
    const doneAt = start + 20 * dayMs
    await test.database.transaction((client) =>
      insertWork(client, {
        caseId: one!.caseId,
        doneAt,
        what: 'tap',
        doneBy: 'Crew 7',
        enteredBy: 'operator',
        enteredAt: field.now,
      }),
    )
    await field.round()
    assert.equal((await casesOfUnit(test.database, unitId))[0]!.closedAt, doneAt)
    assert.deepEqual(
      (await lines(unitId)).map(({ month, deltaBrl, cause }) => [month, deltaBrl, cause]),
      [
        ['2027-01', 0.66, 'due'],
        ['2027-01', -0.66, 'no longer due'],
        ['2026-12', 0.66, 'due'],
        ['2026-12', -0.66, 'no longer due'],
        ['2026-11', 0.66, 'due'],
      ],
    )
  })

  it('compensates the other units of the site where the option says so', async () => {
    await test.database.query(
      `insert into regulation_option (key, value, reason, changed_by, changed_at) values ('voltage-compensated-units', '"site"', 'a test', 'admin', '2026-01-01')`,
    )
    const field = new MeasuredField(test, begin)
    fields.push(field)
    const deviceKey = await field.addUnit('flat-1', 'tower')
    await field.addUnit('flat-2', 'tower')
    await field.schedule('flat-1', begin)
    await field.charge('flat-1', '2026-11', 100)
    await field.measure(deviceKey, begin, week({ critical: 6 }))
    await field.charge('flat-2', '2026-11', 200)
    await field.round()
    assert.deepEqual([await sum('flat-1'), await sum('flat-2')], [0.66, 1.33])
  })

  it('has told of no error', () =>
    assert.deepEqual(
      fields.flatMap(({ errors }) => errors),
      [],
    ))
})
