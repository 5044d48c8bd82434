import { milliseconds } from '../../../platform/storage/milliseconds.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { SetLimit } from '../domain/limits-in-force.ts'

const setColumns = `limit_id::float8 as "limitId", feeder_id as "feederId", line, direction, value, unit,
  ${milliseconds('lower(validity)')} as "validFrom",
  case when not upper_inf(validity) then ${milliseconds('upper(validity)')} end as "validUntil",
  case when days is not null then jsonb_build_object('days', days, 'from', from_time, 'until', until_time, 'timeZone', time_zone)
    end as schedule`
const stands = 'not exists (select from feeder_limit_removal r where r.limit_id = l.limit_id)'

/** The limits that persons have set and that are, or will be, in force. @param at  UTC milliseconds */
export function standingLimits(queries: Queries, feederIds: readonly string[], at: number): Promise<SetLimit[]> {
  return queries.query<SetLimit>(
    `select ${setColumns} from feeder_limit l
     where feeder_id = any ($1) and ${stands} and (upper_inf(validity) or upper(validity) > to_timestamp($2::float8 / 1000))
     order by limit_id`,
    [feederIds, at],
  )
}

/** A limit as it was set, and what became of it. */
export interface StoredLimit extends SetLimit {
  readonly reason: string
  readonly setBy: string
  readonly setAt: number
  /** Null: it stands. */
  readonly removedAt: number | null
}

/** A limit of a feeder that stands or stood. @returns undefined where there is none */
export async function findLimit(queries: Queries, feederId: string, limitId: number): Promise<StoredLimit | undefined> {
  const [limit] = await queries.query<StoredLimit>(
    `select ${storedColumns} from feeder_limit l left join feeder_limit_removal r using (limit_id)
     where feeder_id = $1 and limit_id = $2`,
    [feederId, limitId],
  )
  return limit
}

/** Those of a feeder that are, or will be, in force, in the order in which they were set. */
export function limitsOf(queries: Queries, feederId: string, at: number): Promise<StoredLimit[]> {
  return queries.query<StoredLimit>(
    `select ${storedColumns} from feeder_limit l left join feeder_limit_removal r using (limit_id)
     where feeder_id = $1 and r.limit_id is null and (upper_inf(validity) or upper(validity) > to_timestamp($2::float8 / 1000))
     order by limit_id`,
    [feederId, at],
  )
}

const storedColumns = `${setColumns}, l.reason, set_by as "setBy", ${milliseconds('set_at')} as "setAt",
  ${milliseconds('removed_at')} as "removedAt"`

/** @returns its number */
export async function insertLimit(
  queries: Queries,
  limit: Omit<SetLimit, 'limitId'> & Pick<StoredLimit, 'reason' | 'setBy' | 'setAt'>,
): Promise<number> {
  const { feederId, line, direction, value, unit, validFrom, validUntil, schedule, reason, setBy, setAt } = limit
  const [row] = await queries.query<{ limitId: number }>(
    `insert into feeder_limit (feeder_id, line, direction, value, unit, validity, days, from_time, until_time, time_zone,
       reason, set_by, set_at)
     values ($1, $2, $3, $4, $5, tstzrange(to_timestamp($6::float8 / 1000), to_timestamp($7::float8 / 1000)), $8, $9, $10, $11,
       $12, $13, to_timestamp($14::float8 / 1000))
     returning limit_id::float8 as "limitId"`,
    [
      ...[feederId, line, direction, value, unit, validFrom, validUntil],
      ...[schedule?.days ?? null, schedule?.from ?? null, schedule?.until ?? null, schedule?.timeZone ?? null],
      ...[reason, setBy, setAt],
    ],
  )
  return row!.limitId
}

/** @returns whether it stood */
export async function removeLimit(
  queries: Queries,
  limitId: number,
  removal: { readonly reason: string | null; readonly removedBy: string; readonly removedAt: number },
): Promise<boolean> {
  const rows = await queries.query(
    `insert into feeder_limit_removal (limit_id, reason, removed_by, removed_at)
     values ($1, $2, $3, to_timestamp($4::float8 / 1000)) on conflict do nothing returning limit_id`,
    [limitId, removal.reason, removal.removedBy, removal.removedAt],
  )
  return rows.length > 0
}
