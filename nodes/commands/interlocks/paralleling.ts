import { standing } from '../../../platform/network/model/energisation.ts'
import type { Source } from '../../../platform/network/model/network.ts'
import { noPhase, phasesIn, type Phases } from '../../../platform/network/model/phases.ts'
import { closingOf, type Closing, sourcesOf } from './closing.ts'
import type { Interlock } from './interlock.ts'

/** Two sources would be joined that are not yet. A ring that hangs on one source may be closed. */
export const paralleling: Interlock = {
  name: 'paralleling-sources',
  forbids(intended, surroundings) {
    const closing = closingOf(intended, surroundings)
    if (!closing) return []
    const { network, mayBeClosed } = surroundings
    const now = standing(network, new Map([...mayBeClosed, [intended.deviceId, noPhase]]))
    const own = network.sources.find(({ sourceId }) => sourceId === intended.deviceId)
    const feeding = (side: number, phase: Phases) => sourcesIn(now.sources, closing, side, phase)
    for (const phase of phasesIn(closing.onto[0]!.phases)) {
      const one = own ? [own] : feeding(0, phase)
      const other = own ? feeding(0, phase) : feeding(1, phase)
      if (!own && isRing(closing, phase)) continue
      if (one.length > 0 && other.length > 0) return [why(intended.deviceId, one, other)]
    }
    return []
  },
}

/** Both sides hang together already. */
const isRing = ({ onto, before }: Closing, phase: Phases): boolean =>
  ((before[0]!.get(onto[1]!.sectionId) ?? noPhase) & phase) !== noPhase

/** Sources of what hangs together with one side in a phase. */
const sourcesIn = (sources: readonly Source[], { before }: Closing, side: number, phase: Phases): readonly Source[] =>
  sourcesOf(
    { switches: [], sources: sources.map((source) => ({ ...source, phases: source.phases & phase })) },
    before[side]!,
  )

function why(deviceId: string, one: readonly Source[], other: readonly Source[]) {
  const [a, b] = [one, other].map((sources) => sources.map(({ sourceId }) => sourceId).join(', '))
  return {
    en: `closing ${deviceId} puts ${a} and ${b} in parallel`,
    pt: `fechar ${deviceId} põe ${a} e ${b} em paralelo`,
  }
}
