import type { Database } from '../../platform/storage/database.ts'
import type { Queries } from '../../platform/storage/queries.ts'
import type { Reason } from '../../platform/wire/reasons.ts'
import { regulatedTopics } from './domain/regulated.ts'

export interface QuarantineFilter {
  reason?: Reason
  deviceId?: string
  /** Received not before and not after, UTC milliseconds. */
  from?: number
  to?: number
  /** Only entries before this one. */
  before?: number
  limit: number
}

export interface QuarantineEntry {
  id: number
  receivedAt: number
  replayedAt: number | null
  /** By which approval it may be replayed, where it needs one. */
  replayApprovalId: number | null
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
       replay_approval_id::float8 as "replayApprovalId", reason, device_id as "deviceId", topic, detail, payload
     from quarantine
     where ${filtered} and ($6::bigint is null or quarantine_id < $6)
     order by quarantine_id desc limit $3`,
    [...parametersOf(filter), filter.before ?? null],
  )
}

/** Parameters $1 to $5. */
const filtered = `($1::quarantine_reason is null or reason = $1) and ($2::text is null or device_id = $2)
       and ($4::float8 is null or received_at >= to_timestamp($4 / 1000))
       and ($5::float8 is null or received_at <= to_timestamp($5 / 1000))`
const parametersOf = ({ reason, deviceId, limit, from, to }: QuarantineFilter): unknown[] => [
  ...[reason ?? null, deviceId ?? null, limit, from ?? null, to ?? null],
]

/** @returns undefined where there is no such entry, or no longer */
export async function findQuarantine(database: Database, id: number): Promise<QuarantineEntry | undefined> {
  const [entry] = await database.query<QuarantineEntry>(
    `select quarantine_id::float8 as id, extract(epoch from received_at)::float8 * 1000 as "receivedAt",
       extract(epoch from replayed_at)::float8 * 1000 as "replayedAt",
       replay_approval_id::float8 as "replayApprovalId", reason, device_id as "deviceId", topic, detail, payload
     from quarantine where quarantine_id = $1`,
    [id],
  )
  return entry
}

/** Of these devices those that measure or measured a consumer unit, with the units. */
export async function unitsOfDevices(
  database: Database,
  deviceIds: readonly string[],
): Promise<Map<string, readonly string[]>> {
  const rows = await database.query<{ deviceId: string; unitIds: string[] }>(
    `select device_id as "deviceId", array_agg(distinct unit_id) as "unitIds"
     from device join meter_assignment using (device_key) where device_id = any ($1) group by device_id`,
    [deviceIds],
  )
  return new Map(rows.map(({ deviceId, unitIds }) => [deviceId, unitIds]))
}

/** Room that quarantined payloads take, by the measure of the budget. */
export async function quarantineBytes(database: Database): Promise<number> {
  const [size] = await database.query<{ bytes: number }>(
    `select coalesce(sum(length(payload) + length(topic) + length(detail) + 100), 0)::float8 as bytes from quarantine`,
  )
  return size!.bytes
}

/** What was not replayed yet and may be, oldest first: what indicators rest on waits for an approval. */
export function replayableQuarantine(database: Database, filter: QuarantineFilter): Promise<QuarantineEntry[]> {
  return database.query<QuarantineEntry>(
    `select quarantine_id::float8 as id, extract(epoch from received_at)::float8 * 1000 as "receivedAt",
       null as "replayedAt", replay_approval_id::float8 as "replayApprovalId", reason, device_id as "deviceId", topic, detail,
       payload
     from quarantine
     where replayed_at is null and ${filtered} and (replay_approval_id is not null or not topic like any ($6))
     order by quarantine_id limit $3`,
    [...parametersOf(filter), regulatedTopics],
  )
}

/** How many were not replayed yet and wait for an approval first. */
export async function countWaitingForApproval(
  database: Database,
  filter: Pick<QuarantineFilter, 'reason' | 'deviceId'>,
): Promise<number> {
  const [row] = await database.query<{ count: number }>(
    `select count(*)::float8 as count from quarantine
     where replayed_at is null and replay_approval_id is null and topic like any ($3)
       and ($1::quarantine_reason is null or reason = $1) and ($2::text is null or device_id = $2)`,
    [filter.reason ?? null, filter.deviceId ?? null, regulatedTopics],
  )
  return row!.count
}

/** Those of these entries that are there. */
export const findQuarantined = (queries: Queries, ids: readonly number[]): Promise<QuarantineEntry[]> =>
  queries.query<QuarantineEntry>(
    `select quarantine_id::float8 as id, extract(epoch from received_at)::float8 * 1000 as "receivedAt",
       extract(epoch from replayed_at)::float8 * 1000 as "replayedAt",
       replay_approval_id::float8 as "replayApprovalId", reason, device_id as "deviceId", topic, detail, payload
     from quarantine where quarantine_id = any ($1::bigint[])`,
    [ids],
  )

/** Lets entries be replayed. */
export async function approveReplay(queries: Queries, ids: readonly number[], approvalId: number): Promise<void> {
  await queries.query('update quarantine set replay_approval_id = $2 where quarantine_id = any ($1::bigint[])', [
    ids,
    approvalId,
  ])
}

/** How many units devices measured at these instants (UTC milliseconds), each counted once. */
export async function unitsAt(
  queries: Queries,
  items: readonly { readonly deviceId: string; readonly at: number }[],
): Promise<number> {
  const [row] = await queries.query<{ units: number }>(
    `select count(distinct unit_id)::float8 as units
     from unnest($1::text[], $2::float8[]) item (device_id, at)
     join device using (device_id)
     join meter_assignment using (device_key)
     where validity @> to_timestamp(item.at / 1000)`,
    [items.map(({ deviceId }) => deviceId), items.map(({ at }) => at)],
  )
  return row!.units
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
