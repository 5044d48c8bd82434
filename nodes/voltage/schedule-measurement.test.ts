import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { civilDaysIn, shiftDay } from '../../platform/clock/civil-day.ts'
import { Problem } from '../../platform/http/problem.ts'
import { useDatabase } from '../../platform/storage/test-database.ts'
import { windowMs } from './domain/windows.ts'
import { findMeasurement } from './measurement-repository.ts'
import { MeasuredField, week } from './measurement.fixture.ts'
import { findMeasurableUnit } from './schedule-repository.ts'
import { quarterOf, scheduleMeasurement, type Schedule } from './schedule-measurement.ts'

describe('scheduling a measurement', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const now = Date.UTC(2026, 10, 2, 3, 4)
  const calendar = { ...civilDaysIn('America/Sao_Paulo'), shift: shiftDay }
  const instrument = {
    class: 'A' as const,
    serial: 'AQ-1',
    calibratedOn: '2026-03-10',
    calibrationValidUntil: '2026-11-30',
  }
  const given: Schedule = { unitId: 'unit-1', kind: 'complaint', protocol: null, instrument }
  let field: MeasuredField

  before(async () => {
    field = new MeasuredField(test, now)
    await field.addUnit('unit-1')
    await field.addUnit('unit-2')
    const { database } = test
    await database.query(
      `insert into device (device_id, kind, status, nominal_voltage_v) values ('analyser-1', 'meter', 'active', 220),
         ('analyser-127', 'meter', 'active', 127), ('new', 'meter', 'pending', 220), ('pv-1', 'der', 'active', 220)`,
    )
    await database.query(
      `insert into consumer_unit (unit_id, phases, nominal_voltage_v, contracted_voltage_v, measured_between) values
         ('unmetered', 'A', 220, null, 'phase_neutral'), ('odd', 'A', 199, null, 'phase_neutral'), ('factory', 'AB', 13800, 13500, 'phase_phase')`,
    )
    await database.query(`insert into device (device_id, kind, status) values ('meter-f', 'meter', 'active')`)
    await database.query(
      `insert into meter_assignment select 'factory', device_key, '[2020-01-01,)' from device where device_id = 'meter-f'`,
    )
  })
  after(() => field.close())

  const schedule = (schedule: Partial<Schedule>, at = now) =>
    scheduleMeasurement({ database: test.database, now: at, calendar, by: 'operator' }, { ...given, ...schedule })
  const refused = (schedule_: Partial<Schedule>, status: number, detail: RegExp) =>
    assert.rejects(schedule(schedule_), (error) => {
      assert.ok(error instanceof Problem, String(error))
      assert.equal(error.status, status)
      assert.match(error.message, detail)
      return true
    })
  const abandon = () =>
    test.database.query(
      `update voltage_measurement set status = 'abandoned', reason = 'a test', abandoned_at = scheduled_at where status in ('scheduled', 'running')`,
    )

  it('begins with the next full ten minutes, with the meter and the voltage of the unit', async () => {
    const { startsAt, deviceId, portable, referenceV, phases, quarter, status } = await schedule({})
    assert.deepEqual(
      [startsAt, deviceId, portable, referenceV, phases, quarter, status],
      [Date.UTC(2026, 10, 2, 3, 10), 'meter-of-unit-1', false, 220, 'ABC', null, 'scheduled'],
    )
    await refused({}, 409, /^unit-1 has a measurement that is scheduled or running$/)
    await abandon()
  })

  it('refuses an instrument whose calibration is not in force at the start', async () => {
    await refused(
      { startsAt: Date.UTC(2026, 11, 1, 3) },
      409,
      /^the calibration of instrument "AQ-1" is in force from 2026-03-10 to 2026-11-30, not on 2026-12-01/,
    )
    await refused({ instrument: { ...instrument, calibratedOn: '2026-11-03' } }, 409, /not on 2026-11-02/)
    await refused(
      { instrument: { ...instrument, calibratedOn: '2026-12-03' } },
      400,
      /calibrationValidUntil .* must not be before 2026-12-03/,
    )
    // Still in force on its last day.
    await schedule({ startsAt: Date.UTC(2026, 10, 30, 12) })
    await abandon()
  })

  it('refuses a start that has passed, is not of ten minutes, or is far away', async () => {
    await refused({ startsAt: now - windowMs * 2 + 360_000 }, 409, /that has passed$/)
    await refused({ startsAt: Date.UTC(2026, 10, 2, 4, 5) }, 400, /must be a full ten minutes$/)
    await refused(
      { startsAt: Date.UTC(2036, 10, 2, 4), instrument: { ...instrument, calibrationValidUntil: '2040-01-01' } },
      400,
      /366 days ahead/,
    )
  })

  it('refuses units that cannot be measured', async () => {
    await refused({ unitId: 'nobody' }, 400, /must be a unit of the registry$/)
    await refused({ unitId: 'unmetered' }, 409, /has no meter at .*: name a portable instrument$/)
    await refused({ unitId: 'odd' }, 409, /^odd cannot be measured: no bands are known for 199 V/)
  })

  it("takes a portable instrument of the same voltage that is nobody's meter, at one unit at a time", async () => {
    const by = (deviceId: string): Partial<Schedule> => ({
      unitId: 'unmetered',
      instrument: { ...instrument, deviceId },
    })
    await refused(by('nobody'), 400, /must be a device of the registry$/)
    await refused(by('pv-1'), 400, /must be a meter, not a der$/)
    await refused(by('new'), 409, /^new is pending: approve it first$/)
    await refused(by('meter-of-unit-2'), 409, /^meter-of-unit-2 is the meter of unit-2/)
    await refused(
      by('analyser-127'),
      409,
      /^analyser-127 has a nominal voltage of 127 V in the registry, unmetered 220 V/,
    )
    const { portable, deviceId, phases } = await schedule(by('analyser-1'))
    assert.deepEqual([portable, deviceId, phases], [true, 'analyser-1', 'A'])
    await refused(
      { ...by('analyser-1'), unitId: 'unit-1' },
      409,
      /^analyser-1 has a measurement that is scheduled or running$/,
    )
    await abandon()
  })

  it('goes by the contracted voltage, and by what is measured between phases', async () => {
    const { referenceV, phases } = await schedule({ unitId: 'factory' })
    assert.deepEqual([referenceV, phases], [13_500, 'A'])
    await abandon()
    assert.deepEqual(
      { ...(await findMeasurableUnit(test.database, 'factory', now))!, meterKey: 0 },
      { referenceV: 13_500, phases: 'AB', measuredBetween: 'phase_phase', meterKey: 0 },
    )
  })

  it('of a sample is of a quarter, that of its start unless told otherwise', async () => {
    assert.equal((await schedule({ kind: 'sample' })).quarter, '2026-10-01')
    await abandon()
    assert.equal((await schedule({ kind: 'sample', quarter: '2026-07-01' })).quarter, '2026-07-01')
    await abandon()
    assert.deepEqual(['2026-01-31', '2026-06-30', '2026-12-31'].map(quarterOf), [
      '2026-01-01',
      '2026-04-01',
      '2026-10-01',
    ])
  })

  it('measures with a portable instrument what it reports, until it is brought elsewhere', async () => {
    const [device] = await test.database.query<{ key: number }>(
      `select device_key as key from device where device_id = 'analyser-1'`,
    )
    const portable = { instrument: { ...instrument, deviceId: 'analyser-1' } }
    const first = await schedule({ ...portable, unitId: 'unmetered' })
    const end = await field.measure(device!.key, first.startsAt, week({ critical: 6 }))
    const second = await schedule({ ...portable, unitId: 'unit-2', startsAt: end + 10 * windowMs }, end)
    // One window of the first became invalid: what followed until the second began takes its place, what came later does not.
    await field.write(device!.key, first.startsAt, [null])
    await field.measure(device!.key, second.startsAt, week({ precarious: 9 }, 20))
    assert.equal((await findMeasurement(test.database, first.measurementId))!.shortBy, 1)
    await field.write(device!.key, end, [220])
    await field.round()
    const { shortBy, result } = (await findMeasurement(test.database, first.measurementId))!
    assert.deepEqual([shortBy, result!.version, result!.nlc], [0, 2, 5])
    assert.deepEqual(field.errors, [])
  })
})
