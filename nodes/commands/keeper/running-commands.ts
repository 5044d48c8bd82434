import { platformClock } from '../../../platform/clock/clock.ts'
import { environment } from '../../../platform/runtime/environment.ts'
import type { Database } from '../../../platform/storage/database.ts'
import { OncePerDatabase, type Shared } from '../../../platform/storage/once-per-database.ts'
import { CommandKeeper } from './command-keeper.ts'

const running = new OncePerDatabase<CommandKeeper>()

/** What keeps the commands of a database in this process; undefined where nobody has them kept. */
export const runningCommands = (database: Database): CommandKeeper | undefined => running.of(database)

/**
 * Has commands kept in this process, once a database for all who want it.
 * @param report  told of a fault that is not the database being away; of several the first one is
 */
export const keepCommands = (database: Database, report: (error: unknown) => void): Shared<CommandKeeper> =>
  running.keep(
    database,
    () =>
      new CommandKeeper(database, {
        clock: platformClock,
        clockIsSet: () => platformClock.isSet(environment().CLOCK),
        report,
      }),
  )
