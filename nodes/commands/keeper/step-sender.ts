import type { Database } from '../../../platform/storage/database.ts'
import { Follower } from '../../../platform/storage/follower.ts'
import type { CommandSteps } from '../messages.ts'
import { commandChangesFromNowOn } from './command-log.ts'
import { stepsAfter, type LoggedCommands, type LogPlace } from './log-repository.ts'

const pace = { maxItems: 2_000, restMs: 100, restFactor: 0.2 }
const mostInMessage = 500

/**
 * Sends every step in the life of every command that is stored, whoever made it, in the order of commits: once each while it runs.
 * Its place is kept in the database: what came while nothing ran is sent then, and what was sent just before a crash may be sent again.
 */
export function sendSteps(
  database: Database,
  name: string,
  options: {
    send(message: CommandSteps): void
    /** After each round that sent something. */
    progress(): Promise<void>
    report(error: unknown): void
  },
): Follower<LoggedCommands> {
  /** Up to where it has sent: a round that fails after it sent is made again. */
  let sent: LogPlace = { changed: 0, ordinal: -1 }
  return new Follower(database, commandChangesFromNowOn(name), {
    ...{ name, ...pace },
    async before(changes) {
      const first = changes[0]!.position
      const upTo = changes.at(-1)!.position
      if (sent.changed < first) sent = { changed: first, ordinal: -1 }
      for (;;) {
        const payload = await stepsAfter(database, sent, upTo, mostInMessage)
        const last = payload.at(-1)
        if (!last) break
        options.send({ topic: 'commands/steps', payload })
        sent = { changed: last.changed, ordinal: last.ordinal }
      }
      await options.progress()
    },
    progress: () => undefined,
    report: (error) => options.report(error),
  })
}
