import { milliseconds } from '../../../platform/storage/milliseconds.ts'
import type { Queries } from '../../../platform/storage/queries.ts'

/**
 * Of switches that report a trip those that somebody has cleared. A clearance is used up by the first close that was sent after it,
 * and by whatever the switch reports that is not this trip.
 */
export async function clearedTrips(queries: Queries, switchIds: readonly string[]): Promise<Set<string>> {
  const rows = await queries.query<{ switchId: string }>(
    `select distinct switch_id as "switchId" from trip_clearance c
     where switch_id = any ($1)
       and not exists (
         select from switch_reading r join device d using (device_key)
         where d.device_id = c.switch_id and r.at > c.reported_at
           and (r.position <> 'open' or r.tripped is distinct from 'yes'))
       and not exists (
         select from command o join command_transition t using (command_id)
         where o.device_id = c.switch_id and o.type = 'close' and not o.in_flight and t.to_state = 'dispatched'
           and t.recorded_at > c.cleared_at)`,
    [switchIds],
  )
  return new Set(rows.map(({ switchId }) => switchId))
}

/** A switch whose last report is of a trip. UTC milliseconds. */
export interface Trip {
  readonly switchId: string
  readonly reportedAt: number
}

/** Whether a switch reported a trip at an instant (UTC milliseconds), and nothing else since. */
export async function standsTripped(queries: Queries, { switchId, reportedAt }: Trip): Promise<boolean> {
  const [row] = await queries.query<{ stands: boolean }>(
    `select count(*) > 0 and bool_and(r.tripped = 'yes' and r.position = 'open')
       and min(${milliseconds('r.at')}) = $2::float8 as stands
     from switch_reading r join device d using (device_key)
     where d.device_id = $1 and r.at >= to_timestamp($2::float8 / 1000)`,
    [switchId, reportedAt],
  )
  return row!.stands === true
}

/** @param at  UTC milliseconds of the wall's clock */
export async function insertClearance(
  queries: Queries,
  { switchId, reportedAt }: Trip,
  by: { readonly username: string; readonly reason: string },
  at: number,
): Promise<void> {
  await queries.query(
    `insert into trip_clearance (switch_id, reported_at, reason, cleared_by, cleared_at)
     values ($1, to_timestamp($2::float8 / 1000), $3, $4, to_timestamp($5::float8 / 1000))`,
    [switchId, reportedAt, by.reason, by.username, at],
  )
}
