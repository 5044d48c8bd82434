import { Type } from '@sinclair/typebox'
import { Ajv, type ValidateFunction } from 'ajv'
import { readingKinds } from '../../../platform/wire/reading.ts'
import { reasons } from '../../../platform/wire/reasons.ts'
import type { TelemetryBatch } from '../messages.ts'
import { describeFault } from './schema-check.ts'

const literals = (values: readonly string[]) => Type.Union(values.map((value) => Type.Literal(value)))
const quality = literals(['good', 'late', 'server-time', 'questionable', 'invalid'])
const instant = Type.Number({ minimum: 0, maximum: 8.64e15, multipleOf: 1 })
const identifier = Type.String({ minLength: 1, maxLength: 64 })

const reading = Type.Object({
  deviceId: identifier,
  kind: literals(readingKinds),
  at: instant,
  receivedAt: instant,
  values: Type.Record(Type.String(), Type.Number()),
  labels: Type.Optional(Type.Record(Type.String(), Type.String({ pattern: '^[a-z0-9_-]{1,32}$' }))),
  quality,
})
const event = Type.Object({
  deviceId: identifier,
  eventId: identifier,
  type: literals(['power_lost', 'power_restored', 'switch_opened', 'switch_closed', 'vtcd']),
  at: instant,
  receivedAt: instant,
  quality,
})
const status = Type.Object({ deviceId: identifier, online: Type.Boolean(), at: instant, receivedAt: instant })
const quarantine = Type.Object({
  topic: Type.String(),
  payload: Type.Any(),
  reason: literals(Object.keys(reasons)),
  detail: Type.String(),
  receivedAt: instant,
})

const ajv = new Ajv({ verbose: true })
const readingCheck = ajv.compile(reading)
const checks: Record<TelemetryBatch['topic'], ValidateFunction> = {
  der: readingCheck,
  panel: readingCheck,
  meter: readingCheck,
  switch: readingCheck,
  event: ajv.compile(event),
  status: ajv.compile(status),
  quarantine: ajv.compile(quarantine),
}

export const isBatchTopic = (topic: unknown): topic is TelemetryBatch['topic'] =>
  typeof topic === 'string' && Object.hasOwn(checks, topic)

/**
 * Checks an item that reaches the store: any node may have changed it on its way, and nothing that is not a reading
 * may be stored as one.
 * @returns undefined where it holds, else the field and the value at fault
 */
export function wireFault(topic: TelemetryBatch['topic'], item: unknown): string | undefined {
  const check = checks[topic]
  if (!check(item)) return describeFault(check.errors ?? [])
  const kind = (item as { kind?: string }).kind
  return kind === undefined || kind === topic ? undefined : `kind: "${kind}" in a batch of ${topic}`
}
