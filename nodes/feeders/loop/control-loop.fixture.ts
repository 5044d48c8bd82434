import type { Database } from '../../../platform/storage/database.ts'
import { allocateHeuristic } from '../domain/allocation/heuristic.ts'
import type { LoopSetpoint } from '../messages.ts'
import { ControlLoop, type ControlLoopOptions, type LoopSettings, type RoundOutcome } from './control-loop.ts'

export const noon = Date.UTC(2026, 2, 2, 15)

const loopSettings: LoopSettings = {
  ...{ intervalMs: 60_000, silentAfterMs: 120_000, minSocReserve: 0.2, targetSoc: 0.8, socWeight: 1 },
  ...{ respectPriority: true, defaultLimitKw: null, globalLimitKw: null, timeZone: 'America/Sao_Paulo' },
  ...{ prices: null, referenceBrlPerKwh: 0.5, stepKw: 0.1 },
}

/** A loop that a suite looks at: its clocks stand still but for the suite, and it looks again at once. */
export class SeenLoop {
  readonly setpoints: LoopSetpoint[] = []
  readonly outcomes: RoundOutcome[] = []
  readonly errors: unknown[] = []
  readonly loop: ControlLoop

  constructor(database: Database, clocks: { now: number; wall: number }, options: Partial<ControlLoopOptions> = {}) {
    this.loop = new ControlLoop(database, {
      ...{ clock: { now: () => clocks.now }, rate: () => 1, clockIsSet: () => true, wall: { now: () => clocks.wall } },
      ...{ settings: loopSettings, holder: 'suite', leaseMs: 1_000, restMs: 10, restFactor: 1 },
      solve: (round) => Promise.resolve(allocateHeuristic(round.problem)),
      setpoints: (setpoints) => void this.setpoints.push(...setpoints),
      allocated: (outcome) => void this.outcomes.push(outcome),
      progress: () => undefined,
      report: (error) => void this.errors.push(error),
      ...options,
    })
  }

  /** What was told last to each device, in the order of devices. */
  told(): Record<string, number | null> {
    const last = new Map(this.setpoints.map(({ deviceId, powerKw }) => [deviceId, powerKw]))
    return Object.fromEntries([...last].toSorted(([one], [other]) => (one < other ? -1 : 1)))
  }
}
