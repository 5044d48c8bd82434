import type { PoolClient } from 'pg'
import type { RegulationChoices } from '../../platform/regulation/options.ts'
import { regulationChoices } from '../../platform/regulation/options.ts'
import { queriesOf } from '../../platform/storage/queries.ts'
import type { BandLimits } from './domain/bands.ts'
import {
  disturbanceReachMs,
  disturbanceOn,
  type DisturbanceRule,
  type FieldDisturbance,
} from './domain/disturbances.ts'
import { measuredPhases } from './domain/measuring-point.ts'
import type { Phase, VoltageSample } from './domain/sample.ts'
import { windowMs, windowsOf, windowStart, type WindowChoices } from './domain/windows.ts'
import {
  disturbancesOf,
  registeredMeters,
  samplesOf,
  type MeterTime,
  type RegisteredMeter,
} from './meter-repository.ts'
import type { StoredWindow } from './window-repository.ts'

/** A meter whose readings cannot be judged, and why. */
export interface Unjudged {
  readonly deviceId: string
  readonly reason: string
}

/** The windows of some meters for some times, and what is wrong with the others. */
export interface ComputedWindows {
  readonly windows: StoredWindow[]
  readonly unjudged: Unjudged[]
}

export interface ComputationRules {
  /** Bounds of a reference voltage (V) on the day of a window; null where there are none. */
  limitsOf(referenceV: number, start: number): BandLimits | null
  /** Where it is set it holds instead of the option `voltage-minimum-coverage`. */
  readonly leastCoverage?: number | undefined
}

/** The disturbance rule in force. Of all zones the same: readings of many are judged together. */
export const disturbanceAt = (instant: number): DisturbanceRule =>
  disturbanceOn(new Date(instant).toISOString().slice(0, 10)).value

/** Qualities of readings and events that count: those of a device that has the time and does not doubt itself. */
const qualitiesOf = (choices: RegulationChoices): string[] =>
  choices['voltage-questionable-readings'] === 'count' ? ['good', 'late', 'questionable'] : ['good', 'late']

/**
 * Computes windows from what is stored in this moment: readings, events, registry, options.
 * @param times  one a meter, in the order of their keys; windows that they touch
 */
export async function computeWindows(
  client: PoolClient,
  times: readonly MeterTime[],
  rules: ComputationRules,
): Promise<ComputedWindows> {
  const found: ComputedWindows = { windows: [], unjudged: [] }
  if (times.length === 0) return found
  const choices = await regulationChoices(queriesOf(client))
  const qualities = qualitiesOf(choices)
  const whole = times.map(({ deviceKey, from, until }) => ({
    ...{ deviceKey, from: windowStart(from), until: Math.ceil(until / windowMs) * windowMs },
  }))
  const from = whole.reduce((least, time) => Math.min(least, time.from), Infinity)
  const until = whole.reduce((most, time) => Math.max(most, time.until), -Infinity)
  const deviceKeys = whole.map(({ deviceKey }) => deviceKey)
  const meters = await registeredMeters(client, deviceKeys, from, until)
  const disturbances = await disturbancesOf(client, deviceKeys, from, until, qualities)
  const byKey = new Map(whole.map((time) => [time.deviceKey, time]))
  const disturbance = disturbanceAt(from)
  const judge = (deviceKey: number, samples: readonly VoltageSample[]): void => {
    const meter = meters.get(deviceKey)
    if (!meter) return
    const { windows, unjudged } = new MeterJudge(meter, rules, choices, disturbance).windowsOf(
      byKey.get(deviceKey)!,
      samples,
      disturbances.get(deviceKey) ?? [],
    )
    found.windows.push(...windows)
    if (unjudged) found.unjudged.push({ deviceId: meter.deviceId, reason: unjudged })
  }

  let samples: VoltageSample[] = []
  let of = 0
  const reachMs = disturbanceReachMs(disturbance)
  for await (const rows of samplesOf(client, whole, qualities, disturbance.finestMs, reachMs))
    for (const [deviceKey, at, intervalS, va, vb, vc] of rows) {
      if (deviceKey !== of && samples.length > 0) {
        judge(of, samples)
        samples = []
      }
      of = deviceKey
      samples.push({ at: Math.round(at), intervalMs: intervalS * 1_000, volts: [va, vb, vc] })
    }
  if (samples.length > 0) judge(of, samples)
  return found
}

/** Judges what one meter reported by what it measured when. */
class MeterJudge {
  #meter: RegisteredMeter
  #rules: ComputationRules
  #choices: RegulationChoices
  #disturbance: DisturbanceRule

  constructor(
    meter: RegisteredMeter,
    rules: ComputationRules,
    choices: RegulationChoices,
    disturbance: DisturbanceRule,
  ) {
    this.#meter = meter
    this.#rules = rules
    this.#choices = choices
    this.#disturbance = disturbance
  }

  windowsOf(
    { from, until }: MeterTime,
    samples: readonly VoltageSample[],
    disturbances: readonly FieldDisturbance[],
  ): { windows: StoredWindow[]; unjudged: string | undefined } {
    const windows: StoredWindow[] = []
    let unjudged: string | undefined
    for (const part of this.#parts(from, until)) {
      const { referenceV } = part
      if (referenceV === null) {
        if (samples.some(({ at, intervalMs }) => at > part.from && at - intervalMs < part.until))
          unjudged = 'no nominal voltage is known, neither its own nor that of a unit'
        continue
      }
      const rules = {
        ...{ referenceV, phases: part.phases, disturbance: this.#disturbance, choices: windowChoices(this.#choices) },
        limitsAt: (start: number) => this.#rules.limitsOf(referenceV, start),
        leastCoverage: this.#rules.leastCoverage ?? this.#choices['voltage-minimum-coverage'],
      }
      const found = windowsOf(samples, rules, part.from, part.until, disturbances)
      if (found.length > 0 && rules.limitsAt(found[0]!.start) === null)
        unjudged = `no bands are known for ${referenceV} V`
      for (const window of found) windows.push({ deviceKey: this.#meter.deviceKey, ...window })
    }
    return { windows, unjudged }
  }

  /** A window belongs to the unit that the meter measured at the window's beginning, else to the meter alone. */
  #parts(from: number, until: number): Part[] {
    const own = { referenceV: this.#meter.nominalV, phases: null }
    const parts: Part[] = []
    let done = from
    for (const unit of this.#meter.units) {
      const begin = Math.max(done, firstStart(unit.from, from))
      const end = Math.min(until, firstStart(unit.until, until))
      if (begin >= end) continue
      if (begin > done) parts.push({ ...own, from: done, until: begin })
      const { referenceV } = unit
      parts.push({ from: begin, until: end, referenceV, phases: measuredPhases(unit.phases, unit.measuredBetween) })
      done = end
    }
    if (done < until) parts.push({ ...own, from: done, until })
    return parts
  }
}

/** A time in which a meter measures one thing. */
interface Part {
  readonly from: number
  readonly until: number
  readonly referenceV: number | null
  readonly phases: readonly Phase[] | null
}

/** Beginning of the first window that begins at an instant or after it. */
const firstStart = (instant: number, otherwise: number): number =>
  Number.isFinite(instant) ? Math.ceil(instant / windowMs) * windowMs : otherwise

const windowChoices = (choices: RegulationChoices): WindowChoices => ({
  disturbances: choices['voltage-expurgated-disturbances'],
  interruptions: choices['voltage-expurgated-interruptions'],
  invalidPhase: choices['voltage-invalid-phase'],
})
