import type { Database } from '../../platform/storage/database.ts'
import { windowMs, windowStart } from './domain/windows.ts'
import type { StoredWindow } from './window-repository.ts'
import { windowColumns, windowOfRow, type WindowRow } from './window-row.ts'

/** A window of a unit: of the meter that it had at the window's beginning. */
export interface UnitWindow extends StoredWindow {
  readonly deviceId: string
}

/**
 * The windows of a unit, oldest first, of the meters that it had, each while it had it.
 * @param from   windows that begin from here on, UTC milliseconds: each ten minutes are looked for, so some weeks at most
 * @param until  and before this
 */
export async function windowsOfUnit(
  database: Database,
  unitId: string,
  from: number,
  until: number,
  limit = 10_000,
): Promise<UnitWindow[]> {
  const rows = await database.query<WindowRow & Omit<UnitWindow, 'invalid'>>(
    `select w.device_key as "deviceKey", device_id as "deviceId", ${windowColumns('w')}
     from meter_assignment a
     join device d using (device_key)
     cross join unnest($2::float8[]) as s (start)
     join voltage_window w on w.at = to_timestamp(start / 1000) and w.device_key = a.device_key
     where unit_id = $1 and validity @> w.at
     order by w.at limit $3`,
    [unitId, startsBetween(from, until), limit],
  )
  return rows.map(windowOfRow)
}

/** Beginnings of the windows from one instant on and before another: windows of one meter are found by them. */
function startsBetween(from: number, until: number): number[] {
  const first = Math.ceil(from / windowMs) * windowMs
  return Array.from(
    { length: Math.max(0, (windowStart(until - 1) - first) / windowMs + 1) },
    (_, index) => first + index * windowMs,
  )
}
