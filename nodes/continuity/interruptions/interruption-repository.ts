import type { PoolClient } from 'pg'
import { textOf, type Phases } from '../../../platform/network/model/phases.ts'
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

/** A piece of a unit's time as it is stored, with what its interruption is known by. */
export interface StoredPiece {
  readonly unitId: string
  readonly from: number
  readonly until: number | null
  readonly interruptionId: number
  readonly basis: Basis
}

/** Pieces of units from an instant of each on, UTC milliseconds. */
export async function piecesOfUnits(
  client: Client,
  units: readonly { readonly unitId: string; readonly from: number }[],
): Promise<StoredPiece[]> {
  const { rows } = await client.query<StoredPiece>(
    `select unit_id as "unitId", extract(epoch from u.started_at)::float8 * 1000 as "from",
       extract(epoch from u.ended_at)::float8 * 1000 as until, interruption_id::float8 as "interruptionId", basis
     from unnest($1::text[], $2::float8[]) as asked (unit_id, since)
     join unit_interruption u using (unit_id) join interruption i using (interruption_id)
     where u.started_at >= to_timestamp(since / 1000) and u.started_at >= to_timestamp($3::float8 / 1000)`,
    [...[units.map(({ unitId }) => unitId), units.map(({ from }) => from)], Math.min(...units.map(({ from }) => from))],
  )
  return rows
}

/** Pieces of other units of some sections that meters alone know of, and that began about then: UTC milliseconds. */
export async function meterPiecesNear(
  client: Client,
  near: readonly { readonly sectionId: string; readonly from: number; readonly until: number }[],
): Promise<(StoredPiece & { transformerId: string | null; sectionId: string; phases: string })[]> {
  if (near.length === 0) return []
  const { rows } = await client.query<
    StoredPiece & { transformerId: string | null; sectionId: string; phases: string }
  >(
    `select distinct on (u.unit_id, u.started_at) u.unit_id as "unitId", extract(epoch from u.started_at)::float8 * 1000 as "from",
       extract(epoch from u.ended_at)::float8 * 1000 as until, interruption_id::float8 as "interruptionId", i.basis,
       c.transformer_id as "transformerId", c.section_id as "sectionId", u.phases
     from unnest($1::text[], $2::float8[], $3::float8[]) as asked (section_id, since, upto)
     join interruption i on i.basis = 'meter' and not i.void
       and i.started_at between to_timestamp((since - 600000) / 1000) and to_timestamp(upto / 1000)
     join unit_interruption u using (interruption_id)
     join unit_connection c on c.unit_id = u.unit_id and c.section_id = asked.section_id and c.validity @> u.started_at
     where u.started_at between to_timestamp(since / 1000) and to_timestamp(upto / 1000)`,
    [near.map(({ sectionId }) => sectionId), near.map(({ from }) => from), near.map(({ until }) => until)],
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
    `update interruption i set element_kind = kind, element_id = element, basis = n.basis, taken_at = to_timestamp(taken / 1000),
       evidence = n.evidence::jsonb, root = n.root, changed = $8,
       event_id = coalesce((select min(o.event_id) from interruption o where o.root = n.root), i.event_id)
     from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::float8[], $6::text[], $7::text[])
       as n (id, kind, element, basis, taken, evidence, root)
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
const earlyMs = 3_600_000

/**
 * What units' times and persons say together: from when to when an interruption was, of how many units, and what it counts as.
 * One that nobody is in any more is void; one that nobody ever was in is taken out.
 */
export async function refreshInterruptions(client: Client, ids: readonly number[], changed: number): Promise<void> {
  await client.query(
    `with asked as (
       select interruption_id, count(*)::integer as units, min(started_at) as started_at,
         case when bool_and(ended) then max(ended_at) end as ended_at, min(unit_id) as one_unit
       from (
         select interruption_id, unit_id, min(started_at) as started_at, max(ended_at) as ended_at,
           bool_and(ended_at is not null) as ended
         from unit_interruption where interruption_id = any ($1) group by interruption_id, unit_id
       ) unit group by interruption_id
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

/** A piece of a unit's time, to be written. */
export interface NewPiece {
  readonly unitId: string
  readonly from: number
  readonly until: number | null
  readonly interruptionId: number
  readonly phases: Phases
}

/** Whether a piece was known to reach farther, into what may have been counted: a month that had begun. */
function reachesLess(before: string, after: string): string {
  return `(${before}.ended_at > ${after}.ended_at or (${before}.ended_at is null
    and ${after}.ended_at < date_trunc('month', to_timestamp($2::float8 / 1000), 'UTC') + interval '1 day'))`
}

/**
 * Puts `desired` in the stead of `old`, both CTEs before it: what is gone is withdrawn, what differs written again. What was
 * known to reach farther than it does now is kept for who has counted it.
 */
const applying = `
  gone as (
    delete from unit_interruption u using old o
    where u.unit_id = o.unit_id and u.started_at = o.started_at
      and not exists (select from desired d where d.unit_id = o.unit_id and d.started_at = o.started_at)
    returning u.unit_id
  ), withdrawn as (
    insert into unit_interruption_withdrawn (changed, unit_id, started_at, ended_at)
    select $1, o.unit_id, o.started_at, o.ended_at
    from old o left join desired d on d.unit_id = o.unit_id and d.started_at = o.started_at
    where d.unit_id is null or ${reachesLess('o', 'd')}
  ), updated as (
    update unit_interruption u set ended_at = d.ended_at, interruption_id = d.interruption_id, phases = d.phases, changed = $1
    from old o join desired d on d.unit_id = o.unit_id and d.started_at = o.started_at
    where u.unit_id = o.unit_id and u.started_at = o.started_at
      and (o.ended_at, o.interruption_id, o.phases) is distinct from (d.ended_at, d.interruption_id, d.phases)
  )
  insert into unit_interruption (started_at, ended_at, interruption_id, changed, unit_id, phases)
  select d.started_at, d.ended_at, d.interruption_id, $1, d.unit_id, d.phases
  from desired d left join old o on o.unit_id = d.unit_id and o.started_at = d.started_at
  where o.unit_id is null`

/** Writes pieces of units in the stead of all that began from an instant of each on. @param now  UTC milliseconds */
export async function writePieces(
  client: Client,
  units: readonly { readonly unitId: string; readonly from: number }[],
  pieces: readonly NewPiece[],
  { changed, now }: { changed: number; now: number },
): Promise<void> {
  if (units.length === 0) return
  await client.query(
    `with desired as (
       select unit_id, to_timestamp(since / 1000) as started_at, to_timestamp(until / 1000) as ended_at, interruption_id, phases
       from unnest($6::text[], $7::float8[], $8::float8[], $9::bigint[], $10::text[]) as d (unit_id, since, until, interruption_id, phases)
     ), old as (
       select u.* from unnest($3::text[], $4::float8[]) as asked (unit_id, since) join unit_interruption u using (unit_id)
       where u.started_at >= to_timestamp(since / 1000) and u.started_at >= to_timestamp($5::float8 / 1000)
     ), ${applying}`,
    [
      ...[changed, now, units.map(({ unitId }) => unitId), units.map(({ from }) => from)],
      Math.min(...units.map(({ from }) => from)),
      ...[pieces.map(({ unitId }) => unitId), pieces.map(({ from }) => from), pieces.map(({ until }) => until)],
      ...[pieces.map(({ interruptionId }) => interruptionId), pieces.map(({ phases }) => textOf(phases))],
    ],
  )
}

/** Pieces that are of another interruption than was thought. */
export async function reassignPieces(
  client: Client,
  pieces: readonly Pick<NewPiece, 'unitId' | 'from' | 'interruptionId'>[],
  changed: number,
): Promise<void> {
  if (pieces.length === 0) return
  await client.query(
    `update unit_interruption u set interruption_id = n.interruption_id, changed = $4
     from unnest($1::text[], $2::float8[], $3::bigint[]) as n (unit_id, since, interruption_id)
     where u.unit_id = n.unit_id and u.started_at = to_timestamp(n.since / 1000) and u.interruption_id <> n.interruption_id`,
    [
      ...[pieces.map(({ unitId }) => unitId), pieces.map(({ from }) => from)],
      ...[pieces.map(({ interruptionId }) => interruptionId), changed],
    ],
  )
}

/** A piece of all units of a section with these phases. */
export interface SectionPiece extends Omit<NewPiece, 'unitId'> {
  readonly sectionId: string
  readonly unitPhases: Phases
}

/** From so many units on tables are read as a whole. */
const manyUnits = 3_000

/** What differs of sections' pieces: all that was not there yet, only when they ended, or whatever. */
export type SectionDifference = 'new' | 'ends' | 'any'

export interface HowSectionsDiffer {
  /** Units for which more is to be looked at. */
  readonly except: readonly string[]
  /** Interruptions that their pieces are of until now. */
  readonly known: readonly number[]
  readonly difference: SectionDifference
  /** Whether a piece may end earlier than was known, or than in this month. */
  readonly mayReachLess: boolean
}

/** Units of sections and what their pieces should be. Parameters: see `writeSectionPieces`. */
const desiredOfSections = `
  writing as (select $1::bigint as changed, $2::float8 as now, $6::bigint[] as known),
  unit as (
    select c.unit_id, c.section_id, c.phases, since
    from (select section_id, to_timestamp(since / 1000) as since from unnest($3::text[], $4::float8[]) as s (section_id, since)) s
    join unit_connection c using (section_id)
    where c.validity @> tstzrange(since, null) and not exists (select from unnest($5::text[]) as x (unit_id) where x.unit_id = c.unit_id)
  ), desired as (
    select unit_id, to_timestamp(d.since / 1000) as started_at, to_timestamp(d.until / 1000) as ended_at, interruption_id, d.phases
    from unit join unnest($7::text[], $8::text[], $9::float8[], $10::float8[], $11::bigint[], $12::text[])
      as d (section_id, unit_phases, since, until, interruption_id, phases)
      on d.section_id = unit.section_id and d.unit_phases = unit.phases
  )`

/** Before ends are written: what was known to reach farther. */
const withdrawingEnds = `with ${desiredOfSections}
  insert into unit_interruption_withdrawn (changed, unit_id, started_at, ended_at)
  select $1, u.unit_id, u.started_at, u.ended_at
  from unit_interruption u join desired d on d.unit_id = u.unit_id and d.started_at = u.started_at
  where u.interruption_id = any ($6::bigint[]) and ${reachesLess('u', 'd')}`

const writingSections: Readonly<Record<SectionDifference, string>> = {
  new: `with ${desiredOfSections}
    insert into unit_interruption (started_at, ended_at, interruption_id, changed, unit_id, phases)
    select started_at, ended_at, interruption_id, $1, unit_id, phases from desired
    on conflict (unit_id, started_at) do update
    set ended_at = excluded.ended_at, interruption_id = excluded.interruption_id, phases = excluded.phases, changed = $1`,
  ends: `with ${desiredOfSections}
    update unit_interruption u set ended_at = d.ended_at, interruption_id = d.interruption_id, phases = d.phases, changed = $1
    from desired d
    where d.unit_id = u.unit_id and d.started_at = u.started_at and u.interruption_id = any ($6::bigint[])
      and (u.ended_at, u.interruption_id, u.phases) is distinct from (d.ended_at, d.interruption_id, d.phases)`,
  any: `with ${desiredOfSections}, old as materialized (
      select u.* from unit_interruption u join unit on unit.unit_id = u.unit_id
      where u.interruption_id = any ($6::bigint[]) and u.started_at >= since
    ), ${applying}`,
}

/**
 * Writes the pieces of all units of sections but some, in one statement however many they are.
 */
export async function writeSectionPieces(
  client: Client,
  sections: readonly { readonly sectionId: string; readonly from: number }[],
  pieces: readonly SectionPiece[],
  { except, known, difference, mayReachLess }: HowSectionsDiffer,
  { changed, now }: { changed: number; now: number },
): Promise<void> {
  if (sections.length === 0) return
  const named = [sections.map(({ sectionId }) => sectionId)]
  const { rows } = await client.query<{ many: boolean }>(
    `select count(*) > $2 as many from (select from unit_connection where section_id = any ($1) limit $2 + 1) first`,
    [...named, manyUnits],
  )
  const { many } = rows[0]!
  // Nobody can know how many units hang on the sections that are named: a plan for few would take minutes.
  if (many) await client.query('set local enable_nestloop = off')
  const values = [
    ...[changed, now, ...named, sections.map(({ from }) => from), except, known],
    ...[pieces.map(({ sectionId }) => sectionId), pieces.map(({ unitPhases }) => textOf(unitPhases))],
    ...[pieces.map(({ from }) => from), pieces.map(({ until }) => until)],
    ...[pieces.map(({ interruptionId }) => interruptionId), pieces.map(({ phases }) => textOf(phases))],
  ]
  if (difference === 'ends' && mayReachLess) await client.query(withdrawingEnds, values)
  await client.query(writingSections[difference], values)
  if (many) await client.query('set local enable_nestloop = on')
}
