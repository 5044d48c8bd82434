import { platformClock } from '../../../platform/clock/clock.ts'
import { environment } from '../../../platform/runtime/environment.ts'
import type { Database } from '../../../platform/storage/database.ts'
import { OutlookKeeper } from './outlook-keeper.ts'

/** More take too much memory: some 150 MB. */
const mostUnits = 1_500_000

let running: { readonly keeper: OutlookKeeper; users: number } | undefined

/** The outlook that is kept in this process; undefined where nobody keeps one. */
export const runningOutlook = (): OutlookKeeper | undefined => running?.keeper

/**
 * Has the outlook kept in this process, once for all who want it: what it holds of a million units is not held twice.
 * @returns the keeper, and how to say that one is not wanted any more: with the last who says so it ends
 */
export function keepOutlook(
  database: Database,
  report: (error: unknown) => void,
): { readonly keeper: OutlookKeeper; release(): Promise<void> } {
  const { CLOCK, TIME_ZONE } = environment()
  running ??= {
    keeper: new OutlookKeeper(database, {
      ...{ clock: platformClock, timeZone: TIME_ZONE, mostUnits, report },
      clockIsSet: () => CLOCK === 'wall' || platformClock.simulated !== undefined,
    }),
    users: 0,
  }
  const kept = running
  kept.users++
  let released = false
  return {
    keeper: kept.keeper,
    async release() {
      if (released) return
      released = true
      if (--kept.users > 0) return
      if (running === kept) running = undefined
      await kept.keeper.close()
    },
  }
}
