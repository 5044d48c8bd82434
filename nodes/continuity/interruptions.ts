import type { NodeAPI } from 'node-red'
import { platformClock } from '../../platform/clock/clock.ts'
import { defineNode } from '../../platform/node/define-node.ts'
import { messageOf } from '../../platform/node/message-of.ts'
import { numberSetting } from '../../platform/node/number-setting.ts'
import { Follower } from '../../platform/storage/follower.ts'
import type { PostgresqlNode } from '../../platform/storage/postgresql.ts'
import { continuityChanges } from './interruptions/change-log.ts'
import { countOpen, interruptionsChanged } from './interruptions/change-repository.ts'
import { HintKeeper } from './interruptions/hint-keeper.ts'
import { InterruptionKeeper } from './interruptions/keeper.ts'
import type { InterruptionBatch } from './messages.ts'

interface InterruptionsConfig {
  database: string
  /** A meter that has been silent so long is a hint of an outage. */
  silentMinutes: number | string
  wires?: string[][]
}

const defaults: InterruptionsConfig = { database: '', silentMinutes: 15 }

const pace = { maxItems: 20_000, restMs: 100, restFactor: 0.2 }
/** Interruptions in one message. */
const mostInMessage = 500
const minuteMs = 60_000

/** Keeps interruptions, and sends each that was written, at least once and in the order of commits. */
export default function register(RED: NodeAPI): void {
  defineNode<InterruptionsConfig>(RED, 'linhaviva-interruptions', defaults, (config, node) => {
    const { database } = node.configNode<PostgresqlNode>('database', config.database)
    const silentMinutes = numberSetting('silentMinutes', config.silentMinutes, 1, 1_440)
    function report(error: unknown): void {
      node.status.show('red', 'ring', messageOf(error))
      node.reportError(error)
    }
    const keeper = new InterruptionKeeper(database, { clock: platformClock, progress: () => undefined, report })
    const hints = new HintKeeper(database, { clock: platformClock, silentMs: silentMinutes * minuteMs, report })
    const sender = new Follower(database, continuityChanges, {
      name: `interruptions ${node.id}`,
      ...pace,
      async before(changes) {
        const [first, last] = [changes[0]!.position, changes.at(-1)!.position]
        const { open, units } = await countOpen(database)
        const shown = { open: String(open), units: String(units) }
        node.status.show(open > 0 ? 'yellow' : 'green', 'dot', node.text('interruptions.status.open', shown))
        if (!config.wires?.[0]?.length) return
        const written = await interruptionsChanged(database, first - 1, last)
        for (let at = 0; at < written.length; at += mostInMessage) {
          const payload = written.slice(at, at + mostInMessage)
          node.send({ topic: 'continuity/interruptions', payload } satisfies InterruptionBatch)
        }
      },
      progress: () => undefined,
      report,
    })
    return {
      async onClose() {
        await Promise.all([keeper.close(), hints.close(), sender.close()])
      },
    }
  })
}
