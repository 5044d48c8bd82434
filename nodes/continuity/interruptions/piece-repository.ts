import type { PoolClient } from 'pg'
import { textOf, type Phases } from '../../../platform/network/model/phases.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { Basis } from './interruption-repository.ts'

type Client = Pick<PoolClient, 'query'>

/** Makes sure that pieces can be written that begin at an instant, UTC milliseconds. */
export async function ensurePieces(queries: Queries, at: number): Promise<void> {
  await queries.query(`select ensure_partition('unit_interruption', to_timestamp($1::float8 / 1000))`, [at])
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

const inserting = `with ${desiredOfSections}
  insert into unit_interruption (started_at, ended_at, interruption_id, changed, unit_id, phases)
  select started_at, ended_at, interruption_id, $1, unit_id, phases from desired`

const writingSections: Readonly<Record<SectionDifference | 'free', string>> = {
  // To look for what is in the way takes half as long again.
  free: inserting,
  new: `${inserting}
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

/** Whether a piece of any unit began at one of some instants, UTC milliseconds. */
async function anyBegan(client: Client, instants: readonly number[]): Promise<boolean> {
  // By interruptions, of which there are few: a piece is within its own, and one that has none is void.
  const { rows } = await client.query<{ any: boolean }>(
    `with instant as materialized (select to_timestamp(ms / 1000) as at from unnest($1::float8[]) as i (ms))
     select exists (
       select from instant
       join interruption i on not i.void and i.started_at <= at and (i.ended_at is null or i.ended_at > at),
       lateral (
         select from unit_interruption u where u.interruption_id = i.interruption_id and u.started_at = at offset 0) piece
     ) as any`,
    [instants],
  )
  return rows[0]!.any
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
  const isFree = difference === 'new' && !(await anyBegan(client, [...new Set(pieces.map(({ from }) => from))]))
  // Nobody can know how many units hang on the sections that are named: a plan for few would take minutes.
  if (many) await client.query('set local enable_nestloop = off')
  const values = [
    ...[changed, now, ...named, sections.map(({ from }) => from), except, known],
    ...[pieces.map(({ sectionId }) => sectionId), pieces.map(({ unitPhases }) => textOf(unitPhases))],
    ...[pieces.map(({ from }) => from), pieces.map(({ until }) => until)],
    ...[pieces.map(({ interruptionId }) => interruptionId), pieces.map(({ phases }) => textOf(phases))],
  ]
  if (difference === 'ends' && mayReachLess) await client.query(withdrawingEnds, values)
  await client.query(writingSections[isFree ? 'free' : difference], values)
  if (many) await client.query('set local enable_nestloop = on')
}
