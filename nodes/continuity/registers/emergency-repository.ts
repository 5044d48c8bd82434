import type { PoolClient } from 'pg'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { OutageSpan } from '../domain/emergency-situation.ts'
import type { EmergencyOccurrence } from '../domain/emergency-service.ts'

/** Emergencies: the service of a month, situations of emergency, and the customer-hours of events. Instants are UTC milliseconds. */

export interface EmergencySituation {
  readonly situationId: string
  readonly basis: 'decree' | 'chi'
  /** Number of the decree; null: by customer-hours. */
  readonly decree: string | null
  /** What it is of: conjuntos, and municipalities by their codes of IBGE. */
  readonly conjuntoIds: readonly string[]
  readonly municipalityCodes: readonly number[]
  readonly startsAt: number
  readonly endsAt: number
  readonly description: string
  readonly evidence: string
}

export const listSituations = (
  queries: Queries,
  { from, to }: { from: number | undefined; to: number | undefined },
  page: { after: string | undefined; limit: number },
): Promise<(EmergencySituation & { approvalId: number })[]> =>
  queries.query(
    `select situation_id as "situationId", basis, decree, conjunto_ids as "conjuntoIds",
       municipality_codes as "municipalityCodes", extract(epoch from starts_at)::float8 * 1000 as "startsAt",
       extract(epoch from ends_at)::float8 * 1000 as "endsAt", description, evidence, approval_id::float8 as "approvalId"
     from emergency_situation
     where ($1::float8 is null or ends_at > to_timestamp($1 / 1000))
       and ($2::float8 is null or starts_at < to_timestamp($2 / 1000)) and ($3::text is null or situation_id > $3)
     order by situation_id limit $4`,
    [from ?? null, to ?? null, page.after ?? null, page.limit],
  )

export async function upsertSituation(
  client: PoolClient,
  situation: EmergencySituation,
  approvalId: number,
  entryId: number,
): Promise<boolean> {
  const { situationId, basis, decree, conjuntoIds, municipalityCodes, startsAt, endsAt } = situation
  const { rows } = await client.query<{ added: boolean }>(
    `insert into emergency_situation (situation_id, basis, decree, conjunto_ids, municipality_codes, starts_at, ends_at,
       description, evidence, approval_id, entry_id)
     values ($1, $2, $3, $4, $5, to_timestamp($6::float8 / 1000), to_timestamp($7::float8 / 1000), $8, $9, $10, $11)
     on conflict (situation_id) do update set basis = excluded.basis, decree = excluded.decree,
       conjunto_ids = excluded.conjunto_ids, municipality_codes = excluded.municipality_codes,
       starts_at = excluded.starts_at, ends_at = excluded.ends_at, description = excluded.description,
       evidence = excluded.evidence, approval_id = excluded.approval_id, entry_id = excluded.entry_id
     returning xmax = 0 as added`,
    [
      ...[situationId, basis, decree, conjuntoIds, municipalityCodes, startsAt, endsAt],
      ...[situation.description, situation.evidence, approvalId, entryId],
    ],
  )
  return rows[0]!.added
}

/** Occurrences of conjuntos that were opened in a month of their zone, and how many days of it are critical. */
export const servicesOf = (
  queries: Queries,
  conjuntoIds: readonly string[] | null,
  month: string,
  zone: string,
): Promise<{ conjuntoId: string; criticalDays: number; occurrences: EmergencyOccurrence[] }[]> =>
  queries.query(
    `with wanted as (
       select conjunto_id, coalesce(time_zone, $3) as zone, to_date($2, 'YYYY-MM') as first,
         (to_date($2, 'YYYY-MM') + interval '1 month')::date as next
       from conjunto where $1::text[] is null or conjunto_id = any ($1)
     )
     select wanted.conjunto_id as "conjuntoId",
       (select count(*)::integer from critical_day
        where critical_day.conjunto_id = wanted.conjunto_id and day >= first and day < next) as "criticalDays",
       coalesce(
         jsonb_agg(jsonb_build_object(
           'openedAt', extract(epoch from opened_at) * 1000, 'dispatchedAt', extract(epoch from dispatched_at) * 1000,
           'arrivedAt', extract(epoch from arrived_at) * 1000, 'closedAt', extract(epoch from closed_at) * 1000,
           'withInterruption', with_interruption)) filter (where occurrence_id is not null), '[]') as occurrences
     from wanted left join emergency_occurrence o on o.conjunto_id = wanted.conjunto_id
       and opened_at >= first::timestamp at time zone zone and opened_at < next::timestamp at time zone zone
     group by wanted.conjunto_id, first, next order by wanted.conjunto_id`,
    [conjuntoIds, month, zone],
  )

/** Units of an event and how long they were out, those together that lost supply and got it back at the same instants. */
export interface EventOutages {
  readonly units: number
  readonly outages: readonly OutageSpan[]
}

/** No outages: no interruption has this event. */
export async function eventOutages(queries: Queries, eventId: number): Promise<EventOutages> {
  const [event] = await queries.query<EventOutages>(
    `with out_of_supply as (
       select unit_id, o.started_at, o.ended_at
       from interruption join unit_interruption o using (interruption_id) where event_id = $1 and not void
     ), together as (
       select started_at, ended_at, count(*) as units from out_of_supply group by 1, 2
     )
     select (select count(distinct unit_id)::integer from out_of_supply) as units,
       coalesce(jsonb_agg(jsonb_build_object('from', extract(epoch from started_at) * 1000,
         'until', extract(epoch from ended_at) * 1000, 'units', units) order by started_at), '[]') as outages
     from together`,
    [eventId],
  )
  return event!
}

/**
 * Units of the distributor in a month: those entered for each conjunto (NUC), else those that the registry has now.
 * @param month  `YYYY-MM`
 */
export async function distributorUnits(queries: Queries, month: string): Promise<number> {
  const [row] = await queries.query<{ units: number }>(
    `select coalesce(sum(coalesce(entered.units, registered.units)), 0)::float8 as units
     from (select conjunto_id, count(*) as units from consumer_unit where conjunto_id is not null group by 1) registered
       full join (select conjunto_id, units from conjunto_units where month = to_date($1, 'YYYY-MM')) entered
         using (conjunto_id)`,
    [month],
  )
  return row!.units
}
