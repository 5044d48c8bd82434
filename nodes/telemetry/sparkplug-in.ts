import type { NodeAPI } from 'node-red'
import type { BrokerNode } from '../../platform/broker/broker.ts'
import { platformClock } from '../../platform/clock/clock.ts'
import { provideIgnoredCounts } from '../../platform/http/health.ts'
import { defineNode } from '../../platform/node/define-node.ts'
import { numberSetting } from '../../platform/node/number-setting.ts'
import type { PostgresqlNode } from '../../platform/storage/postgresql.ts'
import { showValue } from '../../platform/wire/show-value.ts'
import { defaultRules } from './domain/rules.ts'
import { readMappingRules, type WrittenRule } from './domain/sparkplug/mapping-rules.ts'
import { SparkplugSession, type Moment, type Outcome } from './domain/sparkplug/session.ts'
import { isIdentifier } from './domain/sparkplug/topic.ts'
import { rulesFromEnvironment } from './reception.ts'
import { openSourceIntake } from './source-intake.ts'
import { SparkplugHost } from './sparkplug-host.ts'
import { decodePayload } from './sparkplug-payload.ts'

interface SparkplugInConfig {
  broker: string
  database: string
  /** Under which name edge nodes know this host application. */
  hostId: string
  /** The Sparkplug group that is listened to; `+` is all of them. */
  group: string
  /** Seconds that a missing message is waited for. */
  reorderSeconds: number
  /** Seconds within which an edge node is asked for its births once at most. */
  rebirthSeconds: number
  /** Seconds after which an unsettled batch is emitted again. */
  deadlineSeconds: number
  mappings: WrittenRule[]
}

const defaults: SparkplugInConfig = {
  ...{ broker: '', database: '', hostId: 'linha-viva', group: '+', mappings: [] },
  ...{ reorderSeconds: 2, rebirthSeconds: 10, deadlineSeconds: 30 },
}

/**
 * Listens to Sparkplug B as a host application, and emits what edge nodes and devices report as validated batches of the
 * field contract: what is valid on the first output, what was rejected on the second.
 */
export default function register(RED: NodeAPI): void {
  defineNode<SparkplugInConfig>(RED, 'linhaviva-sparkplug-in', defaults, (config, node) => {
    const broker = node.configNode<BrokerNode>('broker', config.broker)
    const { registry } = node.configNode<PostgresqlNode>('database', config.database)
    const hostId = identifierOf('hostId', config.hostId)
    const group = config.group === '+' ? '+' : identifierOf('group', config.group)
    const session = new SparkplugSession({
      reorderMs: numberSetting('reorderSeconds', config.reorderSeconds, 0, 300) * 1_000,
      rebirthMs: numberSetting('rebirthSeconds', config.rebirthSeconds, 1, 3_600) * 1_000,
      maxAheadMs: rulesFromEnvironment().maxAheadMs,
      rules: readMappingRules(config.mappings),
    })
    let online = false
    let timer: NodeJS.Timeout | undefined

    const { intake, close } = openSourceIntake(node, registry, config.deadlineSeconds, (count) => {
      const counts = { count: String(count), nodes: String(session.bornCount) }
      node.status.show('green', 'dot', RED._('sparkplug-in.status.received', counts))
    })

    const withdraw = provideIgnoredCounts(() => ({
      sparkplug_repeated: session.ignored.repeated,
      sparkplug_outdated_death: session.ignored.outdatedDeaths,
      sparkplug_not_mapped: session.ignored.unmapped,
      sparkplug_unsupported_metric: session.ignored.unsupportedMetrics,
    }))

    const moment = (): Moment => ({ at: platformClock.now(), paceMs: performance.now() })

    async function act(outcomes: Outcome[]): Promise<void> {
      waitForDue()
      for (const outcome of outcomes) {
        if (outcome.kind === 'rebirth') host.requestRebirth(outcome.address)
        else if (outcome.kind === 'contract') {
          const { topic, body } = outcome.message
          await intake.receive({ topic, payload: Buffer.from(JSON.stringify(body)), acknowledge })
        } else {
          const { topic, raw, ...refusal } = outcome.refusal
          await intake.receive({ topic, payload: Buffer.from(raw), acknowledge }, refusal)
        }
      }
    }

    /** What is missing is waited for so long and no longer; without a connection nothing comes, and nobody is asked. */
    function waitForDue(): void {
      clearTimeout(timer)
      const { dueAt } = session
      if (dueAt === undefined || !online) return
      timer = setTimeout(
        () => inBackground(act(session.tick(moment()))),
        Math.max(0, Math.ceil(dueAt - performance.now())),
      )
    }

    const inBackground = (work: Promise<void>): void => void work.catch((error: unknown) => node.reportError(error))

    const host: SparkplugHost = new SparkplugHost(
      {
        ...{ url: broker.url, hostId, group },
        client: { ...broker.options, clientId: broker.clientIdFor(node.id) },
      },
      {
        onMessage: (topic, raw) =>
          act(session.take({ topic, raw, payload: decodePayload(raw, defaultRules.maxPayloadBytes) }, moment())),
        onOnline() {
          online = true
          node.status.show('green', 'ring', RED._('sparkplug-in.status.online'))
          inBackground(act(session.connected(moment())))
        },
        onOffline(reason) {
          online = false
          node.status.show('yellow', 'ring', reason ?? RED._('sparkplug-in.status.disconnected'))
          inBackground(act(session.connectionLost(moment())))
        },
      },
      platformClock,
    )
    node.status.show('yellow', 'ring', RED._('sparkplug-in.status.connecting'))

    return {
      async onClose() {
        online = false
        clearTimeout(timer)
        withdraw()
        close()
        await host.close()
      },
    }
  })
}

/** Sparkplug messages come with QoS 0 and in a clean session: the broker waits for nobody. */
const acknowledge = (): void => undefined

function identifierOf(field: string, identifier: unknown): string {
  if (typeof identifier === 'string' && isIdentifier(identifier)) return identifier
  throw new Error(`${field} is ${showValue(identifier)}: it takes a name without /, + and #`)
}
