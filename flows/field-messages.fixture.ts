import { topicOf } from '../platform/wire/contract.ts'
import type { Reason } from '../platform/wire/reasons.ts'

export interface FieldMessage {
  topic: string
  payload: string | Buffer
}

const minuteMs = 60_000
const hourMs = 60 * minuteMs

export const numberedDevices = 200
const numberedDevice = (n: number): string => `numbered-${n % numberedDevices}`

/**
 * Instant of the numbered reading `n`: five a millisecond, so that no two of a device fall together; one in ten comes
 * up to thirty hours late, into minutes and hours long closed.
 */
export const numberedAt = (n: number, start: number): number =>
  start + Math.floor(n / 5) - (n % 10 === 3 ? (1 + (Math.floor(n / numberedDevices) % 180)) * 10 * minuteMs : 0)

const types = ['battery', 'pv', 'ev'] as const

/** What a DER of each type sends beside its power. */
function valuesOf(type: (typeof types)[number], n: number): object {
  return {
    p_actual_kw: Math.round(2_500 + 2_500 * Math.sin(n / 997)) / 1_000,
    ...(type === 'battery' && { soc: (n % 1_000) / 1_000 }),
    ...(type === 'ev' && { p_setpoint_kw: (n % 70) / 10 }),
    ...(type === 'pv' && { cloud_cover_pct: n % 101, shortwave_radiation_wm2: n % 1_200 }),
    // Carries the number of the reading.
    estimated_power_w: n,
  }
}

/** A DER's reading that carries its number, in `estimated_power_w`. */
function numbered(n: number, start: number): FieldMessage {
  const type = types[(n % numberedDevices) % types.length]!
  return der(numberedDevice(n), type, numberedAt(n, start), valuesOf(type, n))
}

export const steadyDevices = 2_000

/** A good reading of this moment, numbered as well. The devices take turns: two of one never share a millisecond. */
function steady(n: number): FieldMessage {
  const device = n % steadyDevices
  const type = types[device % types.length]!
  return der(`steady-${device}`, type, Date.now(), valuesOf(type, n))
}

function der(deviceId: string, type: string, timestamp: number | string, values: object): FieldMessage {
  const place = { site_id: `site-${deviceId}`, feeder_id: 'feeder-1', parent_feeder_id: 'substation-1', p_max_kw: 10 }
  const body = { deviceId, type, timestamp: new Date(timestamp).toISOString(), ...place, ...values }
  return { topic: topicOf('der', deviceId), payload: JSON.stringify(body) }
}

/** One kind of malformed message, and what becomes of it. */
interface Malformation {
  readonly reason: Reason
  /** Rejections that one message makes. */
  readonly count?: number
  message(n: number, start: number): FieldMessage
}

const der0 = topicOf('der', 'steady-0')
const panel = (values: object): FieldMessage => ({
  topic: topicOf('panel', 'panel-1'),
  payload: JSON.stringify({
    ...{ panel_id: 'panel-1', temperature_celsius: 20, voltage_volts: 40, current_amperes: 5, power_output_watts: 180 },
    ...values,
  }),
})
const changed = (n: number, values: object): FieldMessage =>
  der('steady-0', 'battery', Date.now(), { p_actual_kw: n % 10, ...values })
const rubbish = Buffer.from([0xff, 0xfe, 0x00, 0x80, 0xc3, 0x28])
const manyItems = `[${Array.from({ length: 5_001 }, () => '{}').join()}]`
const tooLarge = `{"pad":"${'x'.repeat(270_000)}"}`
const deep = `${'['.repeat(2_000)}${']'.repeat(2_000)}`
const fewItems = (n: number): string =>
  JSON.stringify(Array.from({ length: 20 }, (_, index) => ({ deviceId: 'steady-0', p_actual_kw: n + index })))

const malformations: readonly Malformation[] = [
  { reason: 'bad_json', message: (n) => ({ topic: der0, payload: `{"deviceId":"steady-0","p_actual_kw":${n},` }) },
  { reason: 'out_of_range', message: (n) => panel({ temperature_celsius: 100 + (n % 900) }) },
  { reason: 'topic_mismatch', message: (n) => ({ ...changed(n, {}), topic: topicOf('der', 'steady-1') }) },
  { reason: 'bad_shape', message: (n) => ({ topic: der0, payload: ['42', 'null', '"text"', '[]'][n % 4]! }) },
  { reason: 'missing_field', message: (n) => ({ topic: der0, payload: `{"deviceId":"steady-0","soc":0.${n}}` }) },
  { reason: 'bad_value', message: (n) => changed(n, { soc: `0.${n}` }) },
  { reason: 'bad_timestamp', message: (n) => changed(n, { timestamp: '2026-11-21T12:00:00' }) },
  { reason: 'too_far_ahead', message: (n) => changed(n, { timestamp: Date.now() + hourMs }) },
  { reason: 'too_old', message: (n) => changed(n, { timestamp: Date.now() - 40 * 24 * hourMs }) },
  { reason: 'implausible', message: (n) => changed(n, { p_actual_kw: 1_000 + (n % 1_000) }) },
  { reason: 'bad_topic', message: (n) => ({ ...changed(n, {}), topic: `der/telemetry/steady ${n % 1_000}` }) },
  { reason: 'bad_json', message: () => ({ topic: topicOf('meter', 'meter-1'), payload: rubbish }) },
  { reason: 'awaiting_approval', message: (n) => der(`stranger-${n}`, 'ev', Date.now(), { p_actual_kw: 1 }) },
  { reason: 'kind_mismatch', message: (n) => panelOf('steady-2', n) },
  { reason: 'bad_shape', message: () => ({ topic: der0, payload: deep }) },
]
/** Large ones are rarer: the load is meant to be one of messages, not of bytes. */
const rare: readonly Malformation[] = [
  { reason: 'too_many_items', message: () => ({ topic: der0, payload: manyItems }) },
  { reason: 'payload_too_large', message: () => ({ topic: der0, payload: tooLarge }) },
  { reason: 'missing_field', count: 20, message: (n) => ({ topic: der0, payload: fewItems(n) }) },
]

function panelOf(panelId: string, n: number): FieldMessage {
  const { payload } = panel({ panel_id: panelId, temperature_celsius: n % 60 })
  return { topic: topicOf('panel', panelId), payload }
}

const malformation = (n: number): Malformation =>
  n % 500 === 499 ? rare[Math.floor(n / 500) % rare.length]! : malformations[n % malformations.length]!

/** A message that must never be stored. */
const malformed = (n: number, start: number): FieldMessage => malformation(n).message(n, start)

/** How many rejections the malformed messages `from` up to `to` make, by reason. */
export function expectedRejections(from: number, to: number): Partial<Record<Reason, number>> {
  const counts: Partial<Record<Reason, number>> = {}
  for (let n = from; n < to; n++) {
    const { reason, count = 1 } = malformation(n)
    counts[reason] = (counts[reason] ?? 0) + count
  }
  return counts
}

export const itemsInArray = 5_000
const emptyObjects = `[${Array.from({ length: itemsInArray }, () => '{}').join()}]`

/** Fifteen kilobytes that are five thousand rejections: as many items as a message may have. */
const arrays = (): FieldMessage => ({ topic: der0, payload: emptyObjects })

export const loads = { numbered, steady, malformed, arrays }
export type LoadKind = keyof typeof loads
