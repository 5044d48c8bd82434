import type { Database } from '../../../platform/storage/database.ts'
import { Follower } from '../../../platform/storage/follower.ts'
import type { AlarmTransitions } from '../messages.ts'
import { alarmChangesFromNowOn, type LoggedAlarms } from './alarm-log.ts'
import { transitionsAfter, type LogPlace } from './change-repository.ts'

const pace = { maxItems: 5_000, restMs: 100, restFactor: 0.2 }
const mostInMessage = 500

/**
 * Sends every transition that is stored, whoever made it, in the order of commits: once each while it runs. Its place is kept in the
 * database: what came while nothing ran is sent then, and what was sent just before a crash may be sent again.
 */
export function sendTransitions(
  database: Database,
  name: string,
  options: {
    send(message: AlarmTransitions): void
    /** After each round that sent something. */
    progress(): Promise<void>
    report(error: unknown): void
  },
): Follower<LoggedAlarms> {
  /** Up to where it has sent: a round that fails after it sent is made again. */
  let sent: LogPlace = { changed: 0, ordinal: -1 }
  return new Follower(database, alarmChangesFromNowOn(name), {
    ...{ name, ...pace },
    async before(changes) {
      const first = changes[0]!.position
      const upTo = changes.at(-1)!.position
      if (sent.changed < first) sent = { changed: first, ordinal: -1 }
      for (;;) {
        const payload = await transitionsAfter(database, sent, upTo, mostInMessage)
        const last = payload.at(-1)
        if (!last) break
        options.send({ topic: 'alarms/transitions', payload })
        sent = { changed: last.changed, ordinal: last.ordinal }
      }
      await options.progress()
    },
    progress: () => undefined,
    report: (error) => options.report(error),
  })
}
