import { feedersAbove } from './fairness.ts'
import { meanSetpoints, minuteMs, stretchesOf, switchesOf, type Told } from './told.ts'

/** A span of whole minutes, UTC milliseconds. */
export interface TrackingSpan {
  readonly from: number
  readonly to: number
}

/** Mean power of a minute, by its beginning. */
export interface MinutePower {
  readonly at: number
  readonly powerKw: number
}

/** A device with what it was told and what it did. */
export interface TrackedDevice {
  readonly deviceId: string
  /** Feeder that it is on; null: nobody knows. */
  readonly feederId: string | null
  /** In the order in which it was told, with the last one before the span. */
  readonly told: readonly Told[]
  readonly minutes: readonly MinutePower[]
}

/** How well setpoints were followed. Power in kW, consumption positive; errors are measured less setpoint, by the minute. */
export interface TrackingFigures {
  /** Minutes with a setpoint in force and with readings; of several devices, those with any of them. */
  readonly minutes: number
  readonly setpointKw: number | null
  readonly actualKw: number | null
  readonly meanErrorKw: number | null
  readonly meanAbsoluteErrorKw: number | null
  readonly rmsErrorKw: number | null
  /** The largest, with its sign. */
  readonly largestErrorKw: number | null
  /** Mean of what is beyond the setpoint: more drawn, or more fed in, than was told. Less is within what was given. */
  readonly beyondKw: number | null
  /** What was used of what was given: |measured| by |setpoint|; null where nothing was given. */
  readonly utilisation: number | null
  readonly switchesPerHour: number
}

export interface DeviceTracking extends TrackingFigures {
  readonly deviceId: string
  readonly feederId: string | null
}

export interface FeederTracking extends TrackingFigures {
  readonly feederId: string
  /** Devices on it and on all below it that had a setpoint. */
  readonly devices: number
}

/** What a setpoint and a power have made of a minute. */
interface Pair {
  readonly at: number
  readonly setpointKw: number
  readonly actualKw: number
  readonly beyondKw: number
}

/**
 * Adds up device after device, so that few of them need to be in memory at once.
 * @param span     whole minutes
 * @param parents  the feeder above each, null at a root
 */
export class Tracking {
  readonly #span: TrackingSpan
  readonly #parents: ReadonlyMap<string, string | null>
  readonly #feeders = new Map<string, FeederSums>()
  readonly #all = new FeederSums()

  constructor(span: TrackingSpan, parents: ReadonlyMap<string, string | null>) {
    this.#span = span
    this.#parents = parents
  }

  /** @returns its own figures; undefined where it had no setpoint in the span */
  add(device: TrackedDevice): DeviceTracking | undefined {
    const { from, to } = this.#span
    const stretches = stretchesOf(device.told, from, to)
    if (stretches.length === 0) return undefined
    const setpoints = meanSetpoints(stretches, from, to)
    const pairs = device.minutes.flatMap(({ at, powerKw }) => {
      const setpointKw = setpoints.get(at)
      return setpointKw === undefined
        ? []
        : [{ at, setpointKw, actualKw: powerKw, beyondKw: beyond(powerKw, setpointKw) }]
    })
    const switches = switchesOf(stretches)
    this.#all.add(pairs, switches)
    for (const feederId of feedersAbove(device.feederId, this.#parents)) {
      const sums = this.#feeders.get(feederId) ?? new FeederSums()
      sums.add(pairs, switches)
      this.#feeders.set(feederId, sums)
    }
    const { deviceId, feederId } = device
    return { deviceId, feederId, ...figuresOf(pairs, switches, this.#hours) }
  }

  /** Of each feeder with such devices, on it or below it; by its identifier. */
  feeders(): readonly FeederTracking[] {
    return [...this.#feeders]
      .map(([feederId, sums]) => ({
        feederId,
        devices: sums.devices,
        ...figuresOf(sums.pairs(), sums.switches, this.#hours),
      }))
      .toSorted((one, other) => (one.feederId < other.feederId ? -1 : 1))
  }

  /** Of all devices together, those on no feeder too. */
  all(): TrackingFigures & { readonly devices: number } {
    return { devices: this.#all.devices, ...figuresOf(this.#all.pairs(), this.#all.switches, this.#hours) }
  }

  get #hours(): number {
    return (this.#span.to - this.#span.from) / (60 * minuteMs)
  }
}

/** By how much a power is beyond its setpoint, kW, ≥ 0: one that is told 0 is to be at 0. */
const beyond = (actualKw: number, setpointKw: number): number =>
  Math.max(0, actualKw - Math.max(setpointKw, 0), Math.min(setpointKw, 0) - actualKw)

/** Devices of one feeder, minute by minute. */
class FeederSums {
  readonly #minutes = new Map<number, { setpointKw: number; actualKw: number; beyondKw: number }>()
  devices = 0
  switches = 0

  add(pairs: readonly Pair[], switches: number): void {
    this.devices++
    this.switches += switches
    for (const { at, setpointKw, actualKw, beyondKw } of pairs) {
      const sum = this.#minutes.get(at) ?? { setpointKw: 0, actualKw: 0, beyondKw: 0 }
      sum.setpointKw += setpointKw
      sum.actualKw += actualKw
      sum.beyondKw += beyondKw
      this.#minutes.set(at, sum)
    }
  }

  pairs(): readonly Pair[] {
    return [...this.#minutes].map(([at, sums]) => ({ at, ...sums }))
  }
}

function figuresOf(pairs: readonly Pair[], switches: number, hours: number): TrackingFigures {
  const minutes = pairs.length
  const errors = pairs.map(({ setpointKw, actualKw }) => actualKw - setpointKw)
  const mean = (values: readonly number[]): number | null =>
    minutes === 0 ? null : values.reduce((sum, value) => sum + value, 0) / minutes
  const squares = mean(errors.map((error) => error * error))
  const givenKw = mean(pairs.map(({ setpointKw }) => Math.abs(setpointKw)))
  const usedKw = mean(pairs.map(({ actualKw }) => Math.abs(actualKw)))
  return {
    minutes,
    setpointKw: mean(pairs.map(({ setpointKw }) => setpointKw)),
    actualKw: mean(pairs.map(({ actualKw }) => actualKw)),
    meanErrorKw: mean(errors),
    meanAbsoluteErrorKw: mean(errors.map(Math.abs)),
    rmsErrorKw: squares === null ? null : Math.sqrt(squares),
    largestErrorKw:
      minutes === 0
        ? null
        : errors.reduce((largest, error) => (Math.abs(error) > Math.abs(largest) ? error : largest), 0),
    beyondKw: mean(pairs.map(({ beyondKw }) => beyondKw)),
    utilisation: givenKw === null || usedKw === null || givenKw === 0 ? null : usedKw / givenKw,
    switchesPerHour: hours > 0 ? switches / hours : 0,
  }
}
