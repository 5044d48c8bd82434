/**
 * Keeps the voltage windows of a database in a process of its own, so that its memory and its processor time are those of the
 * windows and of nothing else. Told what time it is, tells how far it has come.
 */
import { WindowKeeper } from '../../nodes/voltage/window-keeper.ts'
import { bandLimitsOf } from '../../nodes/voltage/domain/bands.ts'
import type { DatabaseLogin } from '../../platform/runtime/embedded-database.ts'
import { Database } from '../../platform/storage/database.ts'

export interface KeeperTask {
  readonly login: DatabaseLogin
  readonly settleMs: number
  /** What the clock shows, UTC milliseconds. */
  readonly now: number
}

/** What the clock shows from now on, UTC milliseconds. */
export interface KeeperTime {
  readonly now: number
}

export interface KeeperReport {
  /** UTC milliseconds; undefined before the first windows. */
  readonly closedUntil: number | undefined
  /** Bytes now. */
  readonly rss: number
  readonly heap: number
  /** Processor seconds since the start. */
  readonly cpuSeconds: number
  readonly fault: string | undefined
}

const reportEveryMs = 100
/** Of the limits a year's days are the same. */
const day = '2026-01-01'

function run({ login, settleMs, now: first }: KeeperTask): void {
  let now = first
  let closedUntil: number | undefined
  let fault: string | undefined
  const limits = new Map<number, ReturnType<typeof bandLimitsOf>>()
  new WindowKeeper(new Database(login), {
    clock: { now: () => now, simulated: undefined },
    clockIsSet: () => true,
    ...{ settleMs, keptMs: 45 * 86_400_000, patienceMs: 0 },
    limitsOf(referenceV) {
      if (!limits.has(referenceV)) limits.set(referenceV, bandLimitsOf(referenceV, day))
      return limits.get(referenceV)!
    },
    progress: (round) => (closedUntil = round.closedUntil),
    unjudged: (meters) => (fault = `${meters.length} meters are not judged: ${meters[0]?.reason}`),
    report: (error) => (fault = String(error)),
  })
  process.on('message', (time: KeeperTime) => (now = time.now))
  setInterval(() => {
    const { rss, heapUsed: heap } = process.memoryUsage()
    const { user, system } = process.cpuUsage()
    const report: KeeperReport = {
      ...{ closedUntil, rss, heap, fault },
      cpuSeconds: (user + system) / 1e6,
    }
    process.send!(report)
  }, reportEveryMs)
}

if (process.send) {
  // Whoever started us is gone.
  process.once('disconnect', () => process.exit(1))
  process.once('message', (task) => run(task as KeeperTask))
}
