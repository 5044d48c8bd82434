import type { Queries } from '../../../platform/storage/queries.ts'
import type { InterruptionFacts, UnitOutage } from '../domain/interruption.ts'
import type { ExclusionReason } from '../domain/exclusions.ts'

/** Of which units: of all in these conjuntos, or of these. Both given: of those that are both. */
export interface UnitScope {
  readonly conjuntoIds?: readonly string[] | undefined
  readonly unitIds?: readonly string[] | undefined
}

const columns = `
  u.unit_id as "unitId", u.interruption_id::float8 as "interruptionId",
  round(extract(epoch from u.started_at) * 1000)::float8 as "from", round(extract(epoch from u.ended_at) * 1000)::float8 as until`

/**
 * When units were without supply, as far as it touches a stretch of time (UTC milliseconds): the pieces whole. Old pieces are
 * looked for no further back than the oldest interruption that reaches into it.
 */
export const outagesWithin = (queries: Queries, scope: UnitScope, from: number, until: number): Promise<UnitOutage[]> =>
  queries.query(
    `select ${columns}
     from unit_interruption u
     where u.started_at <= to_timestamp($2::float8 / 1000)
       and u.started_at >= (
         select min(started_at) from interruption
         where not void and started_at <= to_timestamp($2::float8 / 1000)
           and (ended_at is null or ended_at >= to_timestamp($1::float8 / 1000)))
       and (u.ended_at is null or u.ended_at >= to_timestamp($1::float8 / 1000))
       and ($3::text[] is null or u.unit_id = any ($3))
       and ($4::text[] is null or u.unit_id in (select c.unit_id from consumer_unit c where c.conjunto_id = any ($4)))`,
    [from, until, scope.unitIds ?? null, scope.conjuntoIds ?? null],
  )

/** An end of a row of pieces, of which more may lie beyond. */
export interface OpenEnd {
  readonly unitId: string
  readonly at: number
}

/** Pieces that ended at such an end, or so shortly before it that they may be one with what follows. */
export const outagesBefore = (queries: Queries, ends: readonly OpenEnd[], gapMs: number): Promise<UnitOutage[]> =>
  queries.query(
    `select ${columns}
     from unnest($1::text[], $2::float8[]) as e (unit_id, at)
     join unit_interruption u on u.unit_id = e.unit_id
       and u.started_at < to_timestamp(e.at / 1000) and u.ended_at >= to_timestamp((e.at - $3::float8) / 1000)
     where u.started_at < to_timestamp($5::float8 / 1000)
       and u.started_at >= (
         select min(started_at) from interruption
         where not void and ended_at >= to_timestamp(($4::float8 - $3::float8) / 1000))`,
    [...columnsOf(ends), gapMs, ...reachOf(ends)],
  )

/** Pieces that began at such an end, or shortly after it. */
export const outagesAfter = (queries: Queries, ends: readonly OpenEnd[], gapMs: number): Promise<UnitOutage[]> =>
  queries.query(
    `select ${columns}
     from unnest($1::text[], $2::float8[]) as e (unit_id, at)
     join unit_interruption u on u.unit_id = e.unit_id
       and u.started_at between to_timestamp(e.at / 1000) and to_timestamp((e.at + $3::float8) / 1000)
     where u.started_at >= to_timestamp($4::float8 / 1000)
       and u.started_at <= to_timestamp(($5::float8 + $3::float8) / 1000)`,
    [...columnsOf(ends), gapMs, ...reachOf(ends)],
  )

const columnsOf = (ends: readonly OpenEnd[]): unknown[] => [ends.map(({ unitId }) => unitId), ends.map(({ at }) => at)]

const reachOf = (ends: readonly OpenEnd[]): unknown[] =>
  ends.length === 0
    ? [0, 0]
    : [
        ends.reduce((least, { at }) => Math.min(least, at), Infinity),
        ends.reduce((most, { at }) => Math.max(most, at), -Infinity),
      ]

/** Pieces of units in interruptions of these events. */
export const outagesOfEvents = (
  queries: Queries,
  unitIds: readonly string[],
  eventIds: readonly number[],
): Promise<UnitOutage[]> =>
  queries.query(
    `select ${columns}
     from interruption i
     join unit_interruption u on u.interruption_id = i.interruption_id
     where i.event_id = any ($2::bigint[]) and not i.void and u.unit_id = any ($1)`,
    [unitIds, eventIds],
  )

/** An exclusion as it is kept: with its number, so that it can be supposed away. */
export interface KeptExclusion {
  readonly exclusionId: number
  readonly reason: ExclusionReason
  readonly unitId: string | null
}
export type KeptFacts = Omit<InterruptionFacts, 'exclusions'> & { readonly exclusions: readonly KeptExclusion[] }

/** What is known of interruptions that still are some. */
export const factsOf = (queries: Queries, interruptionIds: readonly number[]): Promise<KeptFacts[]> =>
  queries.query(
    `select i.interruption_id::float8 as "interruptionId", i.event_id::float8 as "eventId",
       round(extract(epoch from i.started_at) * 1000)::float8 as "startedAt", i.origin, i.programmed,
       case when p.warned_at is not null then json_build_object(
         'from', round(extract(epoch from coalesce(i.announced_from, p.announced_from)) * 1000),
         'until', round(extract(epoch from coalesce(i.announced_until, p.announced_until)) * 1000),
         'warnedAt', round(extract(epoch from p.warned_at) * 1000)) end as announced,
       coalesce(excluded.exclusions, '[]') as exclusions
     from interruption i
     left join planned_interruption p on p.planned_id = i.planned_id and p.cancelled_at is null
     left join lateral (
       select json_agg(json_build_object('exclusionId', exclusion_id, 'reason', reason, 'unitId', unit_id)
         order by exclusion_id) as exclusions
       from interruption_exclusion x where x.interruption_id = i.interruption_id and x.taken_back_by is null
     ) excluded on true
     where i.interruption_id = any ($1::bigint[]) and not i.void`,
    [interruptionIds],
  )
