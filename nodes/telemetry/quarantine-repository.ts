import type { Database } from '../../platform/storage/database.ts'
import type { Reason } from '../../platform/wire/reasons.ts'

export interface QuarantineFilter {
  reason?: Reason
  deviceId?: string
  limit: number
}

export interface QuarantineEntry {
  id: number
  receivedAt: number
  replayedAt: number | null
  reason: Reason
  deviceId: string | null
  topic: string
  detail: string
  payload: Buffer
}

export interface QuarantineCount {
  reason: Reason
  count: number
  kept: number
  lastAt: number
}

/** Newest first. */
export function listQuarantine(database: Database, filter: QuarantineFilter): Promise<QuarantineEntry[]> {
  return database.query<QuarantineEntry>(
    `select quarantine_id::float8 as id, extract(epoch from received_at)::float8 * 1000 as "receivedAt",
       extract(epoch from replayed_at)::float8 * 1000 as "replayedAt",
       reason, device_id as "deviceId", topic, detail, payload
     from quarantine
     where ($1::quarantine_reason is null or reason = $1) and ($2::text is null or device_id = $2)
     order by quarantine_id desc limit $3`,
    [filter.reason ?? null, filter.deviceId ?? null, filter.limit],
  )
}

/** What was not replayed yet, oldest first. */
export function replayableQuarantine(database: Database, filter: QuarantineFilter): Promise<QuarantineEntry[]> {
  return database.query<QuarantineEntry>(
    `select quarantine_id::float8 as id, extract(epoch from received_at)::float8 * 1000 as "receivedAt",
       null as "replayedAt", reason, device_id as "deviceId", topic, detail, payload
     from quarantine
     where replayed_at is null and ($1::quarantine_reason is null or reason = $1) and ($2::text is null or device_id = $2)
     order by quarantine_id limit $3`,
    [filter.reason ?? null, filter.deviceId ?? null, filter.limit],
  )
}

/** @param now  UTC milliseconds */
export async function markReplayed(database: Database, ids: number[], now: number): Promise<void> {
  await database.query(
    'update quarantine set replayed_at = to_timestamp($2::float8 / 1000) where quarantine_id = any ($1)',
    [ids, now],
  )
}

/** Exact counts a reason, largest first; of one device where the filter names one. */
export function countQuarantine(
  database: Database,
  filter: Pick<QuarantineFilter, 'reason' | 'deviceId'>,
): Promise<QuarantineCount[]> {
  return database.query<QuarantineCount>(
    `select reason, sum(count)::float8 as count, sum(kept)::float8 as kept,
       extract(epoch from max(last_at))::float8 * 1000 as "lastAt"
     from quarantine_count
     where ($1::quarantine_reason is null or reason = $1) and ($2::text is null or device_id = $2)
     group by reason order by count desc, reason`,
    [filter.reason ?? null, filter.deviceId ?? null],
  )
}
