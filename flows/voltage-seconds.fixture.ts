import { formatInstant } from '../platform/wire/instant.ts'
import { topicOf } from '../platform/wire/contract.ts'
import { drawOf, type Draw } from '../simulator/draw.ts'

/** Nominal voltage of what is generated, V. */
export const nominalV = 220
const secondMs = 1_000
const readingsPerMessage = 60
const hour = 3_600

/** What a meter measured, second by second, and what of it arrived. */
export interface RecordedSeconds {
  /** Beginning of the first second, UTC milliseconds. */
  readonly start: number
  readonly count: number
  /** Of the phases A, B, C, V: `volts[phase][n]` stands for the second `n`; NaN where nothing of it ever arrives. */
  readonly volts: readonly Float64Array[]
}

/** What is published, in this order. */
export interface Delivery {
  /** The instant it is, UTC milliseconds. */
  readonly at: number
  readonly payload: string
}

/**
 * The voltages of three phases for so many seconds: a day's course with noise, dips and swells of 1 s to 10 min on one or more
 * phases, interruptions that are measured and one that darkens the meter, readings that are lost one by one and in bursts, and
 * times without one of the phases. The same seed gives the same.
 */
export function generateSeconds(start: number, count: number, seed: number): RecordedSeconds {
  const draw = drawOf(seed, 'seconds')
  const volts = [0, 1, 2].map(() => new Float64Array(count))
  for (let n = 0; n < count; n++) {
    const evening = Math.max(0, Math.sin((2 * Math.PI * (n - 15 * hour)) / (24 * hour)))
    for (const [phase, ofPhase] of volts.entries())
      ofPhase[n] = nominalV * (1.02 - (0.05 + 0.03 * phase) * evening ** 4 + 0.004 * draw.normal())
  }
  const set = (from: number, length: number, phases: readonly number[], of: (volts: number) => number) => {
    for (const phase of phases)
      for (let n = from; n < Math.min(count, from + length); n++) volts[phase]![n] = of(volts[phase]![n]!)
  }
  const hours = count / hour
  for (let dip = 0; dip < hours; dip++) {
    const length = Math.ceil(600 ** draw.uniform())
    const factor = draw.uniform() < 0.25 ? 1.08 + 0.15 * draw.uniform() : 0.12 + 0.8 * draw.uniform()
    set(Math.floor(draw.uniform() * count), length, somePhases(draw), (usual) => usual * factor)
  }
  // Measured ones, of some phases and of all, shorter and longer than a VTCD; and one that the meter does not live through.
  for (let day = 0; day < Math.max(1, hours / 24); day++) {
    const at = (of: number): number => Math.floor((day + of) * Math.min(24 * hour, count))
    set(at(0.4), 420, [0, 1, 2], () => 0.4)
    set(at(0.6), 40, [1], () => 3)
    set(at(0.7), 1_500, [0, 1, 2], () => NaN)
  }
  for (let burst = 0; burst < hours / 3; burst++)
    set(Math.floor(draw.uniform() * count), 5 + Math.floor(draw.uniform() * 200), [0, 1, 2], () => NaN)
  for (let gap = 0; gap < hours / 4; gap++)
    set(
      Math.floor(draw.uniform() * count),
      20 + Math.floor(draw.uniform() * 100),
      somePhases(draw).slice(0, 1),
      () => NaN,
    )
  for (let n = 0; n < count; n++) if (draw.uniform() < 0.005) set(n, 1, [0, 1, 2], () => NaN)
  for (const ofPhase of volts) for (const [n, value] of ofPhase.entries()) ofPhase[n] = Math.round(value * 100) / 100
  return { start, count, volts }
}

const somePhases = (draw: Draw): number[] => {
  const chosen = [0, 1, 2].filter(() => draw.uniform() < 0.5)
  return chosen.length > 0 ? chosen : [Math.floor(draw.uniform() * 3)]
}

/**
 * The messages of a meter, a minute of readings each, as a bad network delivers them: some twice, at once or much later, some
 * up to three hours late, some with their readings in disorder.
 */
export function* deliveries(seconds: RecordedSeconds, meter: string, seed: number): Generator<Delivery> {
  const draw = drawOf(seed, 'deliveries')
  const late = new Map<number, string[]>()
  const hold = (payload: string, minute: number, mostMinutes: number) => {
    const due = minute + 1 + Math.floor(draw.uniform() * mostMinutes)
    late.set(due, [...(late.get(due) ?? []), payload])
  }
  const minutes = Math.ceil(seconds.count / readingsPerMessage)
  for (let minute = 0; minute < minutes || late.size > 0; minute++) {
    const at = seconds.start + (minute + 1) * readingsPerMessage * secondMs
    for (const payload of late.get(minute) ?? []) yield { at, payload }
    late.delete(minute)
    if (minute >= minutes) continue
    const readings = readingsOf(seconds, meter, minute)
    if (readings.length === 0) continue
    if (draw.uniform() < 0.1) shuffle(readings, draw)
    const payload = JSON.stringify(readings)
    const fate = draw.uniform()
    if (fate < 0.05) hold(payload, minute, 180)
    else {
      yield { at, payload }
      if (fate < 0.08) yield { at, payload }
      else if (fate < 0.11) hold(payload, minute, 60)
    }
  }
}

/** Where they go. */
export const meterTopic = (meter: string): string => topicOf('meter', meter)

function readingsOf({ start, count, volts }: RecordedSeconds, meter: string, minute: number): object[] {
  const readings: object[] = []
  for (let n = minute * readingsPerMessage; n < Math.min(count, (minute + 1) * readingsPerMessage); n++) {
    const [va_v, vb_v, vc_v] = volts.map((ofPhase) => (Number.isNaN(ofPhase[n]) ? null : ofPhase[n]!))
    if (va_v === null && vb_v === null && vc_v === null) continue
    const timestamp = formatInstant(start + (n + 1) * secondMs)
    readings.push({ meter_id: meter, timestamp, va_v, vb_v, vc_v, interval_s: 1, aggregation: 'rms' })
  }
  return readings
}

function shuffle(items: object[], draw: Draw): void {
  for (let last = items.length - 1; last > 0; last--) {
    const other = Math.floor(draw.uniform() * (last + 1))
    ;[items[last], items[other]] = [items[other]!, items[last]!]
  }
}
