import type { Database } from '../../platform/storage/database.ts'
import type { VoltageBand } from './domain/bands.ts'
import type { PerPhase } from './domain/sample.ts'
import type { InvalidEvidence, InvalidReason } from './domain/windows.ts'

/** A window as it stood. */
export interface WindowState {
  readonly volts: PerPhase<number>
  readonly coverage: number
  readonly bands: PerPhase<VoltageBand>
  readonly invalid: InvalidReason | null
  readonly evidence: InvalidEvidence | null
}

/** What became of a window after it was closed. Instants are UTC milliseconds. */
export interface WindowCorrection {
  readonly deviceId: string
  readonly start: number
  readonly correctedAt: number
  /** Of the transaction that wrote it: corrections of one window in their order. */
  readonly changed: number
  /** Newest commit that brought something for it late; null where the registry or the clock made it so. */
  readonly batchId: number | null
  /** Null: there was none. */
  readonly before: WindowState | null
  readonly after: WindowState
}

/**
 * Corrections of the windows of a unit, of the meters that it had, each while it had it: by window, and of one in their order.
 * @param from   windows that begin from here on, UTC milliseconds
 * @param until  and before this
 * @param after  the last one seen
 */
export const correctionsOfUnit = (
  database: Database,
  unitId: string,
  page: { from: number; until: number; after: { start: number; changed: number } | undefined; limit: number },
): Promise<WindowCorrection[]> =>
  database.query<WindowCorrection>(
    `select device_id as "deviceId", extract(epoch from c.at)::float8 * 1000 as start, changed::float8 as changed,
       extract(epoch from corrected_at)::float8 * 1000 as "correctedAt", batch_id::float8 as "batchId", before, after
     from meter_assignment a
     join device using (device_key)
     join voltage_correction c on c.device_key = a.device_key and validity @> c.at
     where unit_id = $1 and c.at >= to_timestamp($2::float8 / 1000) and c.at < to_timestamp($3::float8 / 1000)
       and ($4::float8 is null or (c.at, changed) > (to_timestamp($4 / 1000), $5::bigint))
     order by c.at, changed limit $6`,
    [unitId, page.from, page.until, page.after?.start ?? null, page.after?.changed ?? null, page.limit],
  )
