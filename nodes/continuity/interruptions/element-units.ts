import { networkHistory, unitsOfSections } from '../../../platform/network/network-repository.ts'
import { noPhase } from '../../../platform/network/model/phases.ts'
import { sectionOutages } from '../../../platform/network/model/section-outages.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { NetworkElement } from '../domain/element.ts'

/**
 * Units that are without supply when an element is, by the network as it stood at that instant (UTC milliseconds): of a switch or
 * a source those that nobody else supplies.
 */
export async function unitsOfElement(queries: Queries, { kind, id }: NetworkElement, at: number): Promise<string[]> {
  if (kind === 'switch' || kind === 'source') return unitsBehind(queries, id, at)
  const rows = await queries.query<{ unitId: string }>(
    `select unit_id as "unitId" from unit_connection
     where validity @> to_timestamp($3::float8 / 1000)
       and case $1 when 'section' then section_id when 'transformer' then transformer_id else unit_id end = $2
     union
     select unit_id from consumer_unit where $1 = 'unit' and unit_id = $2
     order by 1`,
    [kind, id, at],
  )
  return rows.map(({ unitId }) => unitId)
}

async function unitsBehind(queries: Queries, switchId: string, at: number): Promise<string[]> {
  const { network, operations } = await networkHistory(queries, at, at + 1)
  const opened = { switchId, at, closed: noPhase, source: 'person' as const, reference: '\uffff' }
  const outages = sectionOutages(network, [...operations, opened], at, at + 1)
  const lost = outages.filter(({ takenBy }) => takenBy?.switchId === switchId && takenBy.at === at)
  return [...new Set((await unitsOfSections(queries, lost, at)).map(({ unitId }) => unitId))]
}
