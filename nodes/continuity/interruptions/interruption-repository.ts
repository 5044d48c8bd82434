import type { PoolClient } from 'pg'
import type { ElementKind } from '../domain/element.ts'

type Client = Pick<PoolClient, 'query'>

export type Basis = 'model' | 'person' | 'meter'

/** An interruption as far as its units' times do not say it. UTC milliseconds. */
export interface StoredInterruption {
  readonly interruptionId: number
  readonly elementKind: ElementKind
  readonly elementId: string
  readonly basis: Basis
  readonly takenAt: number
  readonly until: number | null
  readonly units: number
  readonly void: boolean
  /** What a person entered that it is known by. */
  readonly entryId: number | null
}

const stored = `interruption_id::float8 as "interruptionId", element_kind as "elementKind", element_id as "elementId", basis,
  extract(epoch from taken_at)::float8 * 1000 as "takenAt", extract(epoch from ended_at)::float8 * 1000 as until, units, void,
  (evidence ->> 'entryId')::float8 as "entryId"`

/** Those of some elements that were lost at some instants. */
export async function interruptionsOfLosses(
  client: Client,
  losses: readonly { readonly elementId: string; readonly takenAt: number }[],
): Promise<StoredInterruption[]> {
  const { rows } = await client.query<StoredInterruption>(
    `select ${stored} from interruption i
     join (select distinct * from unnest($1::text[], $2::float8[]) as a (element, at)) asked
       on i.element_id = asked.element and i.taken_at = to_timestamp(asked.at / 1000)
     where basis <> 'meter'`,
    [losses.map(({ elementId }) => elementId), losses.map(({ takenAt }) => takenAt)],
  )
  return rows
}

export async function interruptionsById(client: Client, ids: readonly number[]): Promise<StoredInterruption[]> {
  const { rows } = await client.query<StoredInterruption>(
    `select ${stored} from interruption where interruption_id = any ($1)`,
    [ids],
  )
  return rows
}

/** Transformers of sections that have units with meters, now or ever. */
export async function meteredTransformers(
  client: Client,
  sectionIds: readonly string[],
): Promise<Map<string, Set<string>>> {
  const { rows } = await client.query<{ sectionId: string; transformerId: string }>(
    `select distinct section_id as "sectionId", transformer_id as "transformerId"
     from unit_connection c
     where section_id = any ($1) and transformer_id is not null
       and exists (select from meter_assignment a where a.unit_id = c.unit_id)`,
    [sectionIds],
  )
  const found = new Map<string, Set<string>>()
  for (const { sectionId, transformerId } of rows)
    found.set(sectionId, (found.get(sectionId) ?? new Set()).add(transformerId))
  return found
}

export interface NewInterruption {
  readonly elementKind: ElementKind
  readonly elementId: string
  readonly basis: Basis
  readonly takenAt: number
  /** First loss of its event. */
  readonly root: string | null
  readonly evidence: object
}

/** @returns numbers in the order given */
export async function insertInterruptions(
  client: Client,
  interruptions: readonly NewInterruption[],
  changed: number,
): Promise<number[]> {
  if (interruptions.length === 0) return []
  const { rows } = await client.query<{ id: number }>(
    `with named as (
       select *, nextval(pg_get_serial_sequence('interruption', 'interruption_id')) as id
       from unnest($1::text[], $2::text[], $3::text[], $4::float8[], $5::text[], $6::text[])
         with ordinality as n (kind, element, basis, taken, root, evidence, place)
     ), event as (
       select root, coalesce((select min(event_id) from interruption i where i.root = n.root), min(id)) as event_id
       from named n where root is not null group by root
     ), written as (
       insert into interruption (interruption_id, event_id, element_kind, element_id, basis, taken_at, root, started_at, units,
         evidence, void, changed)
       overriding system value
       select id, coalesce(event_id, id), kind, element, basis, to_timestamp(taken / 1000), root, to_timestamp(taken / 1000), 0,
         evidence::jsonb, true, $7
       from named left join event using (root) order by place
     )
     select id::float8 as id from named order by place`,
    [
      ...[interruptions.map(({ elementKind }) => elementKind), interruptions.map(({ elementId }) => elementId)],
      ...[interruptions.map(({ basis }) => basis), interruptions.map(({ takenAt }) => takenAt)],
      ...[interruptions.map(({ root }) => root), interruptions.map(({ evidence }) => JSON.stringify(evidence))],
      changed,
    ],
  )
  return rows.map(({ id }) => id)
}

/** What an interruption that stays is known by now. */
export async function renameInterruptions(
  client: Client,
  renamed: readonly (NewInterruption & { readonly interruptionId: number })[],
  changed: number,
): Promise<void> {
  if (renamed.length === 0) return
  await client.query(
    `with named as (
       select * from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::float8[], $6::text[], $7::text[])
         as n (id, kind, element, basis, taken, evidence, root)
     ), event as (
       select n.root, coalesce((select min(event_id) from interruption i where i.root = n.root), min(was.event_id)) as event_id
       from named n join interruption was on was.interruption_id = n.id where n.root is not null group by n.root
     )
     update interruption i set element_kind = kind, element_id = element, basis = n.basis, taken_at = to_timestamp(taken / 1000),
       evidence = n.evidence::jsonb, root = n.root, changed = $8, event_id = coalesce(event.event_id, i.event_id)
     from named n left join event on event.root = n.root
     where interruption_id = id
       and (element_kind, element_id, i.basis, taken_at, i.root) is distinct from (kind, element, n.basis, to_timestamp(taken / 1000), n.root)`,
    [
      ...[renamed.map(({ interruptionId }) => interruptionId), renamed.map(({ elementKind }) => elementKind)],
      ...[renamed.map(({ elementId }) => elementId), renamed.map(({ basis }) => basis)],
      ...[renamed.map(({ takenAt }) => takenAt), renamed.map(({ evidence }) => JSON.stringify(evidence))],
      ...[renamed.map(({ root }) => root), changed],
    ],
  )
}

/** What persons said of an interruption holds for the one that was parted from it. */
export async function inheritFacts(
  client: Client,
  pairs: readonly { readonly from: number; readonly to: number }[],
): Promise<void> {
  if (pairs.length === 0) return
  await client.query(
    `insert into interruption_fact (interruption_id, cause, origin, programmed, said_by, said_at)
     select heir, cause, origin, programmed, said_by, said_at
     from unnest($1::bigint[], $2::bigint[]) as p (parent, heir) join interruption_fact f on f.interruption_id = parent
     on conflict do nothing`,
    [pairs.map(({ from }) => from), pairs.map(({ to }) => to)],
  )
}

/** Work may begin so long before the window that was announced, and still is that work. */
export const earlyMs = 3_600_000

/**
 * What units' times and persons say together: from when to when an interruption was, of how many units, and what it counts as.
 * One that nobody is in any more is void.
 */
export async function refreshInterruptions(client: Client, ids: readonly number[], changed: number): Promise<void> {
  // Pieces that began together are of as many units: only others need be told apart, which takes several times as long.
  await client.query(
    `with piece as (
       select interruption_id, count(*)::integer as pieces, min(started_at) as started_at, max(started_at) as last_began_at,
         case when bool_and(ended_at is not null) then max(ended_at) end as ended_at, min(unit_id) as one_unit
       from unit_interruption where interruption_id = any ($1) group by interruption_id
     ), asked as materialized (
       select interruption_id, started_at, ended_at, one_unit,
         case when pieces = 1 or started_at = last_began_at then pieces
           else (select count(distinct unit_id)::integer from unit_interruption u where u.interruption_id = piece.interruption_id)
         end as units
       from piece
     ), now_known as (
       select i.interruption_id, coalesce(a.units, 0) as units, coalesce(a.started_at, i.started_at) as started_at,
         case when a.units is null then i.ended_at else a.ended_at end as ended_at, a.units is null as void,
         coalesce(f.cause, e.cause, p.cause) as cause, coalesce(f.origin, 'internal') as origin,
         coalesce(f.programmed, p.planned_id is not null) as programmed, p.planned_id, p.announced_from, p.announced_until,
         coalesce(i.feeder_id, u.feeder_id, s.feeder_id) as feeder_id
       from interruption i
       left join asked a using (interruption_id)
       left join interruption_fact f using (interruption_id)
       left join consumer_unit u on u.unit_id = a.one_unit
       left join site s on s.site_id = u.site_id
       left join entered_outage e on i.basis = 'person' and e.entry_id = (i.evidence ->> 'entryId')::bigint
       left join lateral (
         select * from planned_interruption p
         where p.element_kind = i.element_kind and p.element_id = i.element_id and p.cancelled_at is null
           and coalesce(a.started_at, i.started_at) >= announced_from - $3::float8 * interval '1 millisecond'
           and coalesce(a.started_at, i.started_at) < announced_until
           -- What had begun before was not planned: that it was is for two persons to say.
           and coalesce(a.started_at, i.started_at) >= p.entered_at
         order by announced_from desc, planned_id desc limit 1) p on true
       where i.interruption_id = any ($1)
     )
     update interruption i set units = n.units, started_at = n.started_at, ended_at = n.ended_at, void = n.void, cause = n.cause,
       origin = n.origin, programmed = n.programmed, planned_id = n.planned_id, announced_from = n.announced_from,
       announced_until = n.announced_until, feeder_id = n.feeder_id,
       substation_id = coalesce(i.substation_id, (select min(substation_id) from network_source where feeder_id = n.feeder_id)),
       changed = $2
     from now_known n
     where i.interruption_id = n.interruption_id and (i.units, i.started_at, i.ended_at, i.void, i.cause, i.origin, i.programmed, i.planned_id, i.announced_from, i.announced_until)
       is distinct from (n.units, n.started_at, n.ended_at, n.void, n.cause, n.origin, n.programmed, n.planned_id, n.announced_from, n.announced_until)`,
    [ids, changed, earlyMs],
  )
}

/** Takes out interruptions that were made and came to nothing. */
export async function dropEmpty(client: Client, ids: readonly number[]): Promise<void> {
  await client.query('delete from interruption where interruption_id = any ($1) and void', [ids])
}
