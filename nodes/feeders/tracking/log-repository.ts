import type { PoolClient } from 'pg'
import { milliseconds } from '../../../platform/storage/milliseconds.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { FeederPoint, SetpointPoint, TaggedDer } from '../domain/tracking/time-series.ts'
import type { TrackingFigures } from '../domain/tracking/tracking.ts'
import type { LoggedRound, SetpointInstant } from './influx-logs.ts'

/** More than a message of setpoints has: the last instant that is read is whole, or not the only one. */
const mostOfOneInstant = 5_000

/**
 * Instants of setpoints after one and before another (wall's clock, UTC milliseconds), as many as make up `maxItems` setpoints, at
 * least one where there is one.
 */
export async function setpointInstantsAfter(
  client: PoolClient,
  position: number,
  before: number,
  maxItems: number,
): Promise<SetpointInstant[]> {
  const most = maxItems + mostOfOneInstant
  const { rows } = await client.query<{ position: number; setpoints: number }>(
    `select position, count(*)::integer as setpoints from (
       select ${milliseconds('recorded_at')} as position from setpoint_change
       where recorded_at > to_timestamp($1::float8 / 1000) and recorded_at < to_timestamp($2::float8 / 1000)
       order by recorded_at limit $3) next
     group by position order by position`,
    [position, before, most],
  )
  let [taken, setpoints] = [0, 0]
  for (const row of rows) {
    if (taken > 0 && setpoints + row.setpoints > maxItems) break
    taken++
    setpoints += row.setpoints
  }
  return rows.slice(0, taken)
}

export async function countSetpointsAfter(queries: Queries, position: number, before: number): Promise<number> {
  const [row] = await queries.query<{ setpoints: number }>(
    `select count(*)::integer as setpoints from setpoint_change
     where recorded_at > to_timestamp($1::float8 / 1000) and recorded_at < to_timestamp($2::float8 / 1000)`,
    [position, before],
  )
  return row!.setpoints
}

/** What the registry says of a device where nobody asks when. $1 the instant of which the units of meters are. */
const tagged = `
  d.device_key as "deviceKey", d.device_id as "deviceId", coalesce(d.feeder_id, u.feeder_id, t.feeder_id) as "feederId", d.der_type as type`
const registered = `
  left join meter_assignment a on a.device_key = d.device_key and a.validity @> to_timestamp($1::float8 / 1000)
  left join consumer_unit u on u.unit_id = a.unit_id
  left join site t on t.site_id = coalesce(d.site_id, u.site_id)`

/** Setpoints that were recorded from one instant to another, both included. @param now  of which the units of meters are */
export const setpointsRecorded = (queries: Queries, from: number, to: number, now: number): Promise<SetpointPoint[]> =>
  queries.query(
    `select ${tagged}, ${milliseconds('c.at')} as at, c.power_kw as "powerKw"
     from setpoint_change c join device d using (device_id) ${registered}
     where c.recorded_at >= to_timestamp($2::float8 / 1000) and c.recorded_at <= to_timestamp($3::float8 / 1000)
     order by c.recorded_at, c.device_id, c.changed`,
    [now, from, to],
  )

/** Rounds after a position, oldest first: as many as make up `maxItems` figures, at least one where there is one. */
export async function roundsAfter(client: PoolClient, position: number, maxItems: number): Promise<LoggedRound[]> {
  const { rows } = await client.query<LoggedRound>(
    `select position::float8 as position, (feeders + devices) as figures
     from (select *, sum(feeders + devices) over (order by position) - feeders - devices as before
           from (select * from tracking_round where position > $1 order by position limit 1000) next) summed
     where before < $2 order by position`,
    [position, maxItems],
  )
  return rows
}

export async function countRoundsAfter(
  queries: Queries,
  position: number,
): Promise<{ rounds: number; figures: number }> {
  const [row] = await queries.query<{ rounds: number; figures: number }>(
    `select count(*)::integer as rounds, coalesce(sum(feeders + devices), 0)::integer as figures
     from tracking_round where position > $1`,
    [position],
  )
  return row!
}

const figures = (of: string): string => `
  ${of}.minutes::integer as minutes, ${of}.setpoint_kw as "setpointKw", ${of}.actual_kw as "actualKw",
  ${of}.mean_error_kw as "meanErrorKw", ${of}.mean_absolute_error_kw as "meanAbsoluteErrorKw", ${of}.rms_error_kw as "rmsErrorKw",
  ${of}.largest_error_kw as "largestErrorKw", ${of}.beyond_kw as "beyondKw", ${of}.utilisation,
  ${of}.switches_per_hour as "switchesPerHour", ${milliseconds(`${of}.at`)} as at`

/** Figures of feeders of some rounds. */
export const feederPoints = (queries: Queries, first: number, last: number): Promise<FeederPoint[]> =>
  queries.query(
    `select f.tracked_feeder as "feederId", f.devices, f.jain_index as "jainIndex", f.import_limit_kw as "importLimitKw",
       f.export_limit_kw as "exportLimitKw", f.load_kw as "loadKw", ${figures('f')}
     from tracking_round r join feeder_tracking f using (at)
     where r.position between $1 and $2 order by f.at, f.tracked_feeder`,
    [first, last],
  )

/** Figures of single devices of some rounds. @param now  of which the units of meters are */
export const devicePoints = (
  queries: Queries,
  first: number,
  last: number,
  now: number,
): Promise<(TrackingFigures & TaggedDer & { readonly at: number })[]> =>
  queries.query(
    `select ${tagged}, ${figures('f')}
     from tracking_round r join device_tracking f using (at) join device d using (device_key) ${registered}
     where r.position between $2 and $3 and r.devices > 0 order by f.at, d.device_id`,
    [now, first, last],
  )
