import { platformClock } from '../../../platform/clock/clock.ts'
import { providedRootCauses } from '../../../platform/conditions/root-causes.ts'
import { provideStandingConditions } from '../../../platform/conditions/standing-conditions.ts'
import { environment } from '../../../platform/runtime/environment.ts'
import type { Database } from '../../../platform/storage/database.ts'
import { OncePerDatabase } from '../../../platform/storage/once-per-database.ts'
import { AlarmKeeper } from './alarm-keeper.ts'
import { standingAlarms } from './standing-conditions.ts'
import { keepTable } from '../table/running-table.ts'

const dayMs = 86_400_000

interface KeptAlarms {
  readonly keeper: AlarmKeeper
  close(): Promise<void>
}

const running = new OncePerDatabase<KeptAlarms>()

/** Takes back that somebody here keeps alarms. */
let withdraw: (() => void) | undefined

/** What keeps the alarms of a database in this process; undefined where nobody has them kept. */
export const runningAlarms = (database: Database): AlarmKeeper | undefined => running.of(database)?.keeper

/**
 * Has alarms kept in this process, once a database for all who want it.
 * @param report  told of a fault that is not the database being away; of several the first one is
 * @returns the keeper, and how to say that one does not want it any more: with the last who says so it ends
 */
export function keepAlarms(
  database: Database,
  report: (error: unknown) => void,
): { readonly kept: AlarmKeeper; release(): Promise<void> } {
  const { kept, release } = running.keep(database, () => startKeeping(database, report))
  return { kept: kept.keeper, release }
}

function startKeeping(database: Database, report: (error: unknown) => void): KeptAlarms {
  const { CLOCK, ALARM_HISTORY_DAYS } = environment()
  const table = keepTable(database, report)
  const keeper = new AlarmKeeper(database, {
    clock: platformClock,
    clockIsSet: () => platformClock.isSet(CLOCK),
    table: () => table.keeper.table,
    causes: providedRootCauses,
    historyMs: ALARM_HISTORY_DAYS * dayMs,
    report,
  })
  withdraw ??= provideStandingConditions(standingAlarms)
  return {
    keeper,
    async close() {
      if (running.size === 0) {
        withdraw?.()
        withdraw = undefined
      }
      await keeper.close()
      await table.release()
    },
  }
}
