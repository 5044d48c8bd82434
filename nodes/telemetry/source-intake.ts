import { platformClock } from '../../platform/clock/clock.ts'
import { provideIngestCounts } from '../../platform/http/health.ts'
import type { Registry } from '../../platform/network/registry.ts'
import { acknowledgements } from '../../platform/node/acknowledgements.ts'
import type { LinhaVivaNode } from '../../platform/node/define-node.ts'
import { numberSetting } from '../../platform/node/number-setting.ts'
import { environment } from '../../platform/runtime/environment.ts'
import { Intake } from './intake.ts'
import { receiveMessages, rulesFromEnvironment } from './reception.ts'

const mostMessagesInBatch = 500
const mostBytesInFlight = 64 * 1024 * 1024
const mostSeconds = 86_400

export interface SourceIntake {
  intake: Intake
  /** Shows an error on the status and hands it to Catch. */
  complain(error: Error): void
  close(): void
}

/**
 * The intake of a node that brings messages from the field: emits them as validated batches, what is valid on the first
 * output, what was rejected on the second; counts them for `/api/health`; shows on the status what is amiss.
 * @param deadlineSeconds  after which an unsettled batch is emitted again, as the editor gave it
 * @param show  shows how many items were emitted
 */
export function openSourceIntake(
  node: LinhaVivaNode,
  registry: Registry,
  deadlineSeconds: unknown,
  show: (received: number) => void,
): SourceIntake {
  const settings = environment()
  const rules = rulesFromEnvironment()
  let received = 0

  function complain(error: Error): void {
    node.status.show('red', 'ring', error.message)
    node.reportError(error)
  }

  const intake = new Intake(
    {
      batchMs: settings.INGEST_BATCH_MS,
      batchSize: mostMessagesInBatch,
      maxInFlight: settings.INGEST_MAX_IN_FLIGHT,
      maxInFlightBytes: mostBytesInFlight,
      deadlineMs: numberSetting('deadlineSeconds', deadlineSeconds, 1, mostSeconds) * 1_000,
    },
    {
      prepare: (messages) => receiveMessages(messages, rules, registry),
      emit: (batch, again) => {
        const message = again ? { ...batch, again } : batch
        node.send(batch.topic === 'quarantine' ? [null, message] : [message, null])
        if (!again) received += batch.payload.length
        show(received)
      },
      complain,
    },
    acknowledgements,
    platformClock,
  )
  const withdraw = provideIngestCounts(() => ({
    ...{ received, stored: 0, duplicates: 0, quarantined: 0 },
    ...{ inFlight: intake.inFlight, lagMs: intake.lagMs },
  }))
  return {
    intake,
    complain,
    close() {
      withdraw()
      intake.close()
    },
  }
}
