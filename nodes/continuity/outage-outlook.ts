import type { NodeAPI } from 'node-red'
import { defineNode } from '../../platform/node/define-node.ts'
import { messageOf } from '../../platform/node/message-of.ts'
import { numberSetting } from '../../platform/node/number-setting.ts'
import type { PostgresqlNode } from '../../platform/storage/postgresql.ts'
import { makeRounds } from '../../platform/storage/rounds.ts'
import type { ContinuityConditions, OutageList } from './messages.ts'
import { OutageWatch } from './outlook/outage-watch.ts'
import { keepOutlook } from './outlook/running-outlook.ts'

interface OutageOutlookConfig {
  database: string
  /** Outages that are listed, the first ones. */
  mostListed: number | string
  /** A condition is raised where limits break within so many minutes. */
  withinMinutes: number | string
  /** And where so much of a critical day's occurrences, or of an emergency's customer-hours, is reached, %. */
  nearPct: number | string
}

const defaults: OutageOutlookConfig = { database: '', mostListed: 20, withinMinutes: 30, nearPct: 80 }
const minuteMs = 60_000
/** Conditions that were lost on their way are said again by then. */
const recallEveryMs = minuteMs

/**
 * Sends whom to restore first on its first output, whenever outages come, go or change places; conditions for alarms on its
 * second. What stands as an alarm and holds no more is taken back, also after a restart.
 */
export default function register(RED: NodeAPI): void {
  defineNode<OutageOutlookConfig>(RED, 'linhaviva-outage-outlook', defaults, (config, node) => {
    const { database } = node.configNode<PostgresqlNode>('database', config.database)
    const watch = new OutageWatch(
      {
        withinMs: numberSetting('withinMinutes', config.withinMinutes, 1, 1_440) * minuteMs,
        nearPct: numberSetting('nearPct', config.nearPct, 1, 100),
      },
      numberSetting('mostListed', config.mostListed, 1, 1_000),
    )
    const { kept, release } = keepOutlook(database, (error) => {
      node.status.show('red', 'ring', messageOf(error))
      node.reportError(error)
    })
    const { outages, conjuntos } = kept
    const watching = new AbortController()
    let recalled = false
    function tell(): void {
      const { outlook } = outages
      // Nothing has been looked at yet: nothing is known to be normal.
      if (outlook.at === 0 || !recalled) return
      const list = watch.listOf(outlook)
      if (list) node.send([{ topic: 'continuity/outages', payload: list } satisfies OutageList, null])
      const conditions = watch.conditionsOf(outlook, conjuntos.states)
      if (conditions.length > 0)
        node.send([null, { topic: 'continuity/conditions', payload: conditions } satisfies ContinuityConditions])
      const unitsOut = outlook.outages.reduce((sum, one) => sum + one.unitsOut, 0)
      const figures = { outages: String(outlook.outages.length), units: String(unitsOut) }
      node.status.show(unitsOut > 0 ? 'yellow' : 'green', 'dot', node.text('outage-outlook.status.out', figures))
    }
    outages.on('change', tell)
    conjuntos.on('change', tell)
    async function recall(): Promise<void> {
      await watch.recall(database)
      recalled = true
      tell()
    }
    const recalling = makeRounds(
      database,
      { restMs: recallEveryMs, round: recall, report: (error) => node.reportError(error) },
      watching.signal,
    )
    return {
      async onClose() {
        watching.abort()
        outages.off('change', tell)
        conjuntos.off('change', tell)
        await Promise.all([release(), recalling])
      },
    }
  })
}
