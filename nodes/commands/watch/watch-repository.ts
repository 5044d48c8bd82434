import { milliseconds } from '../../../platform/storage/milliseconds.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { FailedCommand, FollowedSetpoint, UnknownCommand } from '../domain/command-conditions.ts'
import { isOpen } from '../keeper/command-repository.ts'

/** Commands that are not over, and those of them of which nobody knows what became. */
export async function countOpen(queries: Queries): Promise<{ open: number; unknown: number }> {
  const [counts] = await queries.query<{ open: number; unknown: number }>(
    `select count(*)::integer as open, count(*) filter (where state = 'unknown')::integer as unknown
     from command where ${isOpen}`,
  )
  return counts!
}

/** Commands of which nobody knows what became, `most` at once: each blocks its device. */
export const unknownCommands = (queries: Queries, most: number): Promise<UnknownCommand[]> =>
  queries.query(
    `select command_id as "commandId", device_id as "deviceId", feeder_id as "feederId", type,
       ${milliseconds('state_since')} as since, ${milliseconds('first_dispatched_at')} as "sentAt",
       executed_at is not null as "isSaidDone"
     from command where in_flight and state = 'unknown' order by state_since, command_id limit $1`,
    [most],
  )

/**
 * The newest command of each device that ended since an instant, where it came to nothing, `most` at once. What somebody took back,
 * or a newer one took the place of, has not failed.
 */
export const failedCommands = (queries: Queries, since: number, most: number): Promise<FailedCommand[]> =>
  queries.query(
    `select * from (
       select distinct on (device_id) command_id as "commandId", device_id as "deviceId", feeder_id as "feederId", type, state,
         ${milliseconds('state_since')} as since, state_reason as reason
       from command
       where state_since >= to_timestamp($1::float8 / 1000)
         and (state in ('verified', 'rejected', 'failed', 'expired', 'reconciled_done', 'reconciled_not_done')
           or (state = 'executed' and not in_flight))
       order by device_id, state_since desc, command_id) newest
     where state in ('rejected', 'failed', 'expired', 'reconciled_not_done') order by since, "commandId" limit $2`,
    [since, most],
  )

/** Since when the oldest command that was sent waits for its end; null: none was sent. UTC milliseconds. */
export async function sentSince(queries: Queries): Promise<number | null> {
  const [row] = await queries.query<{ since: number | null }>(
    `select ${milliseconds('min(first_dispatched_at)')} as since from command where in_flight`,
  )
  return row!.since
}

/** Setpoints that the broker has, with what their devices do since, `most` at once. */
export const followedSetpoints = (queries: Queries, most: number): Promise<FollowedSetpoint[]> =>
  queries.query(
    `select s.device_id as "deviceId", d.feeder_id as "feederId", s.power_kw as "setpointKw",
       ${milliseconds('s.requested_at')} as "requestedAt", d.rated_kw as "ratedKw", ${milliseconds('l.at')} as at,
       l.power_kw as "powerKw", (l.measures ->> 'p_setpoint_kw')::float8 as "followsKw"
     from desired_setpoint s join device d using (device_id) join latest_reading l using (device_key)
     where s.power_kw is not null and s.published = s.changed and l.quality in ('good', 'server-time') and l.power_kw is not null
     order by s.device_id limit $1`,
    [most],
  )
