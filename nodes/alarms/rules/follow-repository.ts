import { batchLog } from '../../../platform/storage/batch-log.ts'
import type { Queries } from '../../../platform/storage/queries.ts'

/** Names the cursor of a node that judges what is stored. */
export const followerName = (nodeId: string): string => `alarm-rules ${nodeId}`

/** Enters a follower that has taken nothing yet at the end of the batch log: readings of before are looked at for what is so now. */
export const enterAtEnd = (queries: Queries, nodeId: string, now: number): Promise<unknown> =>
  queries.query(
    `insert into consumer_cursor (log, consumer, position, updated_at)
     select $1, $2, coalesce(max(position), 0), to_timestamp($3::float8 / 1000) from batch_log
     on conflict do nothing`,
    [batchLog.name, followerName(nodeId), now],
  )

/** Up to which position of the batch log a follower has come. */
export async function positionOf(queries: Queries, follower: string): Promise<number> {
  const [row] = await queries.query<{ position: number }>(
    'select position::float8 as position from consumer_cursor where log = $1 and consumer = $2',
    [batchLog.name, follower],
  )
  return row?.position ?? 0
}

/** The batch log is kept for a node no longer, and nothing is remembered of where it was. */
export async function stopFollowing(queries: Queries, nodeId: string): Promise<void> {
  await queries.query('delete from consumer_cursor where log = $1 and consumer = $2', [
    ...[batchLog.name, followerName(nodeId)],
  ])
  await queries.query('delete from alarm_rule_turn where node_id = $1', [nodeId])
}
