import { topicOf } from '../../platform/wire/contract.ts'

/** How many readings one message carries: one, or an array of a hundred of the same device. */
export type Shape = 'singles' | 'arrays'
export const readingsPerMessage: Readonly<Record<Shape, number>> = { singles: 1, arrays: 100 }

/** Devices that take turns, unless told otherwise: none has two readings of the same millisecond, up to some hundred thousand a second. */
export const benchDevices = 2_000
const mostDevices = 5_000
/** Readings of one array are this far apart, ms; the last one is of the moment it is published. */
const apartMs = 5

const types = ['battery', 'pv', 'ev'] as const

/** What a message of one device begins with; the rest of it changes from reading to reading. */
interface Device {
  readonly topic: string
  readonly head: string
  readonly type: (typeof types)[number]
}

const devices: readonly Device[] = Array.from({ length: mostDevices }, (_, index) => {
  const deviceId = `bench-${index}`
  const type = types[index % types.length]!
  const place = { site_id: `site-${deviceId}`, feeder_id: 'feeder-1', parent_feeder_id: 'substation-1', p_max_kw: 10 }
  return { topic: topicOf('der', deviceId), head: JSON.stringify({ deviceId, type, ...place }).slice(0, -1), type }
})

/**
 * The `n`th message of the load: good readings of this moment of one DER of a fleet. Each reading carries its number in
 * `estimated_power_w`, so that none can be taken for another. Text is put together, not serialised: the load shares the
 * machine with what it measures.
 * @param now  UTC milliseconds
 * @param fleet  of how many devices, up to 5,000
 */
export function benchMessage(
  shape: Shape,
  n: number,
  now: number,
  fleet = benchDevices,
): { topic: string; payload: string } {
  const device = devices[n % fleet]!
  const size = readingsPerMessage[shape]
  if (size === 1) return { topic: device.topic, payload: readingText(device, n, now) }
  const items: string[] = []
  for (let i = 0; i < size; i++) items.push(readingText(device, n * size + i, now - (size - 1 - i) * apartMs))
  return { topic: device.topic, payload: `[${items.join()}]` }
}

/** The number of a message's last reading, the one of the moment of publishing, is this modulo its readings. */
export const lastOfMessage = (shape: Shape): number => readingsPerMessage[shape] - 1

function readingText({ head, type }: Device, n: number, at: number): string {
  const power = Math.round(2_500 + 2_500 * Math.sin(n / 997)) / 1_000
  return `${head},"timestamp":"${isoText(at)}","p_actual_kw":${power},${valuesOf(type, n)},"estimated_power_w":${n}}`
}

function valuesOf(type: Device['type'], n: number): string {
  if (type === 'battery') return `"soc":${(n % 1_000) / 1_000}`
  if (type === 'ev') return `"p_setpoint_kw":${(n % 70) / 10}`
  return `"cloud_cover_pct":${n % 101},"shortwave_radiation_wm2":${n % 1_200}`
}

let lastMs = 0
let lastText = ''

/** Many messages a millisecond share its text. */
function isoText(ms: number): string {
  if (ms !== lastMs) {
    lastMs = ms
    lastText = new Date(ms).toISOString()
  }
  return lastText
}
