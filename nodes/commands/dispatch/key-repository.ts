import { milliseconds } from '../../../platform/storage/milliseconds.ts'
import type { Queries } from '../../../platform/storage/queries.ts'

/** The latest time that the key of a device was told. */
export interface IssuedKey {
  readonly deviceId: string
  /** 1 for the first time: each is another key. */
  readonly issue: number
  readonly issuedBy: string
  /** UTC milliseconds of the wall. */
  readonly issuedAt: number
}

/** Lets the device's next key hold from now on. @param at  UTC milliseconds of the wall */
export async function issueKey(queries: Queries, deviceId: string, by: string, at: number): Promise<IssuedKey> {
  const [issued] = await queries.query<IssuedKey>(
    `insert into command_key (device_id, issue, issued_by, issued_at) values ($1, 1, $2, to_timestamp($3::float8 / 1000))
     on conflict (device_id) do update set issue = command_key.issue + 1, issued_by = excluded.issued_by,
       issued_at = excluded.issued_at
     returning ${columns}`,
    [deviceId, by, at],
  )
  return issued!
}

/** @returns undefined where it was never told */
export async function findKey(queries: Queries, deviceId: string): Promise<IssuedKey | undefined> {
  const [found] = await queries.query<IssuedKey>(`select ${columns} from command_key where device_id = $1`, [deviceId])
  return found
}

/** Which key of these devices holds, by device; those are missing of which none was told. */
export async function keyIssues(queries: Queries, deviceIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
  if (deviceIds.length === 0) return new Map()
  const rows = await queries.query<IssuedKey>(`select ${columns} from command_key where device_id = any ($1::text[])`, [
    deviceIds,
  ])
  return new Map(rows.map(({ deviceId, issue }) => [deviceId, issue]))
}

const columns = `device_id as "deviceId", issue, issued_by as "issuedBy", ${milliseconds('issued_at')} as "issuedAt"`
