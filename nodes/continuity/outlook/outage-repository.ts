import { milliseconds } from '../../../platform/storage/milliseconds.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { ElementKind } from '../domain/element.ts'
import type { Exclusion } from '../domain/interruption.ts'

/** An interruption as it is listed. Instants are UTC milliseconds. */
export interface ListedInterruption {
  readonly interruptionId: number
  readonly eventId: number
  readonly elementKind: ElementKind
  readonly elementId: string
  readonly feederId: string | null
  readonly substationId: string | null
  readonly startedAt: number
  /** Null: it lasts. */
  readonly endedAt: number | null
  /** Units that it ever concerned. */
  readonly units: number
  readonly cause: string | null
  readonly origin: 'internal' | 'external'
  readonly programmed: boolean
  readonly announced: { readonly from: number; readonly until: number; readonly warnedAt: number } | null
  readonly void: boolean
  readonly exclusions: readonly Exclusion[]
}

const listed = `
  select i.interruption_id::float8 as "interruptionId", i.event_id::float8 as "eventId", i.element_kind as "elementKind",
    i.element_id as "elementId", i.feeder_id as "feederId", i.substation_id as "substationId",
    ${milliseconds('i.started_at')} as "startedAt", ${milliseconds('i.ended_at')} as "endedAt", i.units, i.cause, i.origin, i.programmed,
    i.void,
    case when p.warned_at is not null then json_build_object(
      'from', ${milliseconds('coalesce(i.announced_from, p.announced_from)')},
      'until', ${milliseconds('coalesce(i.announced_until, p.announced_until)')}, 'warnedAt', ${milliseconds('p.warned_at')}) end as announced,
    coalesce((
      select json_agg(json_build_object('reason', x.reason, 'unitId', x.unit_id) order by x.exclusion_id)
      from interruption_exclusion x where x.interruption_id = i.interruption_id and x.taken_back_by is null), '[]') as exclusions
  from interruption i
  left join planned_interruption p on p.planned_id = i.planned_id and p.cancelled_at is null`

/** Interruptions that last, and those that ended at an instant (UTC milliseconds) or later. */
export const interruptionsSince = (queries: Queries, endedFrom: number): Promise<ListedInterruption[]> =>
  queries.query(
    `${listed} where not i.void and (i.ended_at is null or i.ended_at >= to_timestamp($1::float8 / 1000))
     order by i.interruption_id`,
    [endedFrom],
  )

/** Interruptions that were written after a change, also those that are void now. */
export const interruptionsChangedAfter = (queries: Queries, changed: number): Promise<ListedInterruption[]> =>
  queries.query(`${listed} where i.changed > $1 order by i.interruption_id`, [changed])

/** Units of an interruption that are out, by the beginning of their outage: joined with those that it continues. */
export interface UnitsOut {
  /** UTC milliseconds. */
  readonly from: number
  readonly unitIds: readonly string[]
}

/**
 * Units that are out in an interruption.
 * @param joinsAcross  longest time with supply that does not part two outages, ms; null: nothing is joined
 */
export async function unitsOut(
  queries: Queries,
  { interruptionId, startedAt }: Pick<ListedInterruption, 'interruptionId' | 'startedAt'>,
  joinsAcross: number | null,
): Promise<UnitsOut[]> {
  const earlier = joinsAcross === null ? [] : await reachingInto(queries, interruptionId, startedAt, joinsAcross)
  // One text for thousands of names: a row for each would take several times as long. No identifier has a line's end in it.
  const rows = await queries.query<{ from: number; unitIds: string }>(
    earlier.length === 0
      ? `select ${milliseconds('started_at')} as "from", string_agg(unit_id, e'\\n') as "unitIds"
         from unit_interruption where interruption_id = $1 and ended_at is null group by started_at order by 1`
      : `with recursive joined as (
           select unit_id, started_at from unit_interruption where interruption_id = $1 and ended_at is null
           union all
           select j.unit_id, q.started_at from joined j join unit_interruption q on q.unit_id = j.unit_id
             and q.ended_at between j.started_at - $3 * interval '1 millisecond' and j.started_at
             and q.started_at < j.started_at
           where q.interruption_id = any ($2::bigint[])
         )
         select ${milliseconds('started_at')} as "from", string_agg(unit_id, e'\\n') as "unitIds"
         from (select unit_id, min(started_at) as started_at from joined group by unit_id) u group by started_at order by 1`,
    earlier.length === 0 ? [interruptionId] : [interruptionId, earlier, joinsAcross],
  )
  return rows.map(({ from, unitIds }) => ({ from, unitIds: unitIds.split('\n') }))
}

/** Interruptions in which an outage of this one may have begun: those that ended where it begins, or had not ended then. */
async function reachingInto(
  queries: Queries,
  interruptionId: number,
  startedAt: number,
  joinsAcross: number,
): Promise<number[]> {
  const rows = await queries.query<{ id: number }>(
    `select interruption_id::float8 as id from interruption
     where not void and interruption_id <> $1 and (ended_at is null or ended_at >= to_timestamp(($2::float8 - $3) / 1000))
       and started_at < coalesce((select max(started_at) from unit_interruption where interruption_id = $1 and ended_at is null),
         to_timestamp($2::float8 / 1000))`,
    [interruptionId, startedAt, joinsAcross],
  )
  return rows.map(({ id }) => id)
}

/** Customer time of an interruption: of its pieces that ended, and how many last since when on average. */
export interface CustomerTime {
  readonly interruptionId: number
  readonly eventId: number
  readonly endedMs: number
  readonly open: number
  /** Sum of the beginnings of those that last, UTC milliseconds. */
  readonly openFromSum: number
}

/** Customer times of interruptions, and of all others of their events. */
export const customerTimes = (queries: Queries, eventIds: readonly number[]): Promise<CustomerTime[]> =>
  queries.query(
    `select i.interruption_id::float8 as "interruptionId", i.event_id::float8 as "eventId",
       coalesce(sum(extract(epoch from u.ended_at - u.started_at)) * 1000, 0)::float8 as "endedMs",
       (count(*) filter (where u.unit_id is not null and u.ended_at is null))::integer as open,
       coalesce(sum(extract(epoch from u.started_at)) filter (where u.ended_at is null) * 1000, 0)::float8 as "openFromSum"
     from interruption i left join unit_interruption u using (interruption_id)
     where i.event_id = any ($1::bigint[]) and not i.void
     group by i.interruption_id`,
    [eventIds],
  )
