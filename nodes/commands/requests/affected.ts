import { downstreamOf, suppliedWith } from '../../../platform/network/model/downstream.ts'
import { networkAt, positionsAt } from '../../../platform/network/model/network.ts'
import { textOf, type Phases } from '../../../platform/network/model/phases.ts'
import { networkHistory, unitsOfSections } from '../../../platform/network/network-repository.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { CommandType } from '../../../platform/wire/command.ts'
import type { Intended } from '../interlocks/interlock.ts'
import { countUnitsOf } from './request-repository.ts'

/** Whom a command would concern as the network stands. */
export interface Affected {
  /** Consumer units that would lose supply, or get it. */
  readonly units: number
  /** Where they hang; empty where it is about one unit. */
  readonly sections: readonly { readonly sectionId: string; readonly phases: string; readonly units: number }[]
}

const nobody: Affected = { units: 0, sections: [] }

/** @param now  UTC milliseconds */
export async function affectedBy(
  queries: Queries,
  { deviceId, type }: Pick<Intended, 'deviceId' | 'type'>,
  now: number,
): Promise<Affected> {
  if (type === 'connect' || type === 'disconnect')
    return { ...nobody, units: await countUnitsOf(queries, deviceId, now) }
  const change = changes[type]
  if (!change) return nobody
  const { network, operations } = await networkHistory(queries, now, now + 1)
  const sections = change(networkAt(network, now), positionsAt(operations, now), deviceId)
  return unitsOn(queries, sections, now)
}

const changes: Partial<Record<CommandType, typeof downstreamOf>> = {
  open: downstreamOf,
  trip: downstreamOf,
  close: suppliedWith,
}

async function unitsOn(queries: Queries, sections: ReadonlyMap<string, Phases>, now: number): Promise<Affected> {
  const asked = [...sections].map(([sectionId, phases]) => ({ sectionId, phases }))
  const connected = await unitsOfSections(queries, asked, now)
  const bySection = Map.groupBy(connected, ({ sectionId }) => sectionId)
  return {
    units: connected.length,
    sections: asked
      .map(({ sectionId, phases }) => ({
        ...{ sectionId, phases: textOf(phases), units: bySection.get(sectionId)?.length ?? 0 },
      }))
      .toSorted((one, other) => (one.sectionId < other.sectionId ? -1 : 1)),
  }
}
