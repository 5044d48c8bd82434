import { milliseconds } from '../../../platform/storage/milliseconds.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { Direction } from '../domain/allocation/problem.ts'

/** How long a feeder has to get below the limit of an event, and a reading to be still of now. */
const graceMs = 5 * 60_000
const freshMs = 10 * 60_000

/** A feeder that carries more than an event in force lets it. Instants are UTC milliseconds. */
export interface UnmetEvent {
  readonly eventId: number
  readonly feederId: string
  readonly direction: Direction
  readonly limitKw: number
  /** As the meter at its head has it, kW in the limit's direction. */
  readonly measuredKw: number
  readonly measuredAt: number
  readonly startedAt: number
  readonly endsAt: number
}

/**
 * Events in force for some minutes whose limit the feeder does not keep: by the newest reading of the meter at its head, taken after
 * those minutes. Of a feeder without one nobody can say; what is shed, and what a price changes, is judged by its result.
 * @param now  UTC milliseconds of the platform's clock
 */
export function unmetEvents(queries: Queries, now: number): Promise<UnmetEvent[]> {
  return queries.query<UnmetEvent>(
    `select event_id::float8 as "eventId", f.feeder_id as "feederId", direction, e.limit_kw as "limitKw", measured as "measuredKw",
       ${milliseconds('l.at')} as "measuredAt", ${milliseconds('e.starts_at')} as "startedAt", ${milliseconds('e.ends_at')} as "endsAt"
     from dr_event e
     join feeder f on f.feeder_id = e.feeder_id or (e.feeder_id is null and f.parent_feeder_id is null)
     join device d on d.device_id = f.head_meter_id
     join latest_reading l on l.device_key = d.device_key
     cross join lateral (select case direction when 'import' then l.power_kw else -l.power_kw end as measured) directed
     where e.mode = 'limit' and e.ends_at > to_timestamp($1::float8 / 1000)
       and (e.cancelled_at is null or e.cancelled_at > to_timestamp($1::float8 / 1000))
       and l.at >= greatest(e.starts_at, e.entered_at) + make_interval(secs => $2::float8 / 1000)
       and l.at > to_timestamp(($1::float8 - $3) / 1000) and l.at <= to_timestamp($1::float8 / 1000)
       and measured > e.limit_kw
     order by event_id, f.feeder_id`,
    [now, graceMs, freshMs],
  )
}
