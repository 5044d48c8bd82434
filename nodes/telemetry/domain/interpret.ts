import { fieldContract, readTopic, type FieldKind } from '../../../platform/wire/contract.ts'
import { parseInstant } from '../../../platform/wire/instant.ts'
import type { FieldEvent, Presence, Quality, Reading } from '../../../platform/wire/reading.ts'
import type { Reason, Rejected } from '../../../platform/wire/reasons.ts'
import type { Claim } from '../../../platform/network/registration.ts'
import { showValue } from '../../../platform/wire/show-value.ts'
import { translate, type FieldBody } from './translate.ts'
import type { IntakeRules } from './rules.ts'
import { schemaFault } from './schema-check.ts'

/** A message as it came from the field. */
export interface FieldMessage {
  topic: string
  payload: string | Uint8Array
  receivedAt: number
  /** Brought before, or kept by the broker for whoever subscribes. */
  repeated?: boolean
  /** Where the protocol that brought it found it at fault already. */
  refusal?: Fault
}

/** One object of a message, understood, before anybody asked whether its device is known. */
export type Understood = { topic: string; body: object; claim: Claim } & (
  { kind: 'reading'; value: Reading } | { kind: 'event'; value: FieldEvent } | { kind: 'status'; value: Presence }
)

export interface Interpretation {
  understood: Understood[]
  rejected: Rejected[]
}

/**
 * Takes one field message apart: each object in it is either understood or rejected with its reason. Never throws,
 * whatever the bytes; every object of the payload comes out exactly once.
 */
export function interpret(message: FieldMessage, rules: IntakeRules): Interpretation {
  const opened = open(message, rules)
  if ('reason' in opened) return { understood: [], rejected: [rejectWhole(message, opened, rules)] }
  const interpretation: Interpretation = { understood: [], rejected: [] }
  const { kind, deviceId, items } = opened
  items.forEach((item, index) => {
    // One device has one value an instant: objects without a timestamp came one after the other, the last one now.
    const arrivedAt = message.receivedAt - (items.length - 1 - index)
    const result = understand(kind, deviceId, item, message, arrivedAt, rules)
    if ('reason' in result) interpretation.rejected.push(rejectItem(message, item, opened.single, result))
    else interpretation.understood.push(result)
  })
  return interpretation
}

export interface Fault {
  reason: Reason
  detail: string
  deviceId?: string
}

function open(
  message: FieldMessage,
  rules: IntakeRules,
): { kind: FieldKind; deviceId: string; items: unknown[]; single: boolean } | Fault {
  if (message.refusal) return message.refusal
  const named = readTopic(message.topic)
  if (!named) return { reason: 'bad_topic', detail: `topic ${showValue(message.topic)}` }
  const { kind, deviceId } = named
  const size = message.payload.length
  if (size > rules.maxPayloadBytes)
    return { reason: 'payload_too_large', detail: `${size} bytes, at most ${rules.maxPayloadBytes}`, deviceId }
  const parsed = parseJson(message.payload)
  if ('fault' in parsed) return { reason: 'bad_json', detail: parsed.fault, deviceId }
  const { json } = parsed
  if (typeof json !== 'object' || json === null)
    return { reason: 'bad_shape', detail: `payload is ${showValue(json)}`, deviceId }
  if (isDeeper(json, mostLevels))
    return { reason: 'bad_shape', detail: `payload is nested deeper than ${mostLevels} levels`, deviceId }
  const single = !Array.isArray(json)
  const items: unknown[] = single ? [json] : json
  if (items.length === 0) return { reason: 'bad_shape', detail: 'payload is an empty array', deviceId }
  if (items.length > rules.maxItems)
    return { reason: 'too_many_items', detail: `${items.length} items, at most ${rules.maxItems}`, deviceId }
  return { kind, deviceId, items, single }
}

/** The contract needs four. Nested some thousand levels deep, what was read could not be written down again. */
const mostLevels = 32

function isDeeper(json: unknown, levels: number): boolean {
  if (typeof json !== 'object' || json === null) return false
  if (levels === 0) return true
  if (Array.isArray(json)) return json.some((inner) => isDeeper(inner, levels - 1))
  // Read off, not copied into a list: every item of the field comes by here.
  for (const name in json) if (isDeeper((json as Record<string, unknown>)[name], levels - 1)) return true
  return false
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

function parseJson(payload: string | Uint8Array): { json: unknown } | { fault: string } {
  try {
    return { json: JSON.parse(typeof payload === 'string' ? payload : utf8.decode(payload)) }
  } catch (error) {
    return { fault: error instanceof Error ? error.message.slice(0, 200) : 'unreadable' }
  }
}

function understand(
  kind: FieldKind,
  topicDeviceId: string,
  item: unknown,
  message: FieldMessage,
  arrivedAt: number,
  rules: IntakeRules,
): Understood | Fault {
  const deviceId = topicDeviceId
  if (typeof item !== 'object' || item === null || Array.isArray(item))
    return { reason: 'bad_shape', detail: `item is ${showValue(item)}`, deviceId }
  const fault = schemaFault(kind, item)
  if (fault) return { ...fault, deviceId }
  const body = item as FieldBody & { timestamp?: string | number }
  const { idField } = fieldContract[kind]
  const named: unknown = (body as unknown as Record<string, unknown>)[idField] ?? topicDeviceId
  if (named !== topicDeviceId)
    return { reason: 'topic_mismatch', detail: `${idField} ${showValue(named)}, topic says ${topicDeviceId}`, deviceId }
  const timing = judgeTimestamp(body.timestamp, message.receivedAt, rules)
  if ('reason' in timing) return { ...timing, deviceId }
  const { quality } = timing
  const at = quality === 'server-time' ? arrivedAt : timing.at
  const translated = translate(kind, topicDeviceId, body, { at, receivedAt: message.receivedAt, quality })
  if ('contradiction' in translated) return { reason: 'implausible', detail: translated.contradiction, deviceId }
  if (translated.kind === 'status' && message.repeated && body.timestamp === undefined) translated.value.repeated = true
  return { topic: message.topic, body: item, ...translated }
}

/** Places a device's timestamp against the time of receipt. */
export function judgeTimestamp(
  timestamp: string | number | undefined,
  receivedAt: number,
  rules: IntakeRules,
): { at: number; quality: Quality } | { reason: Reason; detail: string } {
  if (timestamp === undefined) return { at: receivedAt, quality: 'server-time' }
  const at = parseInstant(timestamp)
  // Put into words only where it is at fault.
  const written = (): string => `timestamp ${showValue(timestamp)}`
  if (at === undefined) return { reason: 'bad_timestamp', detail: written() }
  const age = receivedAt - at
  if (-age > rules.maxAheadMs)
    return { reason: 'too_far_ahead', detail: `${written()} is ${-age} ms ahead, at most ${rules.maxAheadMs}` }
  if (age > rules.maxAgeMs) {
    const hint = isEpochSeconds(timestamp, receivedAt, rules) ? '; as epoch seconds? It takes milliseconds' : ''
    return { reason: 'too_old', detail: `${written()} is ${age} ms old, at most ${rules.maxAgeMs}${hint}` }
  }
  return { at, quality: age > rules.lateAfterMs ? 'late' : 'good' }
}

/** The commonest mistake: read as seconds it would be right. */
function isEpochSeconds(timestamp: string | number, receivedAt: number, rules: IntakeRules): boolean {
  if (typeof timestamp !== 'number') return false
  const age = receivedAt - timestamp * 1_000
  return age <= rules.maxAgeMs && -age <= rules.maxAheadMs
}

/** A message that could not be taken apart is kept whole, up to the largest payload that is ever accepted. */
function rejectWhole(message: FieldMessage, fault: Fault, rules: IntakeRules): Rejected {
  return { ...rejection(message, fault), payload: message.payload.slice(0, rules.maxPayloadBytes) }
}

/** What came alone is kept as it was written: JSON written anew loses what JavaScript cannot hold, such as 1e400. */
function rejectItem(message: FieldMessage, item: unknown, single: boolean, fault: Fault): Rejected {
  return { ...rejection(message, fault), payload: single ? message.payload : JSON.stringify(item) }
}

function rejection(message: FieldMessage, { reason, detail, deviceId }: Fault): Omit<Rejected, 'payload'> {
  return { topic: message.topic, reason, detail, receivedAt: message.receivedAt, ...(deviceId && { deviceId }) }
}
