import type { Database } from '../../platform/storage/database.ts'
import { Partitions } from '../../platform/storage/partitions.ts'

export interface SeededUnit {
  readonly unitId: string
  readonly feederId: string
  readonly nominalV?: number
  readonly phases?: string
}

/** Units with a meter each: `meter-of-<unit>`. */
export async function seedUnits(database: Database, units: readonly SeededUnit[]): Promise<void> {
  for (const feederId of new Set(units.map(({ feederId }) => feederId)))
    await database.query('insert into feeder (feeder_id) values ($1) on conflict do nothing', [feederId])
  for (const { unitId, feederId, nominalV = 127, phases = 'ABC' } of units) {
    await database.query(
      'insert into consumer_unit (unit_id, feeder_id, phases, nominal_voltage_v) values ($1, $2, $3, $4)',
      [unitId, feederId, phases, nominalV],
    )
    await database.query(`insert into device (device_id, kind, status) values ('meter-of-' || $1, 'meter', 'active')`, [
      unitId,
    ])
    await database.query(
      `insert into meter_assignment select $1, device_key, '[2020-01-01,)' from device where device_id = 'meter-of-' || $1`,
      [unitId],
    )
  }
}

export interface SeededWindow {
  readonly unitId: string
  /** Its beginning, UTC milliseconds. */
  readonly at: number
  /** Of phase A, V; the others have none. */
  readonly volts: number
  readonly band?: 'adequate' | 'precarious' | 'critical'
  readonly invalid?: { readonly reason: 'interruption' | 'vtcd' | 'coverage'; readonly evidence: object }
}

/** Windows of one transaction, of the meters of `seedUnits`. */
export async function seedWindows(database: Database, windows: readonly SeededWindow[]): Promise<void> {
  const partitions = new Partitions(database)
  await database.query(
    'insert into voltage_progress (closed_until, closing_until) values (to_timestamp(0), to_timestamp(0)) on conflict do nothing',
  )
  for (const { at } of windows) await partitions.ensure('voltage_window', at)
  await database.query(
    `with next_change as (update voltage_progress set changed = changed + 1 returning changed as change)
     insert into voltage_window (device_key, at, changed, va_v, coverage, band_a, invalid_reason, evidence)
     select device_key, to_timestamp(at / 1000), change, volts, case when reason is null then 1 else 0.5 end, band, reason, evidence
     from next_change,
       unnest($1::text[], $2::float8[], $3::float8[], $4::voltage_band[], $5::invalid_window[], $6::jsonb[])
         as w (unit_id, at, volts, band, reason, evidence)
     join device on device_id = 'meter-of-' || unit_id
     on conflict (at, device_key) do update set changed = excluded.changed, va_v = excluded.va_v, band_a = excluded.band_a,
       coverage = excluded.coverage, invalid_reason = excluded.invalid_reason, evidence = excluded.evidence`,
    [
      windows.map(({ unitId }) => unitId),
      windows.map(({ at }) => at),
      windows.map(({ volts }) => volts),
      windows.map(({ band = 'adequate' }) => band),
      windows.map(({ invalid }) => invalid?.reason ?? null),
      windows.map(({ invalid }) => invalid && JSON.stringify(invalid.evidence)),
    ],
  )
}

/** The rolling week of a unit's meter, precarious and critical windows by phase A, B, C. */
export const seedWeek = (
  database: Database,
  unitId: string,
  until: number,
  [pa, pb, pc]: readonly [number, number, number],
  [ca, cb, cc]: readonly [number, number, number],
  valid = 1_008,
) =>
  database.query(
    `insert into voltage_week (device_key, until, valid, precarious_a, precarious_b, precarious_c, critical_a, critical_b, critical_c)
     select device_key, to_timestamp($2::float8 / 1000), $3, $4, $5, $6, $7, $8, $9 from device where device_id = 'meter-of-' || $1
     on conflict (device_key) do update set until = excluded.until, valid = excluded.valid,
       precarious_a = excluded.precarious_a, precarious_b = excluded.precarious_b, precarious_c = excluded.precarious_c,
       critical_a = excluded.critical_a, critical_b = excluded.critical_b, critical_c = excluded.critical_c`,
    [unitId, until, valid, pa, pb, pc, ca, cb, cc],
  )
