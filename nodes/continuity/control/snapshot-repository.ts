import type { Queries } from '../../../platform/storage/queries.ts'
import type { SnapshotRow } from './hash-chain.ts'

/** What a month of units was computed from, as it stands in the tables: rows of a snapshot. */

const iso = (column: string): string => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

/** Interruptions that last and began before an instant (UTC milliseconds): the first ones, and how many in all. */
export async function openInterruptions(
  queries: Queries,
  before: number,
  limit: number,
): Promise<{ ids: number[]; count: number }> {
  const rows = await queries.query<{ id: number; count: number }>(
    `select interruption_id::float8 as id, count(*) over ()::float8 as count from interruption
     where ended_at is null and not void and started_at < to_timestamp($1::float8 / 1000)
     order by started_at, interruption_id limit $2`,
    [before, limit],
  )
  return { ids: rows.map(({ id }) => id), count: rows[0]?.count ?? 0 }
}

/** Units by name, after one. */
export async function unitsAfter(queries: Queries, after: string, limit: number): Promise<string[]> {
  const rows = await queries.query<{ unitId: string }>(
    'select unit_id as "unitId" from consumer_unit where unit_id > $1 order by unit_id limit $2',
    [after, limit],
  )
  return rows.map(({ unitId }) => unitId)
}

/** Monetary bases of units in a month, R$. */
export async function monetaryBases(
  queries: Queries,
  month: string,
  unitIds: readonly string[],
): Promise<Map<string, number>> {
  const rows = await queries.query<{ unitId: string; vrcBrl: number }>(
    `select unit_id as "unitId", vrc_brl as "vrcBrl" from unit_monetary_base where month = $1::date and unit_id = any ($2)`,
    [`${month}-01`, unitIds],
  )
  return new Map(rows.map(({ unitId, vrcBrl }) => [unitId, vrcBrl]))
}

export interface NamedConjunto {
  readonly conjuntoId: string
  readonly name: string
  readonly timeZone: string | null
  readonly decLimitHundredths: number | null
  readonly fecLimitHundredths: number | null
}

export const conjuntosWithLimits = (queries: Queries, month: string): Promise<NamedConjunto[]> =>
  queries.query(
    `select conjunto_id as "conjuntoId", name, time_zone as "timeZone", dec_hundredths as "decLimitHundredths",
       fec_hundredths as "fecLimitHundredths"
     from conjunto left join (select * from conjunto_limit where year = $1) yearly using (conjunto_id)
     order by conjunto_id`,
    [Number(month.slice(0, 4))],
  )

/** Critical days of a month and the days beside it: an interruption may cross. */
export const criticalDaysFor = (queries: Queries, month: string): Promise<SnapshotRow[]> =>
  queries.query(
    `select 'critical-day' as kind, conjunto_id || ' ' || day as subject, occurrences, threshold, basis,
       approval_id::float8 as "approvalId"
     from critical_day where day >= $1::date - interval '1 month' and day < $1::date + interval '2 months'
     order by conjunto_id, day`,
    [`${month}-01`],
  )

/** Situations of emergency that reach into a stretch of time (UTC milliseconds). */
export const situationsWithin = (queries: Queries, from: number, until: number): Promise<SnapshotRow[]> =>
  queries.query(
    `select 'emergency-situation' as kind, situation_id as subject, basis, decree, conjunto_ids as "conjuntoIds",
       municipality_codes as "municipalityCodes", ${iso('starts_at')} as "startsAt", ${iso('ends_at')} as "endsAt",
       description, evidence, approval_id::float8 as "approvalId"
     from emergency_situation
     where starts_at < to_timestamp($2::float8 / 1000) and ends_at > to_timestamp($1::float8 / 1000)
     order by situation_id`,
    [from, until],
  )

const within = `not void and i.started_at < to_timestamp($2::float8 / 1000)
  and (i.ended_at is null or i.ended_at > to_timestamp($1::float8 / 1000))`

/** Interruptions that reach into a stretch of time (UTC milliseconds), by number, after one. */
export const interruptionsWithin = (
  queries: Queries,
  from: number,
  until: number,
  after: number,
  limit: number,
): Promise<(SnapshotRow & { readonly interruptionId: number })[]> =>
  queries.query(
    `select interruption_id::float8 as "interruptionId", 'interruption' as kind, interruption_id::text as subject,
       event_id::float8 as "eventId", element_kind as "elementKind", element_id as "elementId",
       ${iso('started_at')} as "startedAt", ${iso('ended_at')} as "endedAt", units, cause, origin, programmed,
       ${iso('announced_from')} as "announcedFrom", ${iso('announced_until')} as "announcedUntil"
     from interruption i where ${within} and interruption_id > $3 order by interruption_id limit $4`,
    [from, until, after, limit],
  )

/** Exclusions that hold of interruptions that reach into a stretch of time (UTC milliseconds), by number, after one. */
export const exclusionsWithin = (
  queries: Queries,
  from: number,
  until: number,
  after: number,
  limit: number,
): Promise<(SnapshotRow & { readonly exclusionId: number })[]> =>
  queries.query(
    `select exclusion_id::float8 as "exclusionId", 'exclusion' as kind, exclusion_id::text as subject,
       interruption_id::float8 as "interruptionId", unit_id as "unitId", reason, situation_id as "situationId", x.evidence,
       approval_id::float8 as "approvalId"
     from interruption_exclusion x join interruption i using (interruption_id)
     where ${within} and taken_back_by is null and exclusion_id > $3 order by exclusion_id limit $4`,
    [from, until, after, limit],
  )
