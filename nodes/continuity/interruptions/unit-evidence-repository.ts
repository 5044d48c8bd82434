import type { PoolClient } from 'pg'
import { allPhases, noPhase, phasesOf, type Phases } from '../../../platform/network/model/phases.ts'
import { keyOfLoss } from '../domain/event-roots.ts'
import type { Claim, MeterEvent, SupplyCorrection } from '../domain/unit-outages.ts'
import { keyOfEntry, keyOfInterruption } from './loss-keys.ts'
import type { SectionLoss } from './section-repository.ts'

type Client = Pick<PoolClient, 'query'>

/** A unit whose outages are computed again from an instant on, UTC milliseconds. */
export interface TouchedUnit {
  readonly unitId: string
  readonly from: number
}

/** Where a unit hung, and when. */
export interface Connection {
  readonly sectionId: string
  readonly transformerId: string | null
  readonly phases: Phases
  readonly from: number
  readonly until: number
}

/** All that is known of a unit from an instant on. */
export interface KnownUnit extends TouchedUnit {
  readonly phases: Phases
  readonly connections: readonly Connection[]
  readonly claims: readonly Claim[]
  readonly events: readonly MeterEvent[]
  readonly corrections: readonly SupplyCorrection[]
}

const usable = `type in ('power_lost', 'power_restored') and quality not in ('server-time', 'invalid')`
/** What was known of a unit an hour before tells how it stood. */
const lookBackMs = 3_600_000

/**
 * Units whose meters told of supply in some commits what was not known, each from the first time on. What a meter says of an
 * interruption of the network that is known is no news: so a storm of meters costs little. It is news where switches took only some
 * of the unit's phases, or where a person says that the unit has no supply until somebody knows more.
 */
export async function unitsOfEvents(
  client: Client,
  { batchIds, firstAt, toleranceMs }: { batchIds: readonly number[]; firstAt: number; toleranceMs: number },
): Promise<TouchedUnit[]> {
  // Unit by unit by its key: what is stored of an interruption is hundreds of thousands of rows, and the planner cannot know it.
  const { rows } = await client.query<TouchedUnit>(
    `with told as materialized (
       select a.unit_id, e.device_key, e.at, e.type, e.phases
       from field_event e join meter_assignment a using (device_key)
       where batch_id = any ($1) and a.validity @> at and ${usable}
     ), tolerance as (select $2::float8 * interval '1 millisecond' as clocks)
     select unit_id as "unitId", extract(epoch from min(at))::float8 * 1000 as "from"
     from told e cross join tolerance
     where e.phases is not null
       or e.unit_id in (select unnest(unit_ids) from entered_outage where ended_at is null)
       or not exists (
         select from (
           select * from unit_interruption u
           where u.unit_id = e.unit_id and u.started_at >= to_timestamp($3::float8 / 1000) offset 0) u
         cross join lateral (
           select section_id, phases from unit_connection c where c.unit_id = e.unit_id and c.validity @> e.at offset 0) c
         join lateral (
           select * from section_outage o
           where o.section_id = c.section_id and o.started_at >= to_timestamp($3::float8 / 1000) offset 0) o
           on translate(c.phases, o.phases, '') = ''
         where u.interruption_id = any (array(
             select interruption_id from interruption
             where basis = 'model' and (ended_at is null or ended_at >= to_timestamp($3::float8 / 1000))))
           and case type
             when 'power_lost' then u.started_at = o.started_at and e.at >= o.started_at - clocks
               and e.at < coalesce(least(u.ended_at, o.ended_at), 'infinity')
               and not exists (select from field_event l where l.device_key = e.device_key and l.at > e.at and l.type = 'power_restored')
             else u.ended_at = o.ended_at and e.at between o.ended_at - clocks and o.ended_at + clocks
           end)
     group by unit_id`,
    [batchIds, toleranceMs, await firstReaching(client, firstAt - toleranceMs)],
  )
  return rows
}

/**
 * Units of sections for which more is to be looked at than their section: what their meters say does not agree with it, or did
 * not as it was known before, a person has said something of them, or they hung elsewhere meanwhile.
 */
export async function unitsOfTheirOwn(
  client: Client,
  sections: readonly { readonly sectionId: string; readonly from: number }[],
  toleranceMs: number,
): Promise<TouchedUnit[]> {
  if (sections.length === 0) return []
  const since = Math.min(...sections.map(({ from }) => from))
  const candidates = await unitsWithMore(client, since, toleranceMs)
  if (candidates.length === 0) return []
  const { rows } = await client.query<TouchedUnit>(
    `with section as (
       select section_id, to_timestamp(since / 1000) as since from unnest($1::text[], $2::float8[]) as s (section_id, since)
     ), disagreeing as (
       select a.unit_id, c.since
       from field_event e
       join meter_assignment a on a.device_key = e.device_key and a.validity @> e.at
       join lateral (
         select c.section_id, c.phases, since from unit_connection c join section using (section_id)
         where c.unit_id = a.unit_id and c.validity @> e.at) c on e.at >= since - $4::float8 * interval '1 millisecond'
       where e.at >= to_timestamp(($3::float8 - $4::float8) / 1000) and ${usable}
         and not (e.phases is null and exists (
           select from section_outage o
           where o.section_id = c.section_id and translate(c.phases, o.phases, '') = ''
             and case type
               when 'power_lost' then e.at >= o.started_at - $4::float8 * interval '1 millisecond' and e.at < coalesce(o.ended_at, 'infinity')
               else e.at between o.ended_at - $4::float8 * interval '1 millisecond' and o.ended_at + $4::float8 * interval '1 millisecond'
             end))
     )
     select unit_id as "unitId", extract(epoch from min(since))::float8 * 1000 as "from"
     from (
       select unit_id, since from disagreeing
       union all
       select c.unit_id, since from unnest($6::text[]) as told (unit_id)
       join unit_connection c using (unit_id) join section using (section_id)
       join unit_interruption u on u.unit_id = c.unit_id and u.started_at >= since - $4::float8 * interval '1 millisecond'
       where not exists (select from section_outage o where o.section_id = c.section_id and o.started_at = u.started_at
         and (o.ended_at = u.ended_at or o.ended_at is null or u.ended_at is null))
       union all
       select c.unit_id, since from unnest($5::text[]) as named (unit_id)
       join unit_connection c using (unit_id) join section using (section_id)
     ) own
     group by unit_id`,
    [
      ...[sections.map(({ sectionId }) => sectionId), sections.map(({ from }) => from)],
      ...[since, toleranceMs, candidates.filter(({ named }) => named).map(({ unitId }) => unitId)],
      candidates.map(({ unitId }) => unitId),
    ],
  )
  return rows
}

/**
 * Units of which somebody else than switches has told anything since an instant (UTC milliseconds); `named`: more than their
 * meters. Few as a rule, and then no section need be looked through.
 */
async function unitsWithMore(
  client: Client,
  since: number,
  toleranceMs: number,
): Promise<{ unitId: string; named: boolean }[]> {
  const { rows } = await client.query<{ unitId: string; named: boolean }>(
    `select unit_id as "unitId", bool_or(named) as named
     from (
       select unit_id, false as named from field_event e
       join meter_assignment a on a.device_key = e.device_key and a.validity @> e.at
       where e.at >= to_timestamp(($1::float8 - $2::float8) / 1000) and ${usable}
       union all
       select unnest(unit_ids), true from entered_outage
       where (ended_at is null or ended_at > to_timestamp($1::float8 / 1000))
       union all
       select unnest(unit_ids), true from supply_correction where ended_at is null or ended_at > to_timestamp($1::float8 / 1000)
       union all
       select unit_id, true from interruption i join unit_interruption using (interruption_id)
       where basis <> 'model' and (i.ended_at is null or i.ended_at > to_timestamp($1::float8 / 1000))
       union all
       select unit_id, true from unit_supply
       where lower(validity) > to_timestamp($1::float8 / 1000) or upper(validity) is not null
       union all
       select unit_id, true from network_transformer t join unit_supply using (transformer_id)
       where lower(t.validity) > to_timestamp($1::float8 / 1000) or upper(t.validity) is not null
     ) more group by unit_id`,
    [since, toleranceMs],
  )
  return rows
}

/** Units with the instant from which on they are to be computed: before what lasted then. */
export async function reachingBack(
  client: Client,
  units: readonly TouchedUnit[],
  toleranceMs: number,
): Promise<TouchedUnit[]> {
  const { rows } = await client.query<TouchedUnit>(
    `with asked as (
       select unit_id, to_timestamp((since - $3::float8) / 1000) as since from unnest($1::text[], $2::float8[]) as a (unit_id, since)
     ), lasting as (
       select unit_id, u.started_at from asked join unit_interruption u using (unit_id)
       where u.started_at < since and u.started_at >= to_timestamp($4::float8 / 1000) and (u.ended_at is null or u.ended_at >= since)
     )
     select unit_id as "unitId", extract(epoch from least(since, min(started_at)))::float8 * 1000 as "from"
     from asked left join lasting using (unit_id) group by unit_id, since`,
    [
      ...[units.map(({ unitId }) => unitId), units.map(({ from }) => from), toleranceMs],
      await firstReaching(client, Math.min(...units.map(({ from }) => from)) - toleranceMs),
    ],
  )
  return rows
}

/** When the first interruption began that lasted at an instant or ended later, both UTC milliseconds. */
async function firstReaching(client: Client, from: number): Promise<number> {
  const { rows } = await client.query<{ at: number }>(
    `select extract(epoch from least(min(started_at), to_timestamp($1::float8 / 1000)))::float8 * 1000 as at
     from interruption where not void and (ended_at is null or ended_at >= to_timestamp($1::float8 / 1000))`,
    [from],
  )
  return rows[0]!.at
}

/** @param units  as `reachingBack` gives them */
export async function knownUnits(client: Client, units: readonly TouchedUnit[]): Promise<KnownUnit[]> {
  if (units.length === 0) return []
  const asked = [units.map(({ unitId }) => unitId), units.map(({ from }) => from - lookBackMs)]
  const connections = Map.groupBy(await connectionsOf(client, asked), ({ unitId }) => unitId)
  const sections = new Set([...connections.values()].flat().map(({ sectionId }) => sectionId))
  const events = Map.groupBy(await eventsOf(client, asked), ({ unitId }) => unitId)
  // Of what a meter told last before, too: whether a switch took that supply, and gave it back.
  const heardFrom = ({ unitId, from }: TouchedUnit): number =>
    (events.get(unitId) ?? []).reduce((first, { at }) => Math.min(first, at), from)
  const since = units.reduce((first, unit) => Math.min(first, heardFrom(unit)), Infinity) - lookBackMs
  const losses = Map.groupBy(await lossesOf(client, [...sections], since), ({ sectionId }) => sectionId)
  const said = await saidOf(client, asked[0] as string[], since)
  const phasesOfOwn = await phasesOfUnits(client, asked[0] as string[])
  return units.map((unit) => {
    const hung = (connections.get(unit.unitId) ?? []).map(({ unitId: _unitId, ...connection }) => connection)
    // Those on which it hangs: a transformer of one or two phases has others than its units may call theirs.
    const phases =
      hung.reduce((union, connection) => union | connection.phases, noPhase) ||
      (phasesOfOwn.get(unit.unitId) ?? allPhases)
    return {
      ...unit,
      ...{ phases, connections: hung },
      claims: [
        ...hung.flatMap((connection) => claimsOf(connection, losses.get(connection.sectionId) ?? [], heardFrom(unit))),
        ...(said.entries.get(unit.unitId) ?? []),
      ],
      events: (events.get(unit.unitId) ?? []).map(({ unitId: _unitId, ...event }) =>
        (event.phases & phases) === noPhase ? { ...event, phases: allPhases } : event,
      ),
      corrections: said.corrections.get(unit.unitId) ?? [],
    }
  })
}

/** What the losses of a section mean for who hangs there. Which is over by `from` is left out. */
export function claimsOf(
  connection: Pick<Connection, 'phases' | 'from' | 'until'>,
  losses: readonly SectionLoss[],
  from: number,
): Claim[] {
  return losses.flatMap((loss) => {
    const phases = loss.phases & connection.phases
    const [begins, ends] = [Math.max(loss.from, connection.from), Math.min(loss.until ?? Infinity, connection.until)]
    if (phases === noPhase || begins >= ends || ends < from - lookBackMs) return []
    const until = ends === Infinity ? null : ends
    return [{ key: keyOfLoss(loss), from: begins, until, phases, refutable: true }]
  })
}

async function connectionsOf(client: Client, asked: unknown[]): Promise<(Connection & { unitId: string })[]> {
  const { rows } = await client.query<Omit<Connection, 'phases'> & { unitId: string; phases: string }>(
    `select unit_id as "unitId", section_id as "sectionId", transformer_id as "transformerId", phases,
       coalesce(extract(epoch from lower(validity))::float8 * 1000, '-infinity') as "from",
       coalesce(extract(epoch from upper(validity))::float8 * 1000, 'infinity') as until
     from unnest($1::text[], $2::float8[]) as asked (unit_id, since)
     join unit_connection using (unit_id) where validity && tstzrange(to_timestamp(since / 1000), null)`,
    asked,
  )
  return rows.map((row) => ({ ...row, phases: phasesOf(row.phases) }))
}

async function lossesOf(client: Client, sectionIds: readonly string[], since: number): Promise<SectionLoss[]> {
  const { rows } = await client.query<Omit<SectionLoss, 'phases' | 'root'> & { phases: string }>(
    `select section_id as "sectionId", extract(epoch from started_at)::float8 * 1000 as "from",
       extract(epoch from ended_at)::float8 * 1000 as until, phases, element_id as "elementId",
       extract(epoch from taken_at)::float8 * 1000 as "takenAt"
     from section_outage
     where section_id = any ($1) and (ended_at is null or ended_at >= to_timestamp($2::float8 / 1000))`,
    [sectionIds, since],
  )
  return rows.map((row) => ({
    ...{ ...row, phases: phasesOf(row.phases) },
    root: { elementId: row.elementId, takenAt: row.takenAt },
  }))
}

/** From the instants on, and of each meter the last one before, which tells how it stood. */
async function eventsOf(client: Client, asked: unknown[]): Promise<(MeterEvent & { unitId: string })[]> {
  const { rows } = await client.query<Omit<MeterEvent, 'phases'> & { unitId: string; phases: string | null }>(
    `with meter as materialized (
       select unit_id, device_key, validity, to_timestamp(since / 1000) as since
       from unnest($1::text[], $2::float8[]) as asked (unit_id, since) join meter_assignment using (unit_id)
     ), told as (
       select unit_id, e.at, e.type, e.phases from meter, lateral (
         select e.at, e.type, e.phases from field_event e
         where e.device_key = meter.device_key and e.at >= since and validity @> e.at and ${usable} offset 0) e
       union all
       select unit_id, e.at, e.type, e.phases from meter, lateral (
         select e.at, e.type, e.phases from field_event e
         where e.device_key = meter.device_key and e.at < since and validity @> e.at and ${usable}
         order by e.at desc limit 1) e
     )
     select unit_id as "unitId", extract(epoch from at)::float8 * 1000 as at,
       case type when 'power_lost' then 'lost' else 'restored' end as type, phases
     from told`,
    asked,
  )
  return rows.map((row) => ({ ...row, phases: row.phases === null ? allPhases : phasesOf(row.phases) }))
}

async function phasesOfUnits(client: Client, unitIds: readonly string[]): Promise<Map<string, Phases>> {
  const { rows } = await client.query<{ unitId: string; phases: string }>(
    `select unit_id as "unitId", phases from consumer_unit where unit_id = any ($1)`,
    [unitIds],
  )
  return new Map(rows.map(({ unitId, phases }) => [unitId, phasesOf(phases)]))
}

async function saidOf(client: Client, unitIds: readonly string[], since: number) {
  const asked = [unitIds, since]
  const { rows: entries } = await client.query<{ unitId: string; id: number; from: number; until: number | null }>(
    `select unit_id as "unitId", entry_id::float8 as id, extract(epoch from started_at)::float8 * 1000 as "from",
       extract(epoch from ended_at)::float8 * 1000 as until
     from entered_outage, unnest(unit_ids) as unit_id
     where unit_id = any ($1) and (ended_at is null or ended_at >= to_timestamp($2::float8 / 1000))`,
    asked,
  )
  const { rows: corrections } = await client.query<
    Omit<SupplyCorrection, 'key'> & { unitId: string; interruptionId: number }
  >(
    `select unit_id as "unitId", interruption_id::float8 as "interruptionId", extract(epoch from started_at)::float8 * 1000 as "from",
       extract(epoch from ended_at)::float8 * 1000 as until, supplied
     from supply_correction, unnest(unit_ids) as unit_id
     where unit_id = any ($1) and (ended_at is null or ended_at >= to_timestamp($2::float8 / 1000))
     order by correction_id`,
    asked,
  )
  const claims = entries.map(({ unitId, id, from, until }) => ({
    ...{ unitId, key: keyOfEntry(id), from, until, phases: allPhases },
    // Who has said until when has looked; who has not may be told by the meter.
    refutable: until === null,
  }))
  return {
    entries: Map.groupBy(claims, ({ unitId }) => unitId),
    corrections: Map.groupBy(
      corrections.map(({ interruptionId, ...one }) => ({ ...one, key: keyOfInterruption(interruptionId) })),
      ({ unitId }) => unitId,
    ),
  }
}
