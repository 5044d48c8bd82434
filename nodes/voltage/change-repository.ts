import type { PoolClient } from 'pg'
import type { Database } from '../../platform/storage/database.ts'
import type { StoredWindow } from './window-repository.ts'
import { windowColumns, windowOfRow, type WindowRow } from './window-row.ts'

/** A window that was written, for the first time or again, with what the registry says of its meter at the window's start. */
export interface ChangedWindow extends StoredWindow {
  /** Position in the order of commits; all windows of one transaction share it. */
  readonly changed: number
  readonly deviceId: string
  readonly unitId: string | null
  /** The meter's own, else that of its unit or site. */
  readonly feederId: string | null
}

/**
 * What was written after a position, in the order of commits: each window as it stands now, so one that changed twice comes
 * once. Whoever has seen position n has seen all up to n. Of a transaction all windows come or none: go on from the last
 * one's `changed`.
 * @param position  `changed` of the last one seen; 0 from the beginning
 * @param most      so many windows and at most one transaction's more (some ten thousand)
 */
export async function windowsChangedAfter(
  client: Pick<PoolClient, 'query'>,
  position: number,
  most: number,
): Promise<ChangedWindow[]> {
  const { rows } = await client.query<WindowRow & Omit<ChangedWindow, 'invalid'>>(
    `with up_to as (
       select max(changed) as changed
       from (select changed from voltage_window where changed > $1 order by changed limit $2) next
     )
     select w.changed::float8 as changed, w.device_key as "deviceKey", ${windowColumns('w')},
       device_id as "deviceId", unit_id as "unitId",
       coalesce(d.feeder_id, u.feeder_id, s.feeder_id) as "feederId"
     from voltage_window w
     join device d using (device_key)
     left join meter_assignment a on a.device_key = w.device_key and validity @> w.at
     left join consumer_unit u using (unit_id)
     left join site s on s.site_id = coalesce(d.site_id, u.site_id)
     where w.changed > $1 and w.changed <= (select changed from up_to)
     order by w.changed, w.device_key, w.at`,
    [position, most],
  )
  return rows.map(windowOfRow)
}

/**
 * Transactions that wrote windows after a position, and how many windows each, oldest first: as many transactions as make up
 * `most` windows. Of the last one fewer may be counted.
 */
export async function changesAfter(
  client: Pick<PoolClient, 'query'>,
  position: number,
  most: number,
): Promise<{ position: number; windows: number }[]> {
  const { rows } = await client.query<{ position: number; windows: number }>(
    `select changed::float8 as position, count(*)::integer as windows
     from (select changed from voltage_window where changed > $1 order by changed limit $2) next
     group by changed order by changed`,
    [position, most],
  )
  return rows
}

/** Counted exactly up to here: the first round of a new consumer may stand before all windows there are. */
const mostCounted = 1_000_000

/** How many transactions wrote windows after a position, and how many windows; a million windows at most are counted. */
export async function countChangesAfter(
  database: Pick<Database, 'query'>,
  position: number,
): Promise<{ changes: number; windows: number }> {
  const [row] = await database.query<{ changes: number; windows: number }>(
    `select count(distinct changed)::integer as changes, count(*)::integer as windows
     from (select changed from voltage_window where changed > $1 order by changed limit $2) next`,
    [position, mostCounted],
  )
  return row!
}

/** Position of the last transaction that wrote windows; 0 where none has. */
export async function lastChange(database: Pick<Database, 'query'>): Promise<number> {
  const [row] = await database.query<{ position: number }>(
    'select coalesce(max(changed), 0)::float8 as position from voltage_progress',
  )
  return row!.position
}

/**
 * Meters of which windows were written after a position, and up to which one that tells: as many transactions as make up `most`
 * windows, whole ones.
 * @returns undefined where none was
 */
export async function metersChangedAfter(
  database: Pick<Database, 'query'>,
  position: number,
  most: number,
): Promise<{ position: number; deviceKeys: number[] } | undefined> {
  const [row] = await database.query<{ position: number | null; deviceKeys: number[] }>(
    `select max(changed)::float8 as position, array_agg(distinct device_key) as "deviceKeys"
     from voltage_window
     where changed > $1
       and changed <= (select max(changed) from (select changed from voltage_window where changed > $1 order by changed limit $2) next)`,
    [position, most],
  )
  return row && row.position !== null ? { position: row.position, deviceKeys: row.deviceKeys } : undefined
}
