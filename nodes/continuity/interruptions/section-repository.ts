import type { PoolClient } from 'pg'
import { phasesOf, textOf, type Phases } from '../../../platform/network/model/phases.ts'
import type { Loss } from '../domain/event-roots.ts'

type Client = Pick<PoolClient, 'query'>

/** A section without supply in some phases, through a loss of an event. UTC milliseconds. */
export interface SectionLoss extends Loss {
  readonly sectionId: string
  readonly from: number
  readonly until: number | null
  readonly phases: Phases
  readonly root: Loss
}

interface SectionLossRow extends Omit<SectionLoss, 'phases' | 'root'> {
  phases: string
  rootId: string
  rootAt: number
}

const columns = `section_id as "sectionId", extract(epoch from started_at)::float8 * 1000 as "from",
  extract(epoch from ended_at)::float8 * 1000 as until, phases, element_id as "elementId",
  extract(epoch from taken_at)::float8 * 1000 as "takenAt", root_id as "rootId",
  extract(epoch from root_at)::float8 * 1000 as "rootAt"`

const lossOf = ({ phases, rootId, rootAt, ...row }: SectionLossRow): SectionLoss => ({
  ...row,
  ...{ phases: phasesOf(phases), root: { elementId: rootId, takenAt: rootAt } },
})

/** What lasted at an instant or ended later, and all else of the same events. */
export async function lossesFrom(client: Client, from: number): Promise<SectionLoss[]> {
  const { rows } = await client.query<SectionLossRow>(
    `with lasting as (
       select distinct root_id, root_at from section_outage
       where ended_at is null or ended_at >= to_timestamp($1::float8 / 1000)
     )
     select ${columns} from section_outage join lasting using (root_id, root_at)
     order by started_at, section_id, phases`,
    [from],
  )
  return rows.map(lossOf)
}

/** When sections were without supply since a day before an instant of each. */
export async function lossesOfSections(
  client: Client,
  sections: readonly { readonly sectionId: string; readonly from: number }[],
): Promise<SectionLoss[]> {
  const { rows } = await client.query<SectionLossRow>(
    `select ${columns} from section_outage
     join unnest($1::text[], $2::float8[]) as asked (section_id, since) using (section_id)
     where ended_at is null or ended_at >= to_timestamp(since / 1000) - interval '1 day'
     order by started_at, section_id, phases`,
    [sections.map(({ sectionId }) => sectionId), sections.map(({ from }) => from)],
  )
  return rows.map(lossOf)
}

/** All sections that some losses took supply from. */
export async function sectionsOfLosses(client: Client, losses: readonly Loss[]): Promise<SectionLoss[]> {
  const { rows } = await client.query<SectionLossRow>(
    `select ${columns} from section_outage o
     join unnest($1::text[], $2::float8[]) as asked (element, at)
       on o.element_id = asked.element and o.taken_at = to_timestamp(asked.at / 1000)`,
    [losses.map(({ elementId }) => elementId), losses.map(({ takenAt }) => takenAt)],
  )
  return rows.map(lossOf)
}

export async function replaceLosses(
  client: Client,
  gone: readonly SectionLoss[],
  come: readonly SectionLoss[],
): Promise<void> {
  await client.query(
    `delete from section_outage o using unnest($1::text[], $2::float8[], $3::text[]) as g (section_id, at, phases)
     where o.section_id = g.section_id and o.started_at = to_timestamp(g.at / 1000) and o.phases = g.phases`,
    [gone.map(({ sectionId }) => sectionId), gone.map(({ from }) => from), gone.map(({ phases }) => textOf(phases))],
  )
  await client.query(
    `insert into section_outage (section_id, started_at, ended_at, phases, element_id, taken_at, root_id, root_at)
     select section_id, to_timestamp(since / 1000), to_timestamp(until / 1000), phases, element_id, to_timestamp(taken / 1000),
       root_id, to_timestamp(root / 1000)
     from unnest($1::text[], $2::float8[], $3::float8[], $4::text[], $5::text[], $6::float8[], $7::text[], $8::float8[])
       as c (section_id, since, until, phases, element_id, taken, root_id, root)`,
    [
      ...[come.map(({ sectionId }) => sectionId), come.map(({ from }) => from), come.map(({ until }) => until)],
      ...[come.map(({ phases }) => textOf(phases)), come.map(({ elementId }) => elementId)],
      ...[come.map(({ takenAt }) => takenAt), come.map(({ root }) => root.elementId)],
      come.map(({ root }) => root.takenAt),
    ],
  )
}
