/** How the control loop is, from what it has stored: any process can say it. */

/** The newest round over a root feeder, and who holds its lease. Instants are UTC milliseconds. */
export interface ControlRound {
  readonly rootId: string
  /** By the platform's clock. */
  readonly at: number
  /** By the wall's. */
  readonly recordedAt: number
  readonly intervalMs: number
  /** Machine time that it took. */
  readonly roundMs: number
}

export interface LoopState {
  /** `off`: no root is steered. */
  readonly status: 'ok' | 'stalled' | 'overrun' | 'off'
  /** Of the root that has waited longest, by the platform's clock. */
  readonly lastTickAt: number | null
  /** Roots without a round for too long. */
  readonly stalled: readonly string[]
  /** Roots whose rounds take too long for their interval. */
  readonly overrun: readonly string[]
}

/** Intervals without a round after which the loop stalls: then setpoints expire too. */
const stalledIntervals = 3
/** However fast simulated time passes, the machine gets this long. */
const leastWallMs = 30_000
/** The machine is left to others for nine times as long as a round takes. */
const shareOfMachine = 10

/**
 * @param now      by the platform's clock
 * @param wallNow  by the wall's
 */
export function loopState(rounds: readonly ControlRound[], now: number, wallNow: number): LoopState {
  if (rounds.length === 0) return { status: 'off', lastTickAt: null, stalled: [], overrun: [] }
  const stalled = rounds.filter((round) => isStalled(round, now, wallNow)).map(({ rootId }) => rootId)
  const overrun = rounds
    .filter(({ roundMs, intervalMs }) => roundMs * shareOfMachine > intervalMs)
    .map(({ rootId }) => rootId)
  return {
    status: stalled.length > 0 ? 'stalled' : overrun.length > 0 ? 'overrun' : 'ok',
    lastTickAt: Math.min(...rounds.map(({ at }) => at)),
    ...{ stalled, overrun },
  }
}

/** By both clocks: one that was set, or that passes fast, stalls nobody. */
const isStalled = ({ at, recordedAt, intervalMs }: ControlRound, now: number, wallNow: number): boolean =>
  now - at > stalledIntervals * intervalMs && wallNow - recordedAt > leastWallMs
