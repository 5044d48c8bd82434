import { milliseconds } from '../../../platform/storage/milliseconds.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { SetLimit } from '../domain/limits-in-force.ts'

const setLimit = `limit_id::float8 as "limitId", feeder_id as "feederId", line, direction, value, unit,
  ${milliseconds('lower(validity)')} as "validFrom",
  case when not upper_inf(validity) then ${milliseconds('upper(validity)')} end as "validUntil",
  case when days is not null then jsonb_build_object('days', days, 'from', from_time, 'until', until_time, 'timeZone', time_zone)
    end as schedule`
const stands = 'not exists (select from feeder_limit_removal r where r.limit_id = l.limit_id)'

/** The limits that persons have set and that are, or will be, in force. @param at  UTC milliseconds */
export function standingLimits(queries: Queries, feederIds: readonly string[], at: number): Promise<SetLimit[]> {
  return queries.query<SetLimit>(
    `select ${setLimit} from feeder_limit l
     where feeder_id = any ($1) and ${stands} and (upper_inf(validity) or upper(validity) > to_timestamp($2::float8 / 1000))
     order by limit_id`,
    [feederIds, at],
  )
}
