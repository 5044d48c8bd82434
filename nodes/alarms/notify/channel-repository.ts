import type { Queries } from '../../../platform/storage/queries.ts'

/**
 * Enters a channel of a node, and the node among the followers of the log of alarms: from here on it is told, not of what was before.
 * What a channel waits with that the node no longer has is withdrawn.
 * @param now  by the wall's clock, UTC milliseconds
 */
export async function enterChannel(queries: Queries, channel: string, nodeId: string, now: number): Promise<void> {
  await queries.query(
    `insert into notification_channel (channel, node_id) values ($1, $2)
     on conflict (channel) do update set node_id = excluded.node_id where notification_channel.node_id <> excluded.node_id`,
    [channel, nodeId],
  )
  await withdrawWaiting(queries, nodeId, channel, now)
}

/** Ends what a node's channels wait with, but for one channel. */
export const withdrawWaiting = (queries: Queries, nodeId: string, but: string | null, now: number): Promise<unknown> =>
  queries.query(
    `update alarm_notification
     set state = 'withdrawn', due_at = null, ended_at = to_timestamp($3::float8 / 1000), last_error = 'the channel was removed'
     where state = 'waiting'
       and channel in (select channel from notification_channel where node_id = $1 and channel is distinct from $2)`,
    [nodeId, but, now],
  )

/** Has a consumer of the log of alarms begin with what comes from now on, where it has not begun yet. */
export const followFromNow = (queries: Queries, log: string, consumer: string, now: number): Promise<unknown> =>
  queries.query(
    `insert into consumer_cursor (log, consumer, position, updated_at)
     select $1, $2, changed, to_timestamp($3::float8 / 1000) from alarm_progress
     on conflict do nothing`,
    [log, consumer, now],
  )

/** Forgets a consumer that is no more: the log keeps nothing for it. */
export const leaveLog = (queries: Queries, log: string, consumer: string): Promise<unknown> =>
  queries.query('delete from consumer_cursor where log = $1 and consumer = $2', [log, consumer])
