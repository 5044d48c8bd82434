import { messageOf } from '../../platform/node/message-of.ts'
import type { Claim } from '../../platform/network/registration.ts'
import type { Registry } from '../../platform/network/registry.ts'
import { environment } from '../../platform/runtime/environment.ts'
import type { Reason, Rejected } from '../../platform/wire/reasons.ts'
import { admit, type Admitted } from './domain/admit.ts'
import { interpret, type FieldMessage } from './domain/interpret.ts'
import { sortIntoBatches } from './domain/batch-parts.ts'
import { defaultRules, type IntakeRules } from './domain/rules.ts'
import type { TelemetryBatch } from './messages.ts'

/** The intake rules as this installation sets them. */
export function rulesFromEnvironment(): IntakeRules {
  const settings = environment()
  return {
    ...defaultRules,
    maxAheadMs: settings.MAX_AHEAD_SECONDS * 1_000,
    maxAgeMs: settings.MAX_AGE_DAYS * 86_400_000,
    lateAfterMs: settings.LATE_AFTER_SECONDS * 1_000,
  }
}

/**
 * The way of every field message, wherever it comes from: understood or rejected, registered at first contact,
 * admitted and enriched by the registry.
 * @returns for each message the batches that have something of it
 * @throws DatabaseUnavailable where a device is unknown and the registry cannot be asked
 */
export async function receiveMessages(
  messages: FieldMessage[],
  rules: IntakeRules,
  registry: Registry,
): Promise<TelemetryBatch[][]> {
  await registry.ready()
  const interpretations = messages.map((message) => interpret(message, rules))
  const strangers: Claim[] = []
  for (const { understood } of interpretations)
    for (const { claim } of understood) if (registry.needsContact(claim)) strangers.push(claim)
  const unknownReason: Reason = strangers.length > 0 ? await registry.contact(strangers) : 'unknown_device'
  return interpretations.map(({ understood, rejected }) => {
    const admitted: Admitted[] = []
    const refused: Rejected[] = [...rejected]
    for (const item of understood) {
      const result = admit(item, registry.find(item.value.deviceId), unknownReason)
      if ('reason' in result) refused.push(result)
      else admitted.push(result)
    }
    return sortIntoBatches(admitted, refused)
  })
}

/** An item that was refused after it had been interpreted comes back in the form in which it travelled. */
export function batchAgain(topic: TelemetryBatch['topic'], payload: unknown, receivedAt: number): TelemetryBatch {
  let item = payload
  if (typeof payload === 'string' || payload instanceof Uint8Array) {
    try {
      item = JSON.parse(Buffer.from(payload).toString())
    } catch (error) {
      return {
        topic: 'quarantine',
        payload: [{ topic, payload, reason: 'bad_json', detail: messageOf(error), receivedAt }],
      }
    }
  }
  return { topic, payload: Array.isArray(item) ? item : [item] } as TelemetryBatch
}
