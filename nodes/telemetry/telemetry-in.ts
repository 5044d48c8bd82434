import { connect, type MqttClient } from 'mqtt'
import type { NodeAPI } from 'node-red'
import type { BrokerNode } from '../../platform/broker/broker.ts'
import { platformClock } from '../../platform/clock/clock.ts'
import { defineNode } from '../../platform/node/define-node.ts'
import { environment } from '../../platform/runtime/environment.ts'
import type { PostgresqlNode } from '../../platform/storage/postgresql.ts'
import { clockTopic } from '../../platform/wire/clock.ts'
import { fieldTopicFilters } from '../../platform/wire/contract.ts'
import { ClockMessages } from './clock-messages.ts'
import { holdAcknowledgements } from '../../platform/broker/held-acknowledgements.ts'
import type { Intake } from './intake.ts'
import { openSourceIntake } from './source-intake.ts'

interface TelemetryInConfig {
  broker: string
  database: string
  /** Seconds after which an unsettled batch is emitted again. */
  deadlineSeconds: number
}

/**
 * Subscribes to the field contract and emits validated batches: readings, events and presence on the first output,
 * rejected payloads on the second. A message is acknowledged to the broker when the store has settled all of it. With
 * `CLOCK=simulated` the platform's clock is what `sim/clock` says.
 */
export default function register(RED: NodeAPI): void {
  defineNode<TelemetryInConfig>(
    RED,
    'linhaviva-telemetry-in',
    { broker: '', database: '', deadlineSeconds: 30 },
    (config, node) => {
      const broker = node.configNode<BrokerNode>('broker', config.broker)
      const { registry } = node.configNode<PostgresqlNode>('database', config.database)
      const settings = environment()
      const isSimulated = settings.CLOCK === 'simulated'
      // The clock first: what the broker kept is then seen at the time that it kept with it.
      const filters = isSimulated ? [clockTopic, ...fieldTopicFilters] : fieldTopicFilters

      const { intake, complain, close } = openSourceIntake(node, registry, config.deadlineSeconds, (count) =>
        node.status.show('green', 'dot', () => RED._('telemetry-in.status.received', { count: String(count) })),
      )

      const client = connect(broker.url, {
        ...broker.options,
        clientId: broker.clientIdFor(node.id),
        clean: false,
        resubscribe: false,
        // Its trace, some ten calls a message. What is amiss comes as events.
        log: () => undefined,
        ...(broker.options.protocolVersion === 5 && {
          properties: { sessionExpiryInterval: 0xffffffff, receiveMaximum: settings.INGEST_MAX_IN_FLIGHT },
        }),
      })
      if (isSimulated) followClock(client, intake, new ClockMessages(platformClock, complain))
      else holdAcknowledgements(client, (message) => intake.receive(message))

      let fault: string | undefined
      const down = (detail: string) => {
        broker.reportState({ up: false, detail })
        node.status.show('yellow', 'ring', detail)
      }
      down(RED._('telemetry-in.status.connecting'))
      client.on('connect', () => {
        fault = undefined
        // The session may be one that followed a simulation.
        if (!isSimulated) client.unsubscribe(clockTopic)
        client.subscribe([...filters], { qos: 1 }, (error, _granted, answer) => {
          const codes = answer?.granted as number[] | undefined
          const refused = filters.filter((_, index) => (codes?.[index] ?? 0) >= 0x80)
          if (refused.length > 0) return down(`the broker refuses ${refused.join(', ')}`)
          if (error) return down(error.message)
          broker.reportState({ up: true })
          node.status.show('green', 'ring', RED._('telemetry-in.status.connected'))
        })
      })
      // An error says why the connection is closed, or was never made: it stands until there is one.
      client.on('close', () => down(fault ?? RED._('telemetry-in.status.disconnected')))
      client.on('error', (error: Error & { code?: unknown }) => {
        fault = error.message || String(error.code ?? error.name)
        down(fault)
      })

      return {
        async onClose() {
          close()
          await client.endAsync(true)
        },
      }
    },
  )
}

/** The time comes on the connection that brings the readings, and so in order with them. */
function followClock(client: MqttClient, intake: Intake, clock: ClockMessages): void {
  holdAcknowledgements(client, async (message) => {
    if (message.topic === clockTopic) clock.receive(message)
    else await intake.receive(clock.under(message))
  })
}
