import type { Database } from '../../platform/storage/database.ts'
import type { PerPhase } from './domain/windows.ts'

/** The rolling seven days of a meter: how many valid windows, and how many of them in each band by phase. */
export interface VoltageWeek {
  readonly deviceKey: number
  /** End of the last window that counts, UTC milliseconds. */
  readonly until: number
  readonly valid: number
  readonly precarious: PerPhase<number>
  readonly critical: PerPhase<number>
}

const weekColumns = `
  extract(epoch from w.until)::float8 * 1000 as until, w.valid,
  array[precarious_a, precarious_b, precarious_c] as precarious, array[critical_a, critical_b, critical_c] as critical`

/** The weeks of these meters, of those that have one. */
export const weeksOf = (database: Database, deviceKeys: readonly number[]): Promise<VoltageWeek[]> =>
  database.query<VoltageWeek>(
    `select device_key as "deviceKey", ${weekColumns} from voltage_week w where device_key = any ($1)`,
    [deviceKeys],
  )
