import { Type, type TSchema } from '@sinclair/typebox'
import { Ajv, type ValidateFunction } from 'ajv'
import { Identifier, Text } from '../../../platform/wire/fields.ts'
import { DerTelemetry, DeviceStatus, GridEvent, MeterReading, SwitchState } from '../../../platform/wire/payloads.ts'
import type { ReadingKind } from '../../../platform/wire/reading.ts'
import { reasons } from '../../../platform/wire/reasons.ts'
import { showValue } from '../../../platform/wire/show-value.ts'
import type { TelemetryBatch } from '../messages.ts'
import { describeFault } from './schema-check.ts'

const literals = (values: readonly string[]) => Type.Union(values.map((value) => Type.Literal(value)))
const yesOrNo = Type.Optional(literals(['yes', 'no']))
const quality = literals(['good', 'late', 'server-time', 'questionable', 'invalid'])
const instant = Type.Number({ minimum: 0, maximum: 8.64e15, multipleOf: 1 })
/** As `formatInstant` writes it. */
const writtenInstant = Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$' })
const deviceId = Identifier('the device')

/** The words that go with a reading of each kind: those that are not optional, and no others. */
const words = {
  der: { type: DerTelemetry.properties.type, plugged_in: yesOrNo, departs_at: Type.Optional(writtenInstant) },
  panel: {},
  meter: { aggregation: MeterReading.properties.aggregation, contact: MeterReading.properties.contact },
  switch: {
    ...{ position: SwitchState.properties.position, mode: SwitchState.properties.mode },
    ...{ tripped: yesOrNo, reclose_blocked: yesOrNo },
  },
} satisfies Record<ReadingKind, Record<string, TSchema>>

function reading(kind: ReadingKind) {
  const labels = Type.Object(words[kind], { additionalProperties: false })
  return Type.Object({
    deviceId,
    kind: Type.Literal(kind),
    at: instant,
    receivedAt: instant,
    values: Type.Record(Type.String(), Type.Number()),
    labels: kind === 'panel' ? Type.Optional(labels) : labels,
    quality,
  })
}

const {
  type,
  event_id: eventId,
  phases,
  cause,
  magnitude_pu: magnitudePu,
  duration_s: durationS,
} = GridEvent.properties
const { firmware, capabilities } = DeviceStatus.properties
const event = Type.Object({
  ...{ deviceId, eventId, type, at: instant, receivedAt: instant, quality, phases, cause, magnitudePu, durationS },
})
const status = Type.Object({
  deviceId,
  online: Type.Boolean(),
  at: instant,
  receivedAt: instant,
  repeated: Type.Optional(Type.Boolean()),
  firmware,
  capabilities,
})
const quarantine = Type.Object({
  topic: Type.String(),
  payload: Type.Any(),
  reason: literals(Object.keys(reasons)),
  detail: Type.String(),
  receivedAt: instant,
  deviceId: Type.Optional(Text(64, 'the device, where the topic names one')),
})

const ajv = new Ajv({ verbose: true })
const checks: Record<TelemetryBatch['topic'], ValidateFunction> = {
  der: ajv.compile(reading('der')),
  panel: ajv.compile(reading('panel')),
  meter: ajv.compile(reading('meter')),
  switch: ajv.compile(reading('switch')),
  event: ajv.compile(event),
  status: ajv.compile(status),
  quarantine: ajv.compile(quarantine),
}

export const isBatchTopic = (topic: unknown): topic is TelemetryBatch['topic'] =>
  typeof topic === 'string' && Object.hasOwn(checks, topic)

/** Takes a message for the batch that it says it is. @throws TypeError naming what is none */
export function batchOf(msg: {
  topic?: unknown
  payload?: unknown
  batchId?: unknown
  again?: unknown
}): TelemetryBatch {
  const { topic, payload, batchId, again } = msg
  if (!isBatchTopic(topic))
    throw new TypeError(
      `topic is ${showValue(topic)}: telemetry store takes der, panel, meter, switch, event, status or quarantine`,
    )
  if (!Array.isArray(payload)) throw new TypeError(`payload is ${showValue(payload)}: telemetry store takes an array`)
  if (batchId !== undefined && typeof batchId !== 'number')
    throw new TypeError(`batchId is ${showValue(batchId)}, not a number`)
  return {
    topic,
    payload,
    ...(batchId !== undefined && { batchId }),
    ...(again === true && { again }),
  } as TelemetryBatch
}

/**
 * Checks an item that reaches the store: any node may have changed it on its way, and nothing that is not a reading
 * may be stored as one.
 * @returns undefined where it holds, else the field and the value at fault
 */
export function wireFault(topic: TelemetryBatch['topic'], item: unknown): string | undefined {
  const check = checks[topic]
  if (!check(item)) return describeFault(check.errors ?? [])
  if (topic !== 'quarantine') return undefined
  const { payload } = item as { payload: unknown }
  if (typeof payload === 'string' || payload instanceof Uint8Array) return undefined
  return `payload: ${showValue(payload)} must be text or bytes`
}
