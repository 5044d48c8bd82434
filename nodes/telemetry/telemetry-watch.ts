import type { NodeAPI } from 'node-red'
import { platformClock } from '../../platform/clock/clock.ts'
import { liveHub } from '../../platform/live/hub.ts'
import { defineNode } from '../../platform/node/define-node.ts'
import { messageOf } from '../../platform/node/message-of.ts'
import { numberSetting } from '../../platform/node/number-setting.ts'
import { environment } from '../../platform/runtime/environment.ts'
import type { PostgresqlNode } from '../../platform/storage/postgresql.ts'
import type { TelemetryConditions } from './messages.ts'
import { FieldWatch } from './watch/field-watch.ts'

interface TelemetryWatchConfig {
  database: string
  /** A device is silent after so many times as long as it usually is. */
  silentFactor: number | string
  /** And never before so many minutes. */
  silentAfterMinutes: number | string
  /** Values are stuck after so many hours. */
  stuckHours: number | string
  /** Messages into quarantine in ten minutes. */
  floodMessages: number | string
  /** A consumer of a log is late after so many minutes. */
  behindMinutes: number | string
  /** A feeder's load must fall so far below its limit, %. */
  overloadDeadbandPct: number | string
  /** And be above or below it for so long. */
  overloadHoldSeconds: number | string
}

const defaults: TelemetryWatchConfig = {
  ...{ database: '', silentFactor: 3, silentAfterMinutes: 5, stuckHours: 6, floodMessages: 100, behindMinutes: 5 },
  ...{ overloadDeadbandPct: 5, overloadHoldSeconds: 60 },
}
const [secondMs, minuteMs] = [1_000, 60_000]
const mostAtOnce = 500

/** Sends what is amiss in the field and on the way from it, as conditions for alarms: when it begins and when it ends. */
export default function register(RED: NodeAPI): void {
  defineNode<TelemetryWatchConfig>(RED, 'linhaviva-telemetry-watch', defaults, (config, node) => {
    const { database } = node.configNode<PostgresqlNode>('database', config.database)
    const { CLOCK, FEEDER_DEFAULT_LIMIT_KW } = environment()
    const watch = new FieldWatch(database, {
      clock: platformClock,
      clockIsSet: () => platformClock.isSet(CLOCK),
      rate: () => platformClock.simulated?.rate ?? 1,
      settings: {
        silentFactor: numberSetting('silentFactor', config.silentFactor, 1, 100),
        silentAfterMs: numberSetting('silentAfterMinutes', config.silentAfterMinutes, 1, 1_440) * minuteMs,
        stuckHours: numberSetting('stuckHours', config.stuckHours, 2, 168),
        floodMessages: numberSetting('floodMessages', config.floodMessages, 1, 1_000_000),
        behindMs: numberSetting('behindMinutes', config.behindMinutes, 1, 1_440) * minuteMs,
        overloadDeadbandPct: numberSetting('overloadDeadbandPct', config.overloadDeadbandPct, 0, 90),
        overloadHoldMs: numberSetting('overloadHoldSeconds', config.overloadHoldSeconds, 0, 3_600) * secondMs,
        defaultLimitKw: FEEDER_DEFAULT_LIMIT_KW ?? null,
      },
      loads: () => liveHub.values('feeders'),
      conditions(conditions) {
        for (let first = 0; first < conditions.length; first += mostAtOnce) {
          const payload = conditions.slice(first, first + mostAtOnce)
          node.send({ topic: 'telemetry/conditions', payload } satisfies TelemetryConditions)
        }
      },
      progress(standing) {
        const text = node.text('telemetry-watch.status.standing', { count: String(standing) })
        node.status.show(standing > 0 ? 'yellow' : 'green', 'dot', text)
      },
      report(error) {
        node.status.show('red', 'ring', messageOf(error))
        node.reportError(error)
      },
    })
    return { onClose: () => watch.close() }
  })
}
