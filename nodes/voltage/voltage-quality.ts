import type { NodeAPI } from 'node-red'
import { civilDaysIn } from '../../platform/clock/civil-day.ts'
import { platformClock } from '../../platform/clock/clock.ts'
import { defineNode } from '../../platform/node/define-node.ts'
import { messageOf } from '../../platform/node/message-of.ts'
import { numberSetting } from '../../platform/node/number-setting.ts'
import { environment } from '../../platform/runtime/environment.ts'
import { Follower } from '../../platform/storage/follower.ts'
import type { PostgresqlNode } from '../../platform/storage/postgresql.ts'
import { voltageChanges } from './change-log.ts'
import { limitsByDay } from './domain/measuring-point.ts'
import { thresholdsFrom } from './domain/voltage-conditions.ts'
import { ForecastKeeper } from './forecast-keeper.ts'
import { MeasurementKeeper } from './measurement-keeper.ts'
import type { ConditionBatch } from './messages.ts'
import { runningForecasts } from './running-forecasts.ts'
import { UnjudgedMeters } from './unjudged-meters.ts'
import { WindowKeeper } from './window-keeper.ts'
import { windowBatches } from './window-messages.ts'

interface VoltageQualityConfig {
  database: string
  /** Windows are closed so long after their end. */
  settleSeconds: number | string
  /** Share of a window that readings must cover; empty: as the option of the regulation says. */
  leastCoverage: number | string
  /** A condition is raised from where on so much of a budget is used, %. */
  budgetUsedPct: number | string
  /** And from where on a limit breaks so likely, %. */
  breakProbabilityPct: number | string
  wires?: string[][]
}

const defaults: VoltageQualityConfig = {
  ...{ database: '', settleSeconds: 200, leastCoverage: '' },
  ...{ budgetUsedPct: 80, breakProbabilityPct: 50 },
}

const dayMs = 86_400_000
/** What the field kept while nobody listened comes within minutes; in a simulation the clock comes with it. */
const patienceMs = { wall: 300_000, simulated: 2_000 }
const pace = { maxItems: 5_000, restMs: 500, restFactor: 1 }

/**
 * Keeps the 10-minute voltage windows of all meters. Sends each window that was written, at least once and in the order of
 * commits, on its first output; conditions for alarms on the second.
 */
export default function register(RED: NodeAPI): void {
  defineNode<VoltageQualityConfig>(RED, 'linhaviva-voltage-quality', defaults, (config, node) => {
    const { database } = node.configNode<PostgresqlNode>('database', config.database)
    const { CLOCK, TIME_ZONE, VOLTAGE_WINDOW_RETENTION_DAYS } = environment()
    const settleSeconds = numberSetting('settleSeconds', config.settleSeconds, 0, 3_600)
    const leastCoverage =
      config.leastCoverage === '' ? undefined : numberSetting('leastCoverage', config.leastCoverage, 0.1, 1)
    const thresholds = thresholdsFrom({
      usedPct: numberSetting('budgetUsedPct', config.budgetUsedPct, 1, 100),
      probabilityPct: numberSetting('breakProbabilityPct', config.breakProbabilityPct, 1, 100),
    })
    const unjudged = new UnjudgedMeters()
    function report(error: unknown): void {
      node.status.show('red', 'ring', messageOf(error))
      node.reportError(error)
    }

    const time = {
      clock: platformClock,
      clockIsSet: () => platformClock.isSet(CLOCK),
    }
    const measurements = new MeasurementKeeper(database, { ...time, timeZone: TIME_ZONE, report })
    // The live stream shows them, too.
    const forecasts = new ForecastKeeper(database, {
      ...{ ...time, timeZone: TIME_ZONE, thresholds, forecasts: runningForecasts, report },
      conditions(conditions) {
        node.send([null, { topic: 'voltage/conditions', payload: conditions } satisfies ConditionBatch])
      },
    })
    const keeper = new WindowKeeper(database, {
      ...time,
      settleMs: settleSeconds * 1_000,
      keptMs: VOLTAGE_WINDOW_RETENTION_DAYS * dayMs,
      patienceMs: patienceMs[CLOCK],
      limitsOf: limitsByDay(civilDaysIn(TIME_ZONE).dayOf),
      leastCoverage,
      progress({ closedUntil, lagMs }) {
        unjudged.forgetSilent(platformClock.now())
        const at = new Date(closedUntil).toISOString().slice(0, 16)
        const lag = String(Math.round(lagMs / 60_000))
        const silent =
          unjudged.size > 0
            ? ` · ${node.text('voltage-quality.status.unjudged', { meters: String(unjudged.size) })}`
            : ''
        const fill = lagMs > 0 || unjudged.size > 0 ? 'yellow' : 'green'
        node.status.show(fill, 'dot', node.text('voltage-quality.status.closed', { at, lag }) + silent)
      },
      unjudged(meters) {
        for (const line of unjudged.tell(meters, platformClock.now())) node.reportError(new Error(line))
      },
      report,
    })
    // Read back only where somebody wants to see them.
    const sender = config.wires?.[0]?.length
      ? new Follower(database, voltageChanges, {
          name: `voltage-quality ${node.id}`,
          ...pace,
          async before(changes) {
            const [first, last] = [changes[0]!.position, changes.at(-1)!.position]
            for await (const batch of windowBatches(database, first - 1, last, pace.maxItems)) node.send([batch, null])
          },
          progress: () => undefined,
          report,
        })
      : undefined
    return {
      async onClose() {
        await Promise.all([keeper.close(), measurements.close(), forecasts.close(), sender?.close()])
      },
    }
  })
}
