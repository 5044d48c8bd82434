import { connect } from 'mqtt'
import type { NodeAPI } from 'node-red'
import type { BrokerNode } from '../../platform/broker/broker.ts'
import { holdAcknowledgements } from '../../platform/broker/held-acknowledgements.ts'
import { platformClock, wallClock } from '../../platform/clock/clock.ts'
import { defineNode } from '../../platform/node/define-node.ts'
import { messageOf } from '../../platform/node/message-of.ts'
import type { PostgresqlNode } from '../../platform/storage/postgresql.ts'
import { makeRounds } from '../../platform/storage/rounds.ts'
import { AckIntake } from './acks/ack-intake.ts'
import { ackTopics } from './acks/ack-message.ts'
import { forgetListener, noteListener } from './acks/listener-repository.ts'
import type { ReceivedAck } from './keeper/ack-repository.ts'
import type { ChangedCommand } from './keeper/change-commands.ts'
import { keepCommands } from './keeper/running-commands.ts'
import type { AnsweredCommand, CommandAnswers, RefusedAnswers } from './messages.ts'

interface CommandAckConfig {
  broker: string
  database: string
}

const sayEveryMs = 10_000
const receiveMaximum = 2_000

/**
 * Hears what devices answer to commands, on `grid/acks/+`, and sends each with what came of it on its first output, what is no answer
 * to a command of ours on its second. A message is confirmed to the broker once it is stored with all that it changed.
 */
export default function register(RED: NodeAPI): void {
  defineNode<CommandAckConfig>(RED, 'linhaviva-command-ack', { broker: '', database: '' }, (config, node) => {
    const broker = node.configNode<BrokerNode>('broker', config.broker)
    const { database } = node.configNode<PostgresqlNode>('database', config.database)
    const report = (error: unknown): void => {
      node.status.show('red', 'ring', messageOf(error))
      node.reportError(error)
    }
    const { kept, release } = keepCommands(database, report)
    let answers = 0
    const intake = new AckIntake({
      ...{ clock: platformClock, report },
      store: (received) => kept.takeAcks(received),
      stored(received, changed) {
        const payload = received.map((one, index) => answeredOf(one, changed[index]!))
        if (payload.length > 0) node.send([{ topic: 'commands/answers', payload } satisfies CommandAnswers, null])
        answers += payload.length
        const figures = { answers: String(answers) }
        node.status.show('green', 'dot', () => node.text('command-ack.status.heard', figures))
      },
      refused: (payload) => node.send([null, { topic: 'commands/refused-answers', payload } satisfies RefusedAnswers]),
    })
    const client = connect(broker.url, {
      ...broker.options,
      ...{ clientId: broker.clientIdFor(node.id), clean: false, resubscribe: false, log: () => undefined },
      ...(broker.options.protocolVersion === 5 && {
        properties: { sessionExpiryInterval: 0xffffffff, receiveMaximum },
      }),
    })
    holdAcknowledgements(client, (message) => intake.receive(message))

    let isHearing = false
    let fault: string | undefined
    const down = (detail: string): void => {
      isHearing = false
      node.status.show('yellow', 'ring', detail)
    }
    down(node.text('command-ack.status.connecting'))
    client.on('connect', () => {
      fault = undefined
      client.subscribe(ackTopics, { qos: 1 }, (error, _granted, answer) => {
        const [code = 0] = (answer?.granted ?? []) as number[]
        if (code >= 0x80) return down(`the broker refuses ${ackTopics}`)
        if (error) return down(error.message)
        isHearing = true
        node.status.show('green', 'ring', node.text('command-ack.status.connected'))
      })
    })
    // An error says why the connection is closed, or was never made: it stands until there is one.
    client.on('close', () => down(fault ?? node.text('command-ack.status.disconnected')))
    client.on('error', (error: Error & { code?: unknown }) => {
      fault = error.message || String(error.code ?? error.name)
      down(fault)
    })

    const closing = new AbortController()
    const saying = makeRounds(
      database,
      {
        ...{ restMs: sayEveryMs, report },
        round: async () => {
          if (isHearing) await noteListener(database, node.id, wallClock.now())
        },
      },
      closing.signal,
    )
    return {
      async onClose(removed) {
        closing.abort()
        await intake.close()
        await Promise.all([client.endAsync(true), saying, release()])
        if (removed && database.state.up) await forgetListener(database, node.id)
      },
    }
  })
}

const answeredOf = (
  { deviceId, ack, receivedAt }: ReceivedAck,
  { command, changed }: ChangedCommand,
): AnsweredCommand => ({
  ...{ deviceId, commandId: ack.command_id, status: ack.status, reason: ack.reason ?? null, receivedAt },
  ...{ state: command?.state ?? null, hadEffect: changed !== null },
})
