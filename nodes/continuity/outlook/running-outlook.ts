import { platformClock } from '../../../platform/clock/clock.ts'
import { environment } from '../../../platform/runtime/environment.ts'
import type { Database } from '../../../platform/storage/database.ts'
import { ConjuntoKeeper } from './conjunto-keeper.ts'
import { OutlookKeeper } from './outlook-keeper.ts'

/** More take too much memory: some 150 MB. */
const mostUnits = 1_500_000

/** What is kept of outages and conjuntos in a process. */
export interface KeptOutlook {
  readonly outages: OutlookKeeper
  readonly conjuntos: ConjuntoKeeper
}

let running: (KeptOutlook & { users: number }) | undefined

/** What is kept in this process; undefined where nobody has it kept. */
export const runningOutlook = (): KeptOutlook | undefined => running

/**
 * Has the outlook kept in this process, once for all who want it: what it holds of a million units is not held twice.
 * @returns the keepers, and how to say that one does not want them any more: with the last who says so they end
 */
export function keepOutlook(
  database: Database,
  report: (error: unknown) => void,
): { readonly kept: KeptOutlook; release(): Promise<void> } {
  running ??= { ...keepersOver(database, report), users: 0 }
  const kept = running
  kept.users++
  let released = false
  return {
    kept,
    async release() {
      if (released) return
      released = true
      if (--kept.users > 0) return
      if (running === kept) running = undefined
      await Promise.all([kept.outages.close(), kept.conjuntos.close()])
    },
  }
}

function keepersOver(database: Database, report: (error: unknown) => void): KeptOutlook {
  const { CLOCK, TIME_ZONE } = environment()
  const options = {
    ...{ clock: platformClock, timeZone: TIME_ZONE, report },
    clockIsSet: () => platformClock.isSet(CLOCK),
  }
  return {
    outages: new OutlookKeeper(database, { ...options, mostUnits }),
    conjuntos: new ConjuntoKeeper(database, options),
  }
}
