import type { Source, Switch } from './network.ts'
import { noPhase, type Phases } from './phases.ts'

/**
 * Which phases of which sections have supply: what is reached from the sources through closed switches.
 * @param closed  phases that are closed, by switch; open where it says nothing
 * @returns by section; those without supply are missing
 */
export function energised(
  sources: readonly Pick<Source, 'sectionId' | 'phases'>[],
  switches: readonly Pick<Switch, 'switchId' | 'sectionA' | 'sectionB' | 'phases'>[],
  closed: ReadonlyMap<string, Phases>,
): Map<string, Phases> {
  const neighbours = new Map<string, { section: string; phases: Phases }[]>()
  for (const { switchId, sectionA, sectionB, phases } of switches) {
    const passing = (closed.get(switchId) ?? noPhase) & phases
    if (passing === noPhase) continue
    for (const [one, other] of [
      [sectionA, sectionB],
      [sectionB, sectionA],
    ] as const) {
      const known = neighbours.get(one)
      if (known) known.push({ section: other, phases: passing })
      else neighbours.set(one, [{ section: other, phases: passing }])
    }
  }
  const supplied = new Map<string, Phases>()
  const reached = sources.map(({ sectionId, phases }) => ({ section: sectionId, phases }))
  for (let next = reached.pop(); next; next = reached.pop()) {
    const before = supplied.get(next.section) ?? noPhase
    const now = before | next.phases
    if (now === before) continue
    supplied.set(next.section, now)
    for (const { section, phases } of neighbours.get(next.section) ?? [])
      if ((now & phases) !== noPhase) reached.push({ section, phases: now & phases })
  }
  return supplied
}
