/**
 * Keeps interruptions and the outlook of a database in a process of its own, as Node-RED does beside all else, so that its memory
 * and its event loop are those of them and of nothing else. Tells of each list that it has.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { InterruptionKeeper } from '../../nodes/continuity/interruptions/keeper.ts'
import { OutlookKeeper } from '../../nodes/continuity/outlook/outlook-keeper.ts'
import type { DatabaseLogin } from '../../platform/runtime/embedded-database.ts'
import { Database } from '../../platform/storage/database.ts'

export interface OutageTask {
  readonly login: DatabaseLogin
  /** What the clock shows at the beginning, UTC milliseconds: it goes on as the wall's. */
  readonly now: number
}

export interface OutageReport {
  /** When it was told, by the wall's clock, ms. */
  readonly at: number
  readonly unitsKnown: number | undefined
  readonly unitsOut: number
  readonly avoidedBrl: number
  readonly pendingUnits: number
  readonly hasSteps: boolean
  /** From looking at the database to this list, ms. */
  readonly tookMs: number
  /** Longest that nothing else had a turn since it was asked last, ms. */
  readonly longestTurnMs: number
  readonly rss: number
  /** Processor seconds since the start. */
  readonly cpuSeconds: number
  readonly fault: string | undefined
}

const reportEveryMs = 200

function run({ login, now }: OutageTask): void {
  const began = Date.now()
  let fault: string | undefined
  const turns = monitorEventLoopDelay({ resolution: 1 })
  turns.enable()
  const database = new Database(login)
  const clock = { now: () => now + Date.now() - began }
  const report = (error: unknown): void => void (fault = String(error))
  new InterruptionKeeper(database, { clock, progress: () => undefined, report })
  const keeper = new OutlookKeeper(database, {
    ...{ clock, report, clockIsSet: () => true, timeZone: 'America/Sao_Paulo', mostUnits: 2_000_000 },
  })
  const tell = (): void => {
    const { outages, tookMs } = keeper.outlook
    const { user, system } = process.cpuUsage()
    const told: OutageReport = {
      ...{ at: Date.now(), unitsKnown: keeper.profiles?.size, tookMs, fault },
      unitsOut: outages.reduce((sum, { unitsOut }) => sum + unitsOut, 0),
      avoidedBrl: outages.reduce((sum, { avoidedCents }) => sum + avoidedCents, 0) / 100,
      pendingUnits: outages.reduce((sum, { pendingUnits }) => sum + pendingUnits, 0),
      hasSteps: outages.length > 0 && outages.every(({ steps }) => steps !== null),
      ...{ longestTurnMs: turns.max / 1e6, rss: process.memoryUsage().rss, cpuSeconds: (user + system) / 1e6 },
    }
    process.send!(told)
  }
  keeper.on('change', tell)
  setInterval(tell, reportEveryMs)
  process.on('message', (message) => message === 'forget turns' && turns.reset())
}

if (process.send) {
  // Whoever started us is gone.
  process.once('disconnect', () => process.exit(1))
  process.once('message', (task) => run(task as OutageTask))
}
