import type { Database } from '../../platform/storage/database.ts'
import type { InvalidEvidence, InvalidReason, PerPhase } from './domain/windows.ts'
import type { VoltageBand } from './domain/bands.ts'

/** A window of a unit: of the meter that it had at the window's beginning. */
export interface UnitWindow {
  readonly deviceId: string
  /** Its beginning, UTC milliseconds. */
  readonly start: number
  readonly volts: PerPhase<number>
  readonly coverage: number
  readonly bands: PerPhase<VoltageBand>
  readonly reason: InvalidReason | null
  readonly evidence: InvalidEvidence | null
}

/**
 * The windows of a unit, oldest first, of the meters that it had, each while it had it.
 * @param from   windows that begin from here on, UTC milliseconds
 * @param until  and before this
 */
export const unitWindows = (
  database: Database,
  unitId: string,
  { from, until, limit }: { from: number; until: number; limit: number },
): Promise<UnitWindow[]> =>
  database.query<UnitWindow>(
    `select device_id as "deviceId", extract(epoch from at)::float8 * 1000 as start, array[va_v, vb_v, vc_v] as volts,
       coverage, array[band_a, band_b, band_c]::text[] as bands, invalid_reason as reason, evidence
     from meter_assignment a
     join device d using (device_key)
     join voltage_window w on w.device_key = a.device_key and validity @> at
     where unit_id = $1 and at >= to_timestamp($2::float8 / 1000) and at < to_timestamp($3::float8 / 1000)
     order by at limit $4`,
    [unitId, from, until, limit],
  )

/** The newest window of a meter. */
export async function newestWindow(database: Database, deviceKey: number): Promise<UnitWindow | undefined> {
  const [row] = await database.query<UnitWindow>(
    `select device_id as "deviceId", extract(epoch from at)::float8 * 1000 as start, array[va_v, vb_v, vc_v] as volts,
       coverage, array[band_a, band_b, band_c]::text[] as bands, invalid_reason as reason, evidence
     from voltage_window join device using (device_key)
     where device_key = $1 order by at desc limit 1`,
    [deviceKey],
  )
  return row
}

/** Windows of a time, by what became of them. */
export interface WindowCounts {
  readonly windows: number
  readonly valid: number
  /** Valid ones with a phase in the critical band; with one in the precarious band and none in the critical; the others. */
  readonly critical: number
  readonly precarious: number
  readonly adequate: number
  /** Invalid ones by reason. */
  readonly interruption: number
  readonly vtcd: number
  readonly coverage: number
}

/** The windows of a unit that begin in a time (UTC milliseconds), counted. */
export async function countUnitWindows(
  database: Database,
  unitId: string,
  from: number,
  until: number,
): Promise<WindowCounts> {
  const [row] = await database.query<WindowCounts>(
    `select count(*)::integer as windows, count(*) filter (where invalid_reason is null)::integer as valid,
       count(*) filter (where invalid_reason is null and worst = 'critical')::integer as critical,
       count(*) filter (where invalid_reason is null and worst = 'precarious')::integer as precarious,
       count(*) filter (where invalid_reason is null and worst = 'adequate')::integer as adequate,
       count(*) filter (where invalid_reason = 'interruption')::integer as interruption,
       count(*) filter (where invalid_reason = 'vtcd')::integer as vtcd,
       count(*) filter (where invalid_reason = 'coverage')::integer as coverage
     from meter_assignment a
     join voltage_window w on w.device_key = a.device_key and validity @> at,
     lateral (select greatest(band_a, band_b, band_c) as worst) bands
     where unit_id = $1 and at >= to_timestamp($2::float8 / 1000) and at < to_timestamp($3::float8 / 1000)`,
    [unitId, from, until],
  )
  return row!
}
