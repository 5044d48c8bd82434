import { contractExamples } from '../../../platform/wire/examples.ts'
import { topicOf, type FieldKind } from '../../../platform/wire/contract.ts'
import { parseInstant } from '../../../platform/wire/instant.ts'
import type { Registration } from '../../../platform/network/registration.ts'
import { interpret, type FieldMessage, type Interpretation, type Understood } from './interpret.ts'
import { defaultRules } from './rules.ts'

/** When the examples of the contract arrive: two seconds after São Paulo's noon. */
export const receivedAt = parseInstant('2026-11-21T15:00:02Z') ?? NaN
export const noon = receivedAt - 2_000

/** An example of the contract as it comes from the field. */
export function exampleMessage(kind: FieldKind, shows: string): FieldMessage {
  const example = contractExamples.find((one) => one.kind === kind && one.shows === shows)
  if (!example) throw new Error(`the contract has no example "${shows}" of ${kind}`)
  return { topic: example.topic, payload: JSON.stringify(example.payload), receivedAt }
}

/** The body of such an example, with other values in it; `undefined` takes a field out. */
export function exampleBody(
  kind: FieldKind,
  shows: string,
  changes: Record<string, unknown> = {},
): Record<string, unknown> {
  return { ...(JSON.parse(exampleMessage(kind, shows).payload as string) as object), ...changes }
}

export const received = (topic: string, payload: unknown): FieldMessage => ({
  topic,
  payload: typeof payload === 'string' || payload instanceof Uint8Array ? payload : JSON.stringify(payload),
  receivedAt,
})

export const interpretAt = (topic: string, payload: unknown): Interpretation =>
  interpret(received(topic, payload), defaultRules)

/** What one object of a device's is understood as, or rejected as. */
export function outcomeOf(kind: FieldKind, deviceId: string, body: unknown) {
  const { understood, rejected } = interpretAt(topicOf(kind, deviceId), body)
  return { ...understood[0], ...rejected[0] } as Partial<Understood> & { reason?: string; detail?: string }
}

export const registered = (deviceId: string, more: Partial<Registration> = {}): Registration => ({
  deviceKey: 7,
  deviceId,
  status: 'active',
  ...more,
})
