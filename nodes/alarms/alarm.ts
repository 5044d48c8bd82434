import type { NodeAPI } from 'node-red'
import { platformClock } from '../../platform/clock/clock.ts'
import { defineNode } from '../../platform/node/define-node.ts'
import { messageOf } from '../../platform/node/message-of.ts'
import type { PostgresqlNode } from '../../platform/storage/postgresql.ts'
import { environment } from '../../platform/runtime/environment.ts'
import { defaultTable } from './domain/default-table.ts'
import { readRules } from './domain/rules/read-rules.ts'
import { conditionsOf } from './keeper/condition-check.ts'
import { keepAlarms } from './keeper/running-alarms.ts'
import { countStanding } from './keeper/alarm-repository.ts'
import { sendTransitions } from './keeper/transition-sender.ts'
import { isInFlows } from './rules/nodes-in-flows.ts'
import { NodeRules, ruleSources, type RuleSource } from './rules/node-rules.ts'
import { isOfReadings, readingsOf } from './rules/readings-on-wire.ts'
import { keepTable } from './table/running-table.ts'

interface AlarmConfig {
  database: string
  /** Where the readings come from that rules judge. */
  source: RuleSource
  /** Conditions that engineers define: see domain/rules/rule-config.ts. */
  rules: unknown
}

const defaults: AlarmConfig = { database: '', source: 'stored', rules: [] }

/** Takes conditions, judges readings by rules of its own, and sends every step in the life of every alarm: those of operators, of time and of other nodes too. */
export default function register(RED: NodeAPI): void {
  defineNode<AlarmConfig>(RED, 'linhaviva-alarm', defaults, (config, node) => {
    const { database, registry } = node.configNode<PostgresqlNode>('database', config.database)
    const source = ruleSources.find((one) => one === config.source)
    if (!source) throw new RangeError(`source is ${JSON.stringify(config.source)}: it takes ${ruleSources.join(', ')}`)
    const configured = readRules(config.rules)
    function report(error: unknown): void {
      node.status.show('red', 'ring', messageOf(error))
      node.reportError(error)
    }
    const { kept, release } = keepAlarms(database, report)
    const { keeper: table, release: releaseTable } = keepTable(database, report)
    const { CLOCK } = environment()
    const rules = new NodeRules(database, configured, {
      ...{ nodeId: node.id, source, registry, clock: platformClock, report },
      clockIsSet: () => platformClock.isSet(CLOCK),
      table: (signal) => table.ready(signal),
      tableNow: () => table.table ?? defaultTable,
      isInFlows: (id) => isInFlows(RED, id),
      warn: (text) => node.warn(text),
    })
    async function showStanding(): Promise<void> {
      const { unacknowledged, standing } = await countStanding(database)
      const figures = { unacknowledged: String(unacknowledged), standing: String(standing) }
      const fill = unacknowledged > 0 ? 'red' : standing > 0 ? 'yellow' : 'green'
      node.status.show(fill, 'dot', node.text('alarm.status.standing', figures))
    }
    const sender = sendTransitions(database, `alarm ${node.id}`, {
      send: (message) => node.send(message),
      progress: showStanding,
      report,
    })
    async function takeReadings(payload: readonly unknown[]): Promise<void> {
      if (source !== 'wire') throw new Error('payload has readings: rules of this node judge what is stored')
      await rules.take(readingsOf(payload))
    }
    return {
      async onInput({ payload }) {
        if (isOfReadings(payload)) await takeReadings(payload)
        else await kept.take(conditionsOf(payload))
      },
      async onClose(removed) {
        await sender.close()
        await rules.close(removed)
        await releaseTable()
        await release()
      },
    }
  })
}
