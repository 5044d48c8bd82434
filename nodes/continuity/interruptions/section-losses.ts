import type { PoolClient } from 'pg'
import { networkHistory } from '../../../platform/network/network-repository.ts'
import { noPhase } from '../../../platform/network/model/phases.ts'
import { sectionOutages, type SectionOutage } from '../../../platform/network/model/section-outages.ts'
import { queriesOf } from '../../../platform/storage/queries.ts'
import { eventRoots, keyOfLoss } from '../domain/event-roots.ts'
import { lossesFrom, replaceLosses, type SectionLoss } from './section-repository.ts'

/** Sections that lost supply, or got it back, otherwise than was known. */
export interface ChangedSections {
  /** By section, the instant (UTC milliseconds) from which on what was known differs. */
  readonly since: ReadonlyMap<string, number>
  /** Losses that were known of them. */
  readonly known: readonly SectionLoss[]
}

/**
 * Computes again when sections were without supply from an instant on (UTC milliseconds), and writes what differs. An outage
 * that no operation began, but a change of the registry, is none of the network's.
 */
export async function renewSectionLosses(client: PoolClient, from: number): Promise<ChangedSections> {
  const known = await lossesFrom(client, from)
  const old = known.filter(({ until }) => until === null || until >= from)
  const { network, operations } = await networkHistory(queriesOf(client), from, Infinity)
  const lasting = old.filter((loss) => loss.from < from).map(asOutage)
  const found = sectionOutages(network, operations, from, Infinity, lasting).flatMap((outage) => {
    const { takenBy, sectionId, until, phases } = outage
    if (!takenBy || (until !== null && until <= outage.from)) return []
    return [{ sectionId, from: outage.from, until, phases, elementId: takenBy.switchId, takenAt: takenBy.at }]
  })
  const stand = new Map(known.filter((loss) => loss.from < from).map((loss) => [keyOfLoss(loss), loss.root]))
  const others = known.filter((loss) => !old.includes(loss))
  const roots = eventRoots([...others, ...found], stand)
  const now = found.map((loss) => ({ ...loss, root: roots.get(keyOfLoss(loss))! }))
  const [before, after] = [new Set(old.map(told)), new Set(now.map(told))]
  const gone = old.filter((loss) => !after.has(told(loss)))
  const come = now.filter((loss) => !before.has(told(loss)))
  if (gone.length + come.length > 0) await replaceLosses(client, gone, come)
  const changed = new Set([...gone, ...come].map(({ sectionId }) => sectionId))
  const since = new Map<string, number>()
  for (const loss of [...old, ...now])
    if (changed.has(loss.sectionId))
      since.set(loss.sectionId, Math.min(since.get(loss.sectionId) ?? Infinity, loss.from))
  return { since, known: old.filter(({ sectionId }) => changed.has(sectionId)) }
}

const told = ({ sectionId, from, until, phases, elementId, takenAt, root }: SectionLoss): string =>
  JSON.stringify([sectionId, from, until, phases, elementId, takenAt, keyOfLoss(root)])

const asOutage = ({ sectionId, phases, from, elementId, takenAt }: SectionLoss): SectionOutage => ({
  ...{ sectionId, phases, from, until: null, givenBackBy: null },
  takenBy: { switchId: elementId, at: takenAt, closed: noPhase, source: 'event', reference: '' },
})
