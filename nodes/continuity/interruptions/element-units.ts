import { networkHistory, unitsOfSections } from '../../../platform/network/network-repository.ts'
import { noPhase } from '../../../platform/network/model/phases.ts'
import { sectionOutages } from '../../../platform/network/model/section-outages.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { NetworkElement } from '../domain/element.ts'
import { unitsHangingOn } from './element-repository.ts'

/**
 * Units that are without supply when an element is, by the network as it stood at that instant (UTC milliseconds): of a switch or
 * a source those that nobody else supplies.
 */
export const unitsOfElement = (queries: Queries, element: NetworkElement, at: number): Promise<string[]> =>
  element.kind === 'switch' || element.kind === 'source'
    ? unitsBehind(queries, element.id, at)
    : unitsHangingOn(queries, element, at)

async function unitsBehind(queries: Queries, switchId: string, at: number): Promise<string[]> {
  const { network, operations } = await networkHistory(queries, at, at + 1)
  const opened = { switchId, at, closed: noPhase, source: 'person' as const, reference: '\uffff' }
  const outages = sectionOutages(network, [...operations, opened], at, at + 1)
  const lost = outages.filter(({ takenBy }) => takenBy?.switchId === switchId && takenBy.at === at)
  return [...new Set((await unitsOfSections(queries, lost, at)).map(({ unitId }) => unitId))]
}
