import { inOrder, type SwitchOperation } from '../../../platform/network/model/network.ts'
import { allPhases, noPhase, type Phases } from '../../../platform/network/model/phases.ts'
import type { SwitchReport } from './surroundings.ts'

/**
 * Phases in which switches are closed or may be, of those of which something is known. The newest word holds; of one instant the
 * operation before the report. A report that doubts itself, or is of a switch on its way, means that it may be closed.
 * @param beingClosed  by commands that may still have their effect
 */
export function mayBeClosed(
  operations: readonly SwitchOperation[],
  reports: ReadonlyMap<string, SwitchReport>,
  beingClosed: readonly string[],
): Map<string, Phases> {
  const positions = new Map<string, Phases>()
  const since = new Map<string, number>()
  for (const { switchId, at, closed } of inOrder(operations)) {
    positions.set(switchId, closed)
    since.set(switchId, at)
  }
  for (const [switchId, report] of reports)
    if (report.at > (since.get(switchId) ?? -Infinity)) positions.set(switchId, phasesAsReported(report))
  for (const switchId of beingClosed) positions.set(switchId, allPhases)
  return positions
}

const phasesAsReported = ({ position, quality }: SwitchReport): Phases =>
  position === 'open' && (quality === 'good' || quality === 'late') ? noPhase : allPhases
