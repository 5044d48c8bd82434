import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { civilDaysIn } from '../../platform/clock/civil-day.ts'
import { Hub } from '../../platform/live/hub.ts'
import { waitUntil } from '../../platform/node/waiting.fixture.ts'
import { useDatabase } from '../../platform/storage/test-database.ts'
import { LiveVoltage } from './live-voltage.ts'
import type { RunningForecasts } from './running-forecasts.ts'
import { seedUnits, seedWeek, seedWindows } from './seeded-windows.fixture.ts'

const minute = 60_000
const noon = Date.UTC(2026, 10, 21, 12)

describe('voltage on the live stream', function () {
  this.timeout(60_000)
  const faults: unknown[] = []
  const open: LiveVoltage[] = []
  // Before the database goes.
  after(async () => {
    await Promise.all(open.map((voltage) => voltage.close()))
    assert.deepEqual(faults, [])
  })
  const test = useDatabase()
  const days = civilDaysIn('America/Sao_Paulo')
  const start = (hub: Hub, mostUnits = 100): void => {
    const { database } = test
    open.push(
      new LiveVoltage({
        ...{ hub, database, days, mostUnits, forecasts, clock: { now: () => noon } },
        report: (fault) => faults.push(fault),
      }),
    )
  }
  const forecasts: RunningForecasts = new Map()
  let hub: Hub

  before(async () => {
    const { database } = test
    await seedUnits(database, [
      { unitId: 'one', feederId: 'f-1' },
      { unitId: 'two', feederId: 'f-2' },
      { unitId: 'never', feederId: 'f-2' },
    ])
    await seedWindows(database, [
      { unitId: 'one', at: noon - 20 * minute, volts: 125 },
      { unitId: 'one', at: noon - 10 * minute, volts: 116, band: 'precarious' },
      { unitId: 'two', at: noon - 300 * minute, volts: 120 },
    ])
    await seedWeek(database, 'one', noon, [1, 0, 0], [0, 0, 0], 2)
    await seedWeek(database, 'two', noon, [0, 0, 0], [0, 0, 0], 1)
    hub = new Hub()
    start(hub)
  })

  const shown = (unitId: string) => hub.get('voltage', unitId)

  it('is filled from the database: newest windows, also of meters that fell silent, and weeks', async () => {
    await waitUntil('both units', () => hub.state('voltage').size === 2)
    assert.deepEqual(
      [shown('one')?.va_v, shown('one')?.bandA, shown('one')?.at, shown('one')?.week.drpPct],
      [116, 'precarious', new Date(noon - 10 * minute).toISOString(), 0.099206],
    )
    assert.deepEqual([shown('two')?.va_v, shown('two')?.feederId, shown('two')?.measurement], [120, 'f-2', null])
  })

  it('follows what is written, changes what changed and nothing else', async () => {
    const { version } = hub.state('voltage')
    await seedWeek(test.database, 'one', noon + 10 * minute, [1, 0, 0], [1, 0, 0], 3)
    await seedWindows(test.database, [{ unitId: 'one', at: noon, volts: 100, band: 'critical' }])
    await waitUntil('the new window', () => shown('one')?.bandA === 'critical')
    assert.deepEqual([shown('one')?.va_v, shown('one')?.week.validWindows], [100, 3])
    assert.equal(hub.state('voltage').version, version + 1)
  })

  it('shows the week that a correction of an older window made, and the newest window still', async () => {
    await seedWeek(test.database, 'one', noon + 10 * minute, [2, 0, 0], [1, 0, 0], 3)
    await seedWindows(test.database, [{ unitId: 'one', at: noon - 20 * minute, volts: 117, band: 'precarious' }])
    await waitUntil('the week', () => shown('one')?.week.drpPct === 0.198413)
    assert.equal(shown('one')?.va_v, 100)
  })

  it('shows an official measurement from its beginning to its end', async () => {
    const { database } = test
    await database.query(
      `insert into voltage_measurement (unit_id, kind, protocol, class, serial, calibrated_on, calibration_valid_until, device_key,
         portable, reference_v, phases, starts_at, gives_up_at, status, taken_until, scheduled_by, scheduled_at)
       select 'two', 'complaint', 'p-1', 'S', 's-1', '2026-01-01', '2027-01-01', device_key, false, 127, 'ABC',
         to_timestamp($1::float8 / 1000), to_timestamp($1::float8 / 1000) + interval '30 days', 'running',
         to_timestamp($1::float8 / 1000), 'ana', to_timestamp($1::float8 / 1000) from device where device_id = 'meter-of-two'`,
      [noon],
    )
    const running = await waitUntil('the measurement', () => shown('two')?.measurement || undefined)
    assert.deepEqual([running.kind, running.validWindows], ['complaint', 0])
    await database.query(`select ensure_partition('measurement_window', to_timestamp($1::float8 / 1000))`, [noon])
    await database.query(
      `insert into measurement_window (measurement_id, at, va_v, coverage, band_a)
       values ($1, to_timestamp($2::float8 / 1000), 100, 1, 'critical')`,
      [running.measurementId, noon],
    )
    await database.query(
      `update voltage_measurement set taken_until = to_timestamp($1::float8 / 1000) + interval '10 minutes'`,
      [noon],
    )
    await waitUntil('its window', () => shown('two')?.measurement?.drcPct === 0.099206)
    assert.equal(shown('two')?.measurement?.forecast, null)
    const limit = { used: 1, usedByPhase: [1], burnByTimeOfDay: [], probability: 0.4, brokenAt: null, breaks: null }
    const forecast = {
      ...{ valid: 1, remaining: 1_007, completeAt: noon, compensation: null },
      ...{ drp: { ...limit, budget: 30, expectedUsed: 9 }, drc: { ...limit, budget: 5, expectedUsed: 9 } },
    }
    for (const at of [noon + 10 * minute, noon + 20 * minute]) {
      forecasts.set(running.measurementId, { at, forecast })
      await waitUntil(
        'its forecast',
        () => shown('two')?.measurement?.forecast?.at === new Date(at).toISOString() || undefined,
      )
    }
    await database.query(
      `update voltage_measurement set status = 'abandoned', reason = 'x', abandoned_at = to_timestamp(0)`,
    )
    await waitUntil('its end', () => shown('two')?.measurement === null)
  })

  it('after a restart shows the same', async () => {
    const again = new Hub()
    start(again)
    await waitUntil('both units', () => again.state('voltage').size === 2)
    for (const unitId of ['one', 'two']) assert.deepEqual(again.get('voltage', unitId), shown(unitId))
  })

  it('shows so many units and no more', async () => {
    const small = new Hub()
    start(small, 1)
    await waitUntil('a unit', () => small.state('voltage').size === 1)
    await seedWindows(test.database, [
      { unitId: 'one', at: noon + 10 * minute, volts: 128 },
      { unitId: 'two', at: noon + 10 * minute, volts: 119 },
    ])
    await seedWeek(test.database, 'one', noon + 20 * minute, [2, 0, 0], [1, 0, 0], 4)
    await seedWeek(test.database, 'two', noon + 20 * minute, [0, 0, 0], [0, 0, 0], 2)
    await seedWindows(test.database, [{ unitId: 'one', at: noon + 10 * minute, volts: 129 }])
    await waitUntil('the windows', () => small.get('voltage', 'one')?.va_v === 129)
    assert.deepEqual(
      [...small.values('voltage')].map(({ unitId }) => unitId),
      ['one'],
    )
  })

  it('lets a unit go that has no meter any more, and follows one that moves to another feeder', async () => {
    await test.database.query(`update consumer_unit set feeder_id = 'f-2' where unit_id = 'one'`)
    await test.database.query(`delete from meter_assignment where unit_id = 'two'`)
    await waitUntil('the other feeder', () => shown('one')?.feederId === 'f-2')
    await waitUntil('its end', () => !shown('two'))
  })
})
