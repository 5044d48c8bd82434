import type { NodeAPI, NodeMessage } from 'node-red'
import { platformClock } from '../../platform/clock/clock.ts'
import { acknowledgements } from '../../platform/node/acknowledgements.ts'
import { defineNode } from '../../platform/node/define-node.ts'
import type { PostgresqlNode } from '../../platform/storage/postgresql.ts'
import { fieldKinds, type FieldKind } from '../../platform/wire/contract.ts'
import { showValue } from '../../platform/wire/show-value.ts'
import { asFieldMessages } from './domain/field-messages.ts'
import { isBatchTopic } from './domain/wire-check.ts'
import type { TelemetryBatch } from './messages.ts'
import { batchAgain, receiveMessages, rulesFromEnvironment } from './reception.ts'

interface TelemetryValidateConfig {
  database: string
  /** `topic`: the message's topic is one of the field contract; else the kind that every payload is of. */
  kind: 'topic' | FieldKind
}

const mergedDeadlineMs = 60_000

/**
 * The checks of `telemetry in` for any other source. Valid batches on the first output, rejected payloads on the
 * second. An input with a `batchId` is settled when all that came of it is.
 */
export default function register(RED: NodeAPI): void {
  defineNode<TelemetryValidateConfig>(
    RED,
    'linhaviva-telemetry-validate',
    { database: '', kind: 'topic' },
    (config, node) => {
      const { registry } = node.configNode<PostgresqlNode>('database', config.database)
      const kind = kindOf(config.kind)
      const rules = rulesFromEnvironment()
      const counts = { valid: 0, quarantined: 0 }

      return {
        async onInput(msg, send) {
          const { receivedAt, batchId } = attributesOf(msg)
          const batches = isBatchTopic(msg.topic)
            ? [batchAgain(msg.topic, msg.payload, receivedAt ?? platformClock.now())]
            : (
                await receiveMessages(
                  asFieldMessages(msg.topic, msg.payload, receivedAt ?? platformClock.now(), kind),
                  rules,
                  registry,
                )
              ).flat()
          const numbered = batchId === undefined ? batches : shareAcknowledgement(batchId, batches)
          for (const batch of numbered) {
            if (batch.topic === 'quarantine') counts.quarantined += batch.payload.length
            else counts.valid += batch.payload.length
            send(batch.topic === 'quarantine' ? [null, batch] : [batch, null])
          }
          node.status.show(
            'green',
            'dot',
            RED._('telemetry-validate.status.counts', {
              valid: String(counts.valid),
              quarantined: String(counts.quarantined),
            }),
          )
        },
      }
    },
  )
}

function kindOf(kind: string): FieldKind | undefined {
  if (kind === 'topic') return undefined
  const known = fieldKinds.find((one) => one === kind)
  if (!known) throw new Error(`kind is "${kind}": it takes topic, ${fieldKinds.join(', ')}`)
  return known
}

function attributesOf(msg: NodeMessage & { receivedAt?: unknown; batchId?: unknown }) {
  const { receivedAt, batchId } = msg
  if (receivedAt !== undefined && (typeof receivedAt !== 'number' || !Number.isFinite(receivedAt)))
    throw new TypeError(`receivedAt is ${showValue(receivedAt)}: it takes UTC milliseconds`)
  if (batchId !== undefined && typeof batchId !== 'number')
    throw new TypeError(`batchId is ${showValue(batchId)}, not a number`)
  return { receivedAt, batchId }
}

/** Numbers each batch; the number they came with is settled when the last of them is. */
function shareAcknowledgement(batchId: number, batches: TelemetryBatch[]): TelemetryBatch[] {
  const sum = { stored: 0, duplicates: 0, quarantined: 0 }
  let open = batches.length
  if (open === 0) acknowledgements.settle(batchId, sum)
  return batches.map((batch) => {
    const id = acknowledgements.open(mergedDeadlineMs, {
      onSettled(outcome) {
        sum.stored += outcome.stored
        sum.duplicates += outcome.duplicates
        sum.quarantined += outcome.quarantined
        if (--open === 0) acknowledgements.settle(batchId, sum)
      },
      onOverdue: () => acknowledgements.abandon(id),
    })
    return { ...batch, batchId: id }
  })
}
