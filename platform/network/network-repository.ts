import type { Queries } from '../storage/queries.ts'
import { phasesOf, textOf } from './model/phases.ts'
import type { NetworkHistory, OperationSource, Source, Switch, SwitchOperation, Validity } from './model/network.ts'
import type { Phases } from './model/phases.ts'

/** What is known of a network within a time: its elements, and how they were operated. */
export interface OperatedNetwork {
  readonly network: NetworkHistory
  /** Before the time the last one of each switch, which tells how it stood; then all within. */
  readonly operations: readonly SwitchOperation[]
}

type Written<T> = Omit<T, 'phases'> & { readonly phases: string }

const bounds = `coalesce(extract(epoch from lower(validity))::float8 * 1000, '-infinity') as "from",
  coalesce(extract(epoch from upper(validity))::float8 * 1000, 'infinity') as until`
/** Parameters: $1 and $2, UTC milliseconds. What ended as the time begins is part of how it was just before. */
const within = `(validity && tstzrange(to_timestamp($1::float8 / 1000), to_timestamp($2::float8 / 1000))
  or upper(validity) = to_timestamp($1::float8 / 1000))`

/**
 * The network between sources and sections as it was from `from` on and before `until` (UTC milliseconds, both may be
 * infinite), to be asked for outages.
 */
export async function networkHistory(queries: Queries, from: number, until: number): Promise<OperatedNetwork> {
  const sources = await queries.query<Written<Source> & Validity>(
    `select source_id as "sourceId", section_id as "sectionId", phases, feeder_id as "feederId",
       substation_id as "substationId", recloses, ${bounds}
     from network_source where ${within} order by source_id, lower(validity)`,
    [from, until],
  )
  const switches = await queries.query<Written<Switch> & Validity>(
    `select switch_id as "switchId", section_a as "sectionA", section_b as "sectionB", phases,
       normally_closed as "normallyClosed", load_break as "loadBreak", recloses, ${bounds}
     from network_switch where ${within} order by switch_id, lower(validity)`,
    [from, until],
  )
  return {
    network: { sources: sources.map(withPhases), switches: switches.map(withPhases) },
    operations: await operationsOf(queries, from, until),
  }
}

/** Those of one instant and switch are all among them: which one holds is the model's to say. */
async function operationsOf(queries: Queries, from: number, until: number): Promise<SwitchOperation[]> {
  const rows = await queries.query<Omit<SwitchOperation, 'closed'> & { closed: string; source: OperationSource }>(
    `with known as (
       select switch_id from network_switch where ${within}
       union
       select source_id from network_source where ${within}
     ), operation as (
       select before.* from known, lateral (
         select * from switch_operation o
         where o.switch_id = known.switch_id and o.at < to_timestamp($1::float8 / 1000)
         order by o.at desc
         fetch first 1 row with ties
       ) before
       union all
       select o.* from switch_operation o join known using (switch_id)
       where o.at >= to_timestamp($1::float8 / 1000) and o.at < to_timestamp($2::float8 / 1000)
     )
     select switch_id as "switchId", extract(epoch from at)::float8 * 1000 as at, closed, source, reference
     from operation`,
    [from, until],
  )
  return rows.map((row) => ({ ...row, closed: phasesOf(row.closed) }))
}

/** A unit that hangs on a section. */
export interface ConnectedUnit {
  readonly unitId: string
  readonly sectionId: string
  /** Without all of which it is interrupted. */
  readonly phases: Phases
}

/** Phases of a section. */
export interface SectionPhases {
  readonly sectionId: string
  readonly phases: Phases
}

/**
 * The units that hang on these phases of these sections at an instant, UTC milliseconds. To write of them without
 * fetching them, join `unit_connection`.
 */
export async function unitsOfSections(
  queries: Queries,
  sections: readonly SectionPhases[],
  at: number,
): Promise<ConnectedUnit[]> {
  const rows = await queries.query<Written<ConnectedUnit>>(
    `select unit_id as "unitId", section_id as "sectionId", c.phases
     from unit_connection c
     join unnest($1::text[], $2::text[]) as asked (section_id, phases) using (section_id)
     where c.validity @> to_timestamp($3::float8 / 1000) and share_phase(c.phases, asked.phases)
     order by unit_id`,
    [sections.map(({ sectionId }) => sectionId), sections.map(({ phases }) => textOf(phases)), at],
  )
  return rows.map(withPhases)
}

const withPhases = <T extends { readonly phases: string }>(row: T): Omit<T, 'phases'> & { phases: Phases } => ({
  ...row,
  phases: phasesOf(row.phases),
})

/** How many units hang on sections at an instant, UTC milliseconds; those without any are missing. */
export async function countUnits(
  queries: Queries,
  sectionIds: readonly string[],
  at: number,
): Promise<Map<string, number>> {
  const rows = await queries.query<{ sectionId: string; units: number }>(
    `select section_id as "sectionId", count(*)::int as units from unit_connection
     where section_id = any ($1) and validity @> to_timestamp($2::float8 / 1000) group by section_id`,
    [sectionIds, at],
  )
  return new Map(rows.map(({ sectionId, units }) => [sectionId, units]))
}
