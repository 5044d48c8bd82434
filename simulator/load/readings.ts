import { topicOf } from '../../platform/wire/contract.ts'

export interface LoadShape {
  /** Devices that take turns, message by message. */
  readonly devices: number
  /** Readings of one device in a message; from 2 on as an array. */
  readonly batch: number
  /** Readings a second of all devices together. */
  readonly perSecond: number
  /** Instant at which message 0 is due, UTC milliseconds. */
  readonly start: number
}

export const loadDevice = (device: number): string => `load-${String(device + 1).padStart(5, '0')}`

/**
 * Instant of the reading at a place in a message, UTC milliseconds. A message is due when the last of its readings is
 * made, and the readings of a device lie one as far from the other as it takes all devices to have their turn: so, by
 * number alone, each has an instant that no other of its device has, if there is a device for each kilohertz of rate.
 */
export function readingAt({ devices, batch, perSecond, start }: LoadShape, message: number, place: number): number {
  const msPerReading = 1_000 / perSecond
  return start + Math.floor((message * batch - (batch - 1 - place) * devices) * msPerReading)
}

/** The number of a reading, which it carries as `estimated_power_w`: each from 0 on is there once. */
const readingNumber = (batch: number, message: number, place: number): number => message * batch + place

/**
 * Messages of batteries, by number: the same number gives the same bytes. What is the same for a device is written
 * once, so that a reading costs less than a microsecond.
 */
export function loadReadings(shape: LoadShape): (message: number) => { topic: string; payload: string } {
  const { devices, batch } = shape
  const fixed = Array.from({ length: devices }, (_, device) => {
    const deviceId = loadDevice(device)
    const place = `"site_id":"load-site-${(device % 100) + 1}","feeder_id":"load-feeder-${(device % 10) + 1}"`
    const head = `{"deviceId":"${deviceId}","type":"battery",${place},"p_max_kw":10,"is_physical":false,"timestamp":`
    return { topic: topicOf('der', deviceId), head }
  })
  const readingOf = (head: string, message: number, place: number): string => {
    const number = readingNumber(batch, message, place)
    const at = readingAt(shape, message, place)
    // Whole numbers over a power of ten write themselves with few digits: 0 to 9.999 kW, 0 to 0.999.
    return `${head}${at},"p_actual_kw":${(number % 10_000) / 1_000},"soc":${(number % 1_000) / 1_000},"estimated_power_w":${number % 100_000_000}}`
  }
  return (message) => {
    const { topic, head } = fixed[message % devices]!
    if (batch === 1) return { topic, payload: readingOf(head, message, 0) }
    let payload = `[${readingOf(head, message, 0)}`
    for (let place = 1; place < batch; place++) payload += `,${readingOf(head, message, place)}`
    return { topic, payload: `${payload}]` }
  }
}
