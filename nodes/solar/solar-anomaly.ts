import type { NodeAPI } from 'node-red'
import { civilDaysIn } from '../../platform/clock/civil-day.ts'
import { platformClock } from '../../platform/clock/clock.ts'
import { defineNode } from '../../platform/node/define-node.ts'
import { messageOf } from '../../platform/node/message-of.ts'
import { environment } from '../../platform/runtime/environment.ts'
import type { PostgresqlNode } from '../../platform/storage/postgresql.ts'
import { anomalyMessages } from './anomalies/anomaly-message.ts'
import { healthyHistory } from './anomalies/healthy-history.ts'
import { RunningAnomalies } from './anomalies/running-anomalies.ts'
import { forestSchedule } from './domain/forest/schedule.ts'
import type { SolarConditions } from './messages.ts'
import { Retraining } from './scoring/retraining.ts'
import { openScoring } from './scoring/scoring.ts'
import { SiteForests } from './scoring/site-forests.ts'

interface SolarAnomalyConfig {
  database: string
}

const mostConditions = 500
const dayMs = 86_400_000

/** Finds panels that do not do what they should: anomalies on its first output, conditions for alarms on its second. */
export default function register(RED: NodeAPI): void {
  defineNode<SolarAnomalyConfig>(RED, 'linhaviva-solar-anomaly', { database: '' }, (config, node) => {
    const { database } = node.configNode<PostgresqlNode>('database', config.database)
    const { CLOCK, TIME_ZONE, ROLLUP_MINUTE_RETENTION_DAYS } = environment()
    const clock = { clock: platformClock, clockIsSet: () => platformClock.isSet(CLOCK) }
    function report(error: unknown): void {
      node.status.show('red', 'ring', messageOf(error))
      node.reportError(error)
    }
    const scoring = openScoring()
    const forests = new SiteForests(database, scoring, report)
    const retraining = new Retraining(database, {
      ...{ scoring, quantile: forestSchedule.quantile, ...clock, report, ended: () => undefined },
      healthyHistory: (siteId, from, to) => healthyHistory(database, civilDaysIn(TIME_ZONE), siteId, { from, to }),
    })
    const running = new RunningAnomalies(database, {
      ...{ ...clock, report, timeZone: TIME_ZONE, keepMs: ROLLUP_MINUTE_RETENTION_DAYS * dayMs },
      scores: async (siteId, samples, signal) => (await forests.scoresOf(siteId, samples, signal))?.scores ?? null,
      changed(changes) {
        for (const message of anomalyMessages(changes)) node.send([message, null])
      },
      conditions(conditions) {
        for (let first = 0; first < conditions.length; first += mostConditions) {
          const payload = conditions.slice(first, first + mostConditions)
          node.send([null, { topic: 'solar/conditions', payload } satisfies SolarConditions])
        }
      },
      progress(anomalies, plants) {
        const figures = { anomalies: String(anomalies), plants: String(plants) }
        const fill = plants === 0 ? 'grey' : anomalies > 0 ? 'yellow' : 'green'
        node.status.show(fill, plants === 0 ? 'ring' : 'dot', node.text('solar-anomaly.status.anomalies', figures))
      },
      report,
    })
    return {
      async onClose() {
        await Promise.all([running.close(), retraining.close()])
        await scoring.close()
      },
    }
  })
}
