import assert from 'node:assert/strict'
import fc from 'fast-check'
import { afterEach, describe, it } from 'mocha'
import { Client } from 'pg'
import { waitUntil } from '../../platform/node/waiting.fixture.ts'
import { Database, DatabaseUnavailable } from '../../platform/storage/database.ts'
import { useDatabase } from '../../platform/storage/test-database.ts'
import { UnjudgedMeters } from './unjudged-meters.ts'
import { windowsOfUnit } from './unit-window-repository.ts'
import { begin, KeptField, minuteMs, type GivenReading } from './window-keeper.fixture.ts'

const windowMs = 10 * minuteMs
const dayMs = 86_400_000

/** Ten minutes of one meter, a reading a minute. */
const tenMinutes = (meter: string, start: number, volts: number): GivenReading[] =>
  Array.from({ length: 10 }, (_, minute) => ({
    meter,
    at: start + (minute + 1) * minuteMs,
    volts: [volts, null, null],
  }))

/** Again, as long as the connection is cut. */
async function persistently<T>(work: () => Promise<T>): Promise<T> {
  for (;;)
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof DatabaseUnavailable)) throw error
    }
}

describe('the keeper of windows', function () {
  this.timeout(60_000)
  const test = useDatabase()
  let kept: KeptField | undefined
  const field = () => (kept ??= new KeptField(test.database))
  afterEach(async () => {
    const errors = [...field().errors]
    await field().clear()
    assert.deepEqual(errors, [])
  })

  const inBrief = async () =>
    (await field().windows()).map(({ meter, start, volts }) => [meter, (start - begin) / windowMs, volts[0]])

  it('closes windows when their time has come', async () => {
    await field().unit('u-1')
    field().keeper()
    await field().store(tenMinutes('u-1', begin, 200))
    await field().settled()
    assert.deepEqual(await inBrief(), [])
    field().now = begin + windowMs
    await field().settled()
    assert.deepEqual(await inBrief(), [['u-1', 0, 200]])
    assert.deepEqual(await field().weeks(), [
      {
        ...{ meter: 'u-1', until: begin + windowMs, valid: 1, precarious_a: 1, precarious_b: 0, precarious_c: 0 },
        ...{ critical_a: 0, critical_b: 0, critical_c: 0 },
      },
    ])
  })

  it('corrects them when readings come late, and records it', async () => {
    await field().unit('u-1')
    field().keeper()
    await field().store([{ meter: 'u-1', at: begin + 5 * minuteMs, volts: [200, null, null], intervalS: 300 }])
    field().now = begin + 2 * windowMs
    await field().settled()
    await field().store([{ meter: 'u-1', at: begin + 10 * minuteMs, volts: [210, null, null], intervalS: 300 }])
    await field().store(tenMinutes('u-1', begin + windowMs, 180))
    await field().settled()
    assert.deepEqual(await inBrief(), [
      ['u-1', 0, Math.sqrt((200 ** 2 + 210 ** 2) / 2)],
      ['u-1', 1, 180],
    ])
    const [first, second] = await field().corrections()
    assert.deepEqual(first!.before, {
      ...{ volts: [200, null, null], coverage: 0.5, bands: ['precarious', null, null], invalid: 'coverage' },
      evidence: { phase: 'A', coverage: 0.5 },
    })
    assert.equal(first!.after.coverage, 1)
    assert.equal(second!.before, null)
    assert.deepEqual(await field().weeks(), await field().recountedWeeks())
  })

  it('gives each window to the unit that its meter measured when it began', async () => {
    await field().unit('u-1', { kept: `(,${new Date(begin + 25 * minuteMs).toISOString()})` })
    await field().meter('m-2', 127)
    await field().assign('u-1', 'm-2', `[${new Date(begin + 25 * minuteMs).toISOString()},)`)
    field().keeper()
    for (const window of [0, 1, 2]) {
      await field().store(tenMinutes('u-1', begin + window * windowMs, 215))
      await field().store(tenMinutes('m-2', begin + (window + 1) * windowMs, 190))
    }
    field().now = begin + 4 * windowMs
    await field().settled()
    const bands = (await field().windows()).map(({ meter, start, bands: of }) => [
      meter,
      (start - begin) / windowMs,
      of[0],
    ])
    assert.deepEqual(bands, [
      ['m-2', 1, 'critical'],
      ['m-2', 2, 'critical'],
      ['m-2', 3, 'critical'],
      ['u-1', 0, 'adequate'],
      ['u-1', 1, 'adequate'],
      ['u-1', 2, 'adequate'],
    ])
    const voltage = async (start: number) =>
      (await windowsOfUnit(field().database, 'u-1', start, start + windowMs)).map(({ volts }) => volts[0])
    assert.deepEqual(await voltage(begin + 2 * windowMs), [215])
    assert.deepEqual(await voltage(begin + 3 * windowMs), [190])
  })

  it('tells of meters that cannot be judged, and goes on with the others', async () => {
    await field().unit('u-1')
    await field().unit('u-100', { nominalV: 100 })
    await field().meter('bare')
    field().keeper()
    for (const meter of ['bare', 'u-1', 'u-100']) await field().store(tenMinutes(meter, begin, 99))
    field().now = begin + windowMs
    await field().settled()
    const bands = (await field().windows()).map(({ meter, bands: of, volts }) => [meter, volts[0], of[0]])
    assert.deepEqual(bands, [
      ['u-1', 99, 'critical'],
      ['u-100', 99, null],
    ])
    assert.deepEqual(new UnjudgedMeters().tell(field().unjudged, begin), [
      'voltage of u-100 cannot be judged: no bands are known for 100 V',
      'voltage of bare cannot be judged: no nominal voltage is known, neither its own nor that of a unit',
    ])
  })

  it('takes outages from events, whichever of the two instants becomes known last', async () => {
    await field().unit('u-1')
    for (const window of [0, 1, 2, 3]) await field().store(tenMinutes('u-1', begin + window * windowMs, 220))
    field().now = begin + 4 * windowMs
    field().keeper()
    await field().settled()
    const reasons = async () =>
      (await field().windows()).map((window) => (window as unknown as { reason: string | null }).reason)
    assert.deepEqual(await reasons(), [null, null, null, null])
    await field().store([], [{ meter: 'u-1', at: begin + 25 * minuteMs, type: 'power_restored' }])
    await field().settled()
    assert.deepEqual(await reasons(), [null, null, 'interruption', null])
    await field().store([], [{ meter: 'u-1', at: begin + 5 * minuteMs, type: 'power_lost' }])
    await field().settled()
    assert.deepEqual(await reasons(), ['interruption', 'interruption', 'interruption', null])
    await field().store([], [{ meter: 'u-1', at: begin + 30 * minuteMs + 500, type: 'vtcd', durationS: 2 }])
    await field().settled()
    assert.deepEqual(await reasons(), ['interruption', 'interruption', 'interruption', 'vtcd'])
  })

  it('computes again what the registry says otherwise', async () => {
    await field().meter('m-1', 127)
    await field().store(tenMinutes('m-1', begin, 125))
    field().keeper()
    field().now = begin + windowMs
    await field().settled()
    const bands = async () => (await field().windows()).map(({ bands: of }) => of[0])
    assert.deepEqual(await bands(), ['adequate'])
    await field().unit('u-1')
    await field()
      .assign('u-1', 'm-1', '[2020-01-01,2020-02-01)')
      .catch(() => undefined)
    await field().database.query(`delete from meter_assignment`)
    await field().assign('u-1', 'm-1', '[2020-01-01,)')
    await waitUntil('the other band', async () => (await bands())[0] === 'critical')
    await field().database.query('update consumer_unit set nominal_voltage_v = 120')
    await waitUntil('the first band again', async () => (await bands())[0] === 'adequate')
    assert.equal((await field().corrections()).length, 2)
  })

  it('judges what a meter reported before anybody said what it measures, also when it has been silent since', async () => {
    await field().meter('stranger')
    await field().store(tenMinutes('stranger', begin, 195))
    await field().unit('u-1')
    field().keeper()
    field().now = begin + 9 * dayMs
    await field().settled()
    assert.deepEqual(await field().windows(), [])
    await field().database.query(
      "insert into consumer_unit (unit_id, phases, nominal_voltage_v) values ('u-2', 'A', 220)",
    )
    await field().assign('u-2', 'stranger', '[2020-01-01,)')
    await waitUntil('its window', async () => (await field().windows()).length === 1)
    const asked = async () =>
      (
        await field().database.query<{ days: number }>('select count(*)::integer as days from voltage_recomputation')
      )[0]!
    await waitUntil('all of it', async () => (await asked()).days === 0)
    // A meter without readings asks for nothing.
    await field().stop()
    await field().unit('u-3')
    assert.equal((await asked()).days, 0)
  })

  it('does not wait for what nobody sends, nor close before what was kept has come', async () => {
    await field().unit('u-1')
    await field().store(tenMinutes('u-1', begin, 220))
    field().now = begin + windowMs
    field().keeper({ patienceMs: 3_600_000 })
    await field().settled()
    await field().stop()
    // Downtime of a day: the field has kept its readings, and begins to send them.
    const now = begin + dayMs + 2 * minuteMs
    field().now = now
    field().keeper({ patienceMs: 3_600_000 })
    for (const window of [1, 2, 3, 4]) await field().store(tenMinutes('u-1', begin + window * windowMs, 221))
    await waitUntil('the first ones', async () => (await inBrief()).length >= 2)
    await field().store(tenMinutes('u-1', begin + 5 * windowMs, 221))
    // Of the window that has begun: those that are over may close while these come in.
    for (let commit = 0; commit < 25; commit++)
      await field().store([{ meter: 'u-1', at: now - commit, volts: [220, null, null] }])
    await field().settled()
    assert.deepEqual(await field().corrections(), [])
    assert.equal((await inBrief()).length, 6)
    assert.deepEqual(await field().weeks(), await field().recountedWeeks())
  })

  it('gives what one computation gives, with two keepers whose connections are cut at any moment', async () => {
    const meters = Array.from({ length: 40 }, (_, n) => `u-${n}`)
    for (const meter of meters) await field().unit(meter)
    const reports: unknown[] = []
    const databases = [new Database(test.login), new Database(test.login)]
    const report = (error: unknown) => void reports.push(error)
    for (const database of databases) field().keeper({ report }, database)
    const cutter = new Client(test.login)
    await cutter.connect()
    try {
      const own = databases[0]!
      await own.ready()
      const cut = () =>
        cutter.query(
          `select pg_terminate_backend(pid) from pg_stat_activity
           where pid <> pg_backend_pid() and usename = current_user and (xact_start is not null or random() < 0.3)`,
        )
      const stored: GivenReading[] = []
      for (let window = 0; window < 18; window++) {
        const late = new Set(window % 3 === 0 ? meters.slice(0, 20) : [])
        const readingsOf = (of: readonly string[]) =>
          of.flatMap((meter, n) => tenMinutes(meter, begin + window * windowMs, 180 + ((n * 7 + window * 13) % 60)))
        stored.push(...readingsOf(meters.filter((meter) => late.has(meter))))
        await persistently(() => field().store(readingsOf(meters.filter((meter) => !late.has(meter)))))
        field().now = begin + (window + 1) * windowMs
        if (window % 2 === 0) await cut()
        if (window % 6 === 5) await persistently(() => field().store(stored.splice(0)))
        await cut()
      }
      await persistently(() => field().settled())
      const [windows, weeks] = [await field().windows(), await field().weeks()]
      assert.equal(windows.length, meters.length * 18)
      assert.deepEqual(weeks, await field().recountedWeeks())
      await field().stop()
      await field().forgetWindows()
      field().keeper()
      await field().settled()
      assert.deepEqual(windows, await field().windows())
      assert.deepEqual(reports, [])
    } finally {
      await field().stop()
      await cutter.end()
      for (const database of databases) await database.close()
    }
  })

  it('keeps the same windows and weeks however commits, closings, lateness, crashes and keepers fall', async function () {
    this.timeout(240_000)
    const meters = ['u-1', 'u-2', 'u-3']
    const reading = fc.record({
      meter: fc.constantFrom(...meters),
      at: fc.integer({ min: 1, max: 12 * 24 * 60 }).map((minute) => begin + minute * minuteMs),
      volts: fc.tuple(fc.constantFrom(180, 195, 220, 240), fc.constantFrom(180, 220, null), fc.constant(null)),
      intervalS: fc.constantFrom(1, 60, 600),
    })
    const burst = fc
      .tuple(fc.constantFrom(...meters), fc.integer({ min: 0, max: 12 * 144 }), fc.constantFrom(180, 195, 220))
      .map(([meter, window, volts]) => tenMinutes(meter, begin + window * windowMs, volts))
    const commit = fc.oneof(fc.array(reading, { minLength: 1, maxLength: 10 }), burst)
    const step = fc.oneof(
      { arbitrary: commit.map((readings) => ({ store: readings })), weight: 5 },
      {
        arbitrary: fc.integer({ min: 0, max: 12 * 1_440 }).map((minute) => ({ clock: begin + minute * minuteMs })),
        weight: 2,
      },
      { arbitrary: fc.constant({ crash: true }), weight: 1 },
      { arbitrary: fc.constant({ second: true }), weight: 1 },
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
        await field().clear()
        await field().unit('u-1')
        await field().unit('u-2', { phases: 'AB' })
        await field().unit('u-3', { phases: 'ABC', nominalV: 100 })
        field().keeper()
        for (const now of steps) {
          if ('store' in now) await field().store(now.store)
          else if ('clock' in now) field().now = now.clock
          else if ('second' in now) field().keeper()
          else {
            await field().stop()
            field().keeper()
          }
        }
        await field().settled()
        const [windows, weeks] = [await field().windows(), await field().weeks()]
        assert.deepEqual(weeks, await field().recountedWeeks())
        await field().stop()
        // Once more from nothing, all stored before, in one go.
        await field().forgetWindows()
        field().keeper()
        await field().settled()
        const from = field().now - 7 * dayMs
        const closed = (all: typeof windows) =>
          all.filter(({ start }) => start >= from && start + windowMs <= field().now)
        assert.deepEqual(closed(windows), closed(await field().windows()))
        assert.deepEqual(field().errors, [])
      }),
      { numRuns: 8, endOnFailure: true },
    )
  })
})
