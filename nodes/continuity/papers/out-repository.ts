import type { Queries } from '../../../platform/storage/queries.ts'
import { exclusionRules } from '../domain/exclusions.ts'
import type { UnitsOut } from '../domain/outage-map.ts'

/** Reasons for which a unit without supply is no interruption of the distributor's, but its user's own matter. */
const ownMatters = Object.entries(exclusionRules)
  .filter(([, { parcel }]) => parcel === 'none')
  .map(([reason]) => reason)

/** Pieces of interruptions that were under way at $1 (UTC ms), without those that are their users' own matter ($2). */
const out = `
  select i.interruption_id, i.event_id, i.element_kind, i.feeder_id, i.substation_id, i.programmed, i.origin, i.cause,
    ui.started_at, u.unit_id, u.municipality_code, u.conjunto_id
  from interruption i
  join unit_interruption ui using (interruption_id)
  join consumer_unit u using (unit_id)
  where not i.void
    and i.started_at <= to_timestamp($1::float8 / 1000)
    and (i.ended_at is null or i.ended_at > to_timestamp($1::float8 / 1000))
    and ui.started_at <= to_timestamp($1::float8 / 1000)
    and (ui.ended_at is null or ui.ended_at > to_timestamp($1::float8 / 1000))
    and not exists (
      select from interruption_exclusion e
      where e.interruption_id = i.interruption_id and e.taken_back_by is null
        and (e.unit_id is null or e.unit_id = ui.unit_id) and e.reason = any($2::text[])
    )`

/** What was said last, by $1, of when an interruption ends. */
const estimated = `
  left join lateral (
    select restored_by from restoration_estimate r
    where r.interruption_id = o.interruption_id and r.entered_at <= to_timestamp($1::float8 / 1000)
    order by entered_at desc limit 1
  ) e on true`

/** Units that were without supply at an instant, by where they are and why. @param at UTC ms */
export const unitsOutAt = (queries: Queries, at: number): Promise<UnitsOut[]> =>
  queries.query(
    `with out as (
       select interruption_id, municipality_code, conjunto_id, programmed, origin, cause, count(*) as units,
         min(started_at) as since
       from (${out}) pieces group by 1, 2, 3, 4, 5, 6
     )
     select o.municipality_code as "municipalityCode", o.conjunto_id as "conjuntoId", c.name as "conjuntoName",
       o.programmed, o.origin, o.cause, sum(o.units)::float8 as units,
       extract(epoch from min(o.since))::float8 * 1000 as since,
       case when bool_and(e.restored_by is not null) then extract(epoch from max(e.restored_by))::float8 * 1000 end
         as "restoredBy"
     from out o ${estimated}
     left join conjunto c on c.conjunto_id = o.conjunto_id
     group by o.municipality_code, o.conjunto_id, c.name, o.programmed, o.origin, o.cause`,
    [at, ownMatters],
  )

/** An interruption under way, of which some units are in one municipality and conjunto. Instants are UTC milliseconds. */
export interface InterruptionUnderWay {
  readonly interruptionId: number
  readonly eventId: number
  readonly municipalityCode: number | null
  readonly conjuntoId: string | null
  readonly conjuntoName: string | null
  /** IANA zone; null: that of the installation. */
  readonly timeZone: string | null
  readonly feederId: string | null
  readonly programmed: boolean
  readonly cause: string | null
  readonly since: number
  readonly restoredBy: number | null
  readonly units: number
}

export interface UnderWayScope {
  /** UTC ms. */
  readonly at: number
  /** Null: all of them. */
  readonly municipalityCode: number | null
  /** Those of interruptions behind this number. */
  readonly after: number
  /** So many interruptions at most. */
  readonly interruptions: number
}

/** Interruptions that were under way at an instant, by number, each once for every municipality and conjunto. */
export const interruptionsUnderWay = (
  queries: Queries,
  { at, municipalityCode, after, interruptions }: UnderWayScope,
): Promise<InterruptionUnderWay[]> =>
  queries.query(
    `with out as (
       select * from (
         select interruption_id, event_id, municipality_code, conjunto_id, feeder_id, programmed, cause, count(*) as units,
           min(started_at) as since, dense_rank() over (order by interruption_id) as place
         from (${out} and i.interruption_id > $3 and ($4::integer is null or u.municipality_code = $4)) pieces
         group by interruption_id, event_id, municipality_code, conjunto_id, feeder_id, programmed, cause
       ) ranked where place <= $5
     )
     select o.interruption_id::float8 as "interruptionId", o.event_id::float8 as "eventId",
       o.municipality_code as "municipalityCode", o.conjunto_id as "conjuntoId", c.name as "conjuntoName",
       c.time_zone as "timeZone", o.feeder_id as "feederId", o.programmed, o.cause,
       extract(epoch from o.since)::float8 * 1000 as since,
       extract(epoch from e.restored_by)::float8 * 1000 as "restoredBy", o.units::float8 as units
     from out o ${estimated}
     left join conjunto c on c.conjunto_id = o.conjunto_id
     order by o.interruption_id, o.municipality_code nulls last, o.conjunto_id nulls last`,
    [at, ownMatters, after, municipalityCode, interruptions],
  )

/** Consumer units by municipality and conjunto, of these conjuntos. */
export const unitsServed = (
  queries: Queries,
  conjuntoIds: readonly (string | null)[],
): Promise<{ municipalityCode: number | null; conjuntoId: string | null; units: number }[]> =>
  queries.query(
    `select municipality_code as "municipalityCode", conjunto_id as "conjuntoId", count(*)::float8 as units
     from consumer_unit
     where conjunto_id = any($1::text[]) or ($2::boolean and conjunto_id is null)
     group by 1, 2`,
    [conjuntoIds.filter((id) => id !== null), conjuntoIds.includes(null)],
  )

/** @returns whether there is such an interruption, and it has not ended */
export async function insertEstimate(
  queries: Queries,
  estimate: { interruptionId: number; restoredBy: number | null; enteredBy: string; enteredAt: number },
): Promise<boolean> {
  const { interruptionId, restoredBy, enteredBy, enteredAt } = estimate
  const rows = await queries.query(
    `insert into restoration_estimate (interruption_id, entered_at, restored_by, entered_by)
     select interruption_id, to_timestamp($2::float8 / 1000), to_timestamp($3::float8 / 1000), $4
     from interruption where interruption_id = $1 and not void and ended_at is null
     on conflict (interruption_id, entered_at) do update
       set restored_by = excluded.restored_by, entered_by = excluded.entered_by
     returning interruption_id`,
    [interruptionId, enteredAt, restoredBy, enteredBy],
  )
  return rows.length > 0
}
