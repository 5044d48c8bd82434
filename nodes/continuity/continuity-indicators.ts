import type { NodeAPI } from 'node-red'
import { civilDaysIn } from '../../platform/clock/civil-day.ts'
import { platformClock } from '../../platform/clock/clock.ts'
import { defineNode } from '../../platform/node/define-node.ts'
import { messageOf } from '../../platform/node/message-of.ts'
import { numberSetting } from '../../platform/node/number-setting.ts'
import { environment } from '../../platform/runtime/environment.ts'
import { Follower } from '../../platform/storage/follower.ts'
import { roundsUntilDone } from '../../platform/storage/rounds.ts'
import type { PostgresqlNode } from '../../platform/storage/postgresql.ts'
import { IndicatorConditions } from './indicators/indicator-conditions.ts'
import { IndicatorKeeper } from './indicators/indicator-keeper.ts'
import { indicatorChanges } from './indicators/indicator-log.ts'
import { indicatorBatches } from './indicators/indicator-messages.ts'
import type { ContinuityConditions } from './messages.ts'

interface ContinuityIndicatorsConfig {
  database: string
  /** A condition is raised from where on the year of a conjunto has used so much of its limit, %. */
  limitUsedPct: number | string
  wires?: string[][]
}

const defaults: ContinuityIndicatorsConfig = { database: '', limitUsedPct: 80 }
const pace = { maxItems: 5_000, restMs: 500, restFactor: 1 }

/**
 * Keeps what interruptions come to for units and conjuntos. Sends each month that was written, at least once and in the order of
 * commits, on its first output; conditions for alarms on the second.
 */
export default function register(RED: NodeAPI): void {
  defineNode<ContinuityIndicatorsConfig>(RED, 'linhaviva-continuity-indicators', defaults, (config, node) => {
    const { database } = node.configNode<PostgresqlNode>('database', config.database)
    const { CLOCK, TIME_ZONE } = environment()
    const raiseShare = numberSetting('limitUsedPct', config.limitUsedPct, 1, 100) / 100
    function report(error: unknown): void {
      node.status.show('red', 'ring', messageOf(error))
      node.reportError(error)
    }
    const keeper = new IndicatorKeeper(database, {
      clock: platformClock,
      clockIsSet: () => platformClock.isSet(CLOCK),
      progress: ({ left }) =>
        node.status.show(
          left > 0 ? 'yellow' : 'green',
          'dot',
          node.text('continuity-indicators.status.left', { left: String(left) }),
        ),
      report,
    })
    const conditions = new IndicatorConditions(civilDaysIn(TIME_ZONE), raiseShare)
    const closing = new AbortController()
    async function sayConditions(after: number, upTo: number): Promise<void> {
      for await (const payload of conditions.after(database, after, upTo, platformClock.now()))
        node.send([null, { topic: 'continuity/conditions', payload } satisfies ContinuityConditions])
    }
    async function begin(): Promise<boolean> {
      if (!platformClock.isSet(CLOCK)) return false
      await sayConditions(0, 0)
      return true
    }
    // Read back only where somebody wants to see them.
    const [wantsIndicators, wantsConditions] = [config.wires?.[0]?.length, config.wires?.[1]?.length]
    // What stands and holds no more is taken back with the start: the next commit may be long in coming.
    const begun = wantsConditions
      ? roundsUntilDone(database, { restMs: pace.restMs, round: begin, report }, closing.signal)
      : Promise.resolve()
    const sender =
      wantsIndicators || wantsConditions
        ? new Follower(database, indicatorChanges, {
            name: `continuity-indicators ${node.id}`,
            ...pace,
            async before(changes) {
              const [after, upTo] = [changes[0]!.position - 1, changes.at(-1)!.position]
              if (wantsIndicators)
                for await (const batch of indicatorBatches(database, after, upTo)) node.send([batch, null])
              await begun
              if (wantsConditions) await sayConditions(after, upTo)
            },
            progress: () => undefined,
            report,
          })
        : undefined
    return {
      async onClose() {
        closing.abort()
        await Promise.all([keeper.close(), begun, sender?.close()])
      },
    }
  })
}
