import { randomUUID } from 'node:crypto'
import { dispatcherConnection } from '../../../platform/broker/broker.ts'
import { platformClock } from '../../../platform/clock/clock.ts'
import { environment } from '../../../platform/runtime/environment.ts'
import type { Database } from '../../../platform/storage/database.ts'
import { OncePerDatabase, type Shared } from '../../../platform/storage/once-per-database.ts'
import { Dispatcher } from './dispatcher.ts'
import { signingSecret } from './signing-secret.ts'
import type { Forbidding } from './take-commands.ts'

const running = new OncePerDatabase<Dispatcher>()

/**
 * Has the commands of a database sent by this process, once a database for all who want it, at the broker that the environment names.
 * @param report  told of a fault that is not the database being away; of several who want it the first one is
 */
export const dispatchCommands = (
  database: Database,
  forbidding: Forbidding,
  report: (error: unknown) => void,
): Shared<Dispatcher> => running.keep(database, () => startDispatching(database, forbidding, report))

function startDispatching(database: Database, forbidding: Forbidding, report: (error: unknown) => void): Dispatcher {
  const settings = environment()
  const { url, options } = dispatcherConnection(settings)
  return new Dispatcher(database, {
    ...{ url, connection: { ...options, clientId: `linha-viva-commands-${randomUUID().slice(0, 8)}` } },
    ...{ clock: platformClock, clockIsSet: () => platformClock.isSet(settings.CLOCK) },
    ...{ secret: signingSecret(settings), forbidding, report },
  })
}
