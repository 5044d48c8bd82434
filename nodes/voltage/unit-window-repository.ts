import type { Database } from '../../platform/storage/database.ts'
import type { VoltageBand } from './domain/bands.ts'
import type { PerPhase } from './domain/sample.ts'
import type { InvalidEvidence, InvalidReason } from './domain/windows.ts'
import { startsBetween } from './window-repository.ts'

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
 * @param from   windows that begin from here on, UTC milliseconds: each ten minutes are looked for, so some weeks at most
 * @param until  and before this
 */
export const unitWindows = (
  database: Database,
  unitId: string,
  { from, until, limit }: { from: number; until: number; limit: number },
): Promise<UnitWindow[]> =>
  database.query<UnitWindow>(
    `select device_id as "deviceId", extract(epoch from w.at)::float8 * 1000 as start, array[va_v, vb_v, vc_v] as volts,
       coverage, array[band_a, band_b, band_c]::text[] as bands, invalid_reason as reason, evidence
     from meter_assignment a
     join device d using (device_key)
     cross join unnest($2::float8[]) as s (start)
     join voltage_window w on w.at = to_timestamp(start / 1000) and w.device_key = a.device_key
     where unit_id = $1 and validity @> w.at
     order by w.at limit $3`,
    [unitId, startsBetween(from, until), limit],
  )
