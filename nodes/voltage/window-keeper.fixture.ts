import { civilDaysIn } from '../../platform/clock/civil-day.ts'
import { waitUntil } from '../../platform/node/waiting.fixture.ts'
import { DatabaseUnavailable, type Database } from '../../platform/storage/database.ts'
import { Partitions } from '../../platform/storage/partitions.ts'
import { limitsByDay } from './domain/measuring-point.ts'
import type { PerPhase } from './domain/sample.ts'
import type { StoredWindow } from './window-repository.ts'
import { WindowKeeper, type KeeperOptions } from './window-keeper.ts'

export const begin = Date.UTC(2026, 10, 20, 12)
export const minuteMs = 60_000

/** A reading of a meter, as it is stored. `at` in UTC milliseconds. */
export interface GivenReading {
  readonly meter: string
  readonly at: number
  readonly volts: PerPhase<number>
  readonly intervalS?: number
  readonly quality?: 'good' | 'late' | 'questionable' | 'invalid' | 'server-time'
}

export interface GivenEvent {
  readonly meter: string
  readonly at: number
  readonly type: 'power_lost' | 'power_restored' | 'vtcd'
  readonly durationS?: number
}

/** A field whose meters store what a test says, under a clock that it sets. */
export class KeptField {
  readonly database: Database
  readonly errors: unknown[] = []
  readonly unjudged: { deviceId: string; reason: string }[] = []
  now = begin
  #partitions: Partitions
  #keepers = new Set<WindowKeeper>()

  constructor(database: Database) {
    this.database = database
    this.#partitions = new Partitions(database)
  }

  /** A meter that measures a unit of the same name, for ever. */
  async unit(name: string, { phases = 'A', nominalV = 220, kept = '(,)' } = {}): Promise<void> {
    await this.meter(name)
    await this.database.query('insert into consumer_unit (unit_id, phases, nominal_voltage_v) values ($1, $2, $3)', [
      ...[name, phases, nominalV],
    ])
    await this.assign(name, name, kept)
  }

  async meter(name: string, nominalV: number | null = null): Promise<void> {
    await this.database.query(
      `insert into device (device_id, kind, status, nominal_voltage_v) values ($1, 'meter', 'active', $2)`,
      [name, nominalV],
    )
  }

  async assign(unit: string, meter: string, validity: string): Promise<void> {
    await this.database.query(
      'insert into meter_assignment select $1, device_key, $3::tstzrange from device where device_id = $2',
      [unit, meter, validity],
    )
  }

  /** One commit. */
  async store(readings: readonly GivenReading[], events: readonly GivenEvent[] = []): Promise<void> {
    for (const { at } of readings) await this.#partitions.ensure('meter_reading', at)
    const instants = [...readings, ...events].map(({ at }) => at)
    await this.database.transaction(async (client) => {
      await client.query(
        `with batch as (select nextval('batch_number') as id)
         insert into meter_reading (at, batch_id, device_key, quality, va_v, vb_v, vc_v, interval_s, aggregation)
         select to_timestamp(at / 1000), id, device_key, quality, va, vb, vc, interval_s, 'rms'
         from batch, unnest($1::text[], $2::float8[], $3::float8[], $4::float8[], $5::float8[], $6::float8[], $7::reading_quality[])
           as r (meter, at, va, vb, vc, interval_s, quality) join device on device_id = meter
         on conflict do nothing`,
        [
          readings.map(({ meter }) => meter),
          readings.map(({ at }) => at),
          ...[0, 1, 2].map((phase) => readings.map(({ volts }) => volts[phase])),
          readings.map(({ intervalS }) => intervalS ?? 60),
          readings.map(({ quality }) => quality ?? 'good'),
        ],
      )
      if (readings.length === 0) await client.query(`select nextval('batch_number')`)
      for (const { meter, at, type, durationS } of events)
        await client.query(
          `insert into field_event (device_key, event_id, at, received_at, batch_id, type, quality, duration_s)
           select device_key, $3 || $2, to_timestamp($2::float8 / 1000), to_timestamp($2::float8 / 1000), currval('batch_number'),
             $3::text::field_event_type, 'good', $4 from device where device_id = $1`,
          [meter, at, type, durationS ?? null],
        )
      await client.query(
        `select append_batch(currval('batch_number'), $1, $2, to_timestamp($3::float8 / 1000), to_timestamp($4::float8 / 1000),
           to_timestamp($5::float8 / 1000))`,
        [readings.length, events.length, Math.min(...instants), Math.max(...instants), this.now],
      )
    })
  }

  keeper(options: Partial<KeeperOptions> = {}, database = this.database): WindowKeeper {
    const keeper = new WindowKeeper(database, {
      clock: { now: () => this.now, simulated: undefined },
      clockIsSet: () => true,
      ...{ settleMs: 0, keptMs: 45 * 86_400_000, patienceMs: 0, leastCoverage: 0.9 },
      limitsOf: limitsByDay(civilDaysIn('America/Sao_Paulo').dayOf),
      progress: () => undefined,
      unjudged: (meters) => void this.unjudged.push(...meters),
      report: (error) => void this.errors.push(error),
      ...options,
    })
    this.#keepers.add(keeper)
    return keeper
  }

  /** Ends all keepers, and with them what they are doing. */
  async stop(): Promise<void> {
    await Promise.all([...this.#keepers].map((keeper) => keeper.close()))
    this.#keepers.clear()
  }

  /** Waits until all is closed that is due, and all corrected that came late. */
  async settled(): Promise<void> {
    const due = Math.floor(this.now / 600_000) * 600_000
    const asked = async () => {
      const [state] = await this.database.query<{ closed: number; closing: number; again: number; behind: number }>(
        `select extract(epoch from closed_until)::float8 * 1000 as closed, extract(epoch from closing_until)::float8 * 1000 as closing,
           (select count(*)::integer from voltage_recomputation) as again,
           (select count(*)::integer from batch_log
            where position > coalesce((select position from consumer_cursor where consumer = 'voltage-windows'), 0)) as behind
         from voltage_progress`,
      )
      return state
    }
    try {
      await waitUntil('the windows to be kept', async () => {
        const state = await asked()
        if (!state || state.closing !== state.closed || state.again > 0 || state.behind > 0) return false
        // A clock that goes back by one window opens nothing again.
        return state.closed === due || state.closed === due + 600_000
      })
    } catch (error) {
      if (error instanceof DatabaseUnavailable) throw error
      throw new Error(`windows are not kept until ${due}: ${JSON.stringify(await asked())}`, { cause: error })
    }
  }

  windows(): Promise<(Omit<StoredWindow, 'deviceKey'> & { meter: string })[]> {
    return this.database.query(
      `select device_id as meter, extract(epoch from at)::float8 * 1000 as start, array[va_v, vb_v, vc_v] as volts,
         coverage::float8 as coverage, array[band_a, band_b, band_c]::text[] as bands, invalid_reason as reason, evidence
       from voltage_window join device using (device_key) order by device_id, at`,
    )
  }

  weeks(): Promise<Record<string, unknown>[]> {
    return this.database.query(
      `select device_id as meter, extract(epoch from until)::float8 * 1000 as until, valid, precarious_a, precarious_b, precarious_c,
         critical_a, critical_b, critical_c
       from voltage_week join device using (device_key) where valid > 0 order by device_id`,
    )
  }

  /** The weeks as they are when they are counted from the windows. */
  recountedWeeks(): Promise<Record<string, unknown>[]> {
    return this.database.query(
      `select device_id as meter, extract(epoch from closed_until)::float8 * 1000 as until,
         (count(*) filter (where good))::integer as valid,
         (count(*) filter (where good and band_a = 'precarious'))::integer as precarious_a,
         (count(*) filter (where good and band_b = 'precarious'))::integer as precarious_b,
         (count(*) filter (where good and band_c = 'precarious'))::integer as precarious_c,
         (count(*) filter (where good and band_a = 'critical'))::integer as critical_a,
         (count(*) filter (where good and band_b = 'critical'))::integer as critical_b,
         (count(*) filter (where good and band_c = 'critical'))::integer as critical_c
       from voltage_progress
       join (select *, invalid_reason is null as good from voltage_window) w on at < closed_until and at >= closed_until - interval '7 days'
       join device using (device_key)
       where good group by device_id, closed_until order by device_id`,
    )
  }

  corrections(): Promise<{ meter: string; at: Date; before: unknown; after: { coverage: number } }[]> {
    return this.database.query(
      'select device_id as meter, at, before, after from voltage_correction join device using (device_key) order by corrected_at, device_id, at',
    )
  }

  /** Forgets what was made of readings, as if nobody had begun. */
  async forgetWindows(): Promise<void> {
    for (const table of ['voltage_window', 'voltage_week', 'voltage_recomputation', 'voltage_progress'])
      await this.database.query(`delete from ${table}`)
  }

  /** Forgets all that was measured, and by whom; corrections stay, as they do in operation, of meters that nobody knows any more. */
  async clear(): Promise<void> {
    await this.stop()
    await this.forgetWindows()
    for (const table of [
      'meter_reading',
      'field_event',
      'batch_log',
      'consumer_cursor',
      'meter_assignment',
      'consumer_unit',
      'device',
    ])
      await this.database.query(`delete from ${table}`)
    this.errors.length = 0
    this.unjudged.length = 0
    this.now = begin
  }
}
