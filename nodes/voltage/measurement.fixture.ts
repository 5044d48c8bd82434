import { Partitions } from '../../platform/storage/partitions.ts'
import type { Queries } from '../../platform/storage/queries.ts'
import type { TestDatabase } from '../../platform/storage/test-database.ts'
import { classify, bandLimitsOf } from './domain/bands.ts'
import { windowMs, type VoltageWindow } from './domain/windows.ts'
import { saveCharges } from './charge-repository.ts'
import { MeasurementKeeper } from './measurement-keeper.ts'
import { beginProgress, nextChange } from './progress-repository.ts'

const dayMs = 86_400_000

/** A field of three-phase units of 220 V with a meter each, whose windows stand closed as a test says, and the keeper of its measurements. */
export class MeasuredField {
  readonly #test: TestDatabase
  readonly #keepers: MeasurementKeeper[] = []
  /** UTC milliseconds. */
  now: number
  readonly errors: unknown[] = []

  constructor(test: TestDatabase, now: number) {
    this.#test = test
    this.now = now
  }

  get database() {
    return this.#test.database
  }

  /** @returns the key of its meter */
  async addUnit(unitId: string, siteId: string | null = null): Promise<number> {
    const { database } = this
    if (siteId) await database.query('insert into site (site_id) values ($1) on conflict do nothing', [siteId])
    const [device] = await database.query<{ key: number }>(
      `insert into device (device_id, kind, status, nominal_voltage_v) values ($1, 'meter', 'active', 220) returning device_key as key`,
      [`meter-of-${unitId}`],
    )
    await database.query(
      `insert into consumer_unit (unit_id, phases, nominal_voltage_v, site_id) values ($1, 'ABC', 220, $2)`,
      [unitId, siteId],
    )
    await database.query(`insert into meter_assignment values ($1, $2, '[2020-01-01,)')`, [unitId, device!.key])
    return device!.key
  }

  /** @returns the id of a measurement with a unit's meter */
  async schedule(unitId: string, startsAt: number, kind = 'complaint'): Promise<number> {
    const [row] = await this.database.query<{ id: number }>(
      `insert into voltage_measurement (unit_id, kind, quarter, class, serial, calibrated_on, calibration_valid_until, device_key, portable,
         reference_v, phases, starts_at, taken_until, gives_up_at, scheduled_by, scheduled_at)
       select unit_id, $3::measurement_kind,
         case when $3 = 'sample' then date_trunc('quarter', to_timestamp($2::float8 / 1000))::date end, 'A', 'SN-1', '2026-01-01',
         '2028-01-01', device_key, false, 220, 'ABC', to_timestamp($2::float8 / 1000), to_timestamp($2::float8 / 1000),
         to_timestamp($2::float8 / 1000) + interval '21 days', 'operator', to_timestamp($2::float8 / 1000)
       from meter_assignment where unit_id = $1 returning measurement_id as id`,
      [unitId, startsAt, kind],
    )
    return row!.id
  }

  /**
   * Writes windows of a meter, one transaction as their keeper does.
   * @param volts  of phases A, B and C by window, or of all three; null: a window that an interruption makes invalid; undefined: none
   */
  async write(
    deviceKey: number,
    from: number,
    volts: readonly (number | readonly [number, number, number] | null | undefined)[],
  ): Promise<void> {
    const partitions = new Partitions(this.database)
    for (let at = from; at <= from + volts.length * windowMs; at += dayMs) await partitions.ensure('voltage_window', at)
    await partitions.ensure('voltage_window', from + volts.length * windowMs)
    const limits = bandLimitsOf(220, '2026-01-01')
    const rows = volts.flatMap((each, index) => {
      if (each === undefined) return []
      const perPhase = each === null ? [0, 0, 0] : typeof each === 'number' ? [each, each, each] : each
      const bands = perPhase.map((value) => classify(value, limits))
      return [{ at: from + index * windowMs, perPhase, bands, invalid: each === null }]
    })
    const column = <T>(of: (row: (typeof rows)[number]) => T): T[] => rows.map(of)
    const changed = await this.#nextChange()
    await this.database.query(
      `insert into voltage_window (device_key, at, changed, va_v, vb_v, vc_v, coverage, band_a, band_b, band_c, invalid_reason, evidence)
       select $1, to_timestamp(at / 1000), $10::bigint, va, vb, vc, 1, a, b, c,
         case when invalid then 'interruption'::invalid_window end, case when invalid then '{"volts": 0}'::jsonb end
       from unnest($2::float8[], $3::float8[], $4::float8[], $5::float8[], $6::voltage_band[], $7::voltage_band[], $8::voltage_band[],
         $9::boolean[]) as r (at, va, vb, vc, a, b, c, invalid)
       on conflict (device_key, at) do update set changed = excluded.changed, va_v = excluded.va_v, vb_v = excluded.vb_v,
         vc_v = excluded.vc_v, band_a = excluded.band_a, band_b = excluded.band_b, band_c = excluded.band_c,
         invalid_reason = excluded.invalid_reason, evidence = excluded.evidence`,
      [
        deviceKey,
        column(({ at }) => at),
        ...[0, 1, 2].map((phase) => column(({ perPhase }) => perPhase[phase])),
        ...[0, 1, 2].map((phase) => column(({ bands }) => bands[phase])),
        column(({ invalid }) => invalid),
        changed,
      ],
    )
  }

  #nextChange(): Promise<number> {
    return this.database.transaction(async (client) => {
      await beginProgress(client, 0, 0)
      return nextChange(client)
    })
  }

  /** Says that all windows that end by an instant are there, and that it is so late. */
  async closeUntil(at: number): Promise<void> {
    this.now = at
    await this.database.query(
      `insert into voltage_progress (closed_until, closing_until) values (to_timestamp($1::float8 / 1000), to_timestamp($1::float8 / 1000))
       on conflict (only_row) do update set closed_until = excluded.closed_until, closing_until = excluded.closing_until`,
      [at],
    )
  }

  /** Rounds of keepers at the same time, each of an instance of its own. */
  async round(instances = 1): Promise<void> {
    while (this.#keepers.length < instances)
      this.#keepers.push(
        new MeasurementKeeper(this.database, {
          clock: { now: () => this.now },
          // It goes by the test's rounds alone.
          clockIsSet: () => false,
          timeZone: 'America/Sao_Paulo',
          report: (error) => this.errors.push(error),
        }),
      )
    await Promise.all(this.#keepers.slice(0, instances).map((keeper) => keeper.runOnce()))
  }

  /** Writes windows from an instant on, closes them and does a round. @returns their end */
  async measure(deviceKey: number, from: number, volts: Parameters<MeasuredField['write']>[2]): Promise<number> {
    const end = from + volts.length * windowMs
    await this.write(deviceKey, from, volts)
    await this.closeUntil(end)
    await this.round()
    return end
  }

  /** Enters the EUSD of a unit for a month `YYYY-MM`. */
  async charge(unitId: string, month: string, eusdBrl: number): Promise<void> {
    await this.database.transaction((client) =>
      saveCharges(client, [{ unitId, month, eusdBrl, source: 'billing' }], 'admin', this.now),
    )
  }

  async close(): Promise<void> {
    await Promise.all(this.#keepers.map((keeper) => keeper.close()))
  }
}

/** So many windows each of these voltages, the others at 220 V. */
export const week = (of: { readonly precarious?: number; readonly critical?: number }, windows = 1_008): number[] => [
  ...Array<number>(of.precarious ?? 0).fill(200),
  ...Array<number>(of.critical ?? 0).fill(190),
  ...Array<number>(windows - (of.precarious ?? 0) - (of.critical ?? 0)).fill(220),
]

/** What became of windows after they counted in a result, by its version and in their order. */
export const correctionsOf = (
  queries: Queries,
  measurementId: number,
): Promise<{ readonly version: number; readonly before: VoltageWindow; readonly after: VoltageWindow }[]> =>
  queries.query(
    'select version, before, after from measurement_correction where measurement_id = $1 order by version, at',
    [measurementId],
  )
