import { classify, type BandLimits, type VoltageBand } from './bands.ts'
import { disturbancesIn, type DisturbanceRule, type FieldDisturbance } from './disturbances.ts'
import { withoutOverlap } from './overlap.ts'
import { phases, type PerPhase, type Phase, type VoltageSample } from './sample.ts'

/** Windows are aligned to the clock: ten minutes. */
export const windowMs = 600_000

/** Beginning of the window that an instant is of, UTC milliseconds. */
export const windowStart = (at: number): number => Math.floor(at / windowMs) * windowMs

/** Why a window counts in no measurement, the gravest first. */
export const invalidReasons = ['interruption', 'vtcd', 'coverage'] as const
export type InvalidReason = (typeof invalidReasons)[number]

/** What shows it: a voltage and when, an event, or how much of the window was covered. */
export interface InvalidEvidence {
  readonly phase?: Phase
  /** Beginning, UTC milliseconds. */
  readonly at?: number
  /** The lowest, or of a swell the highest, V. */
  readonly volts?: number
  /** Of an interruption its part in this window, of a VTCD all of it, ms. */
  readonly durationMs?: number
  readonly eventId?: string
  readonly coverage?: number
}

/** A 10-minute window of one meter. */
export interface VoltageWindow {
  /** Its beginning, UTC milliseconds. */
  readonly start: number
  /** RMS over what is covered, V; null for a phase without any, and for one that the unit does not have. */
  readonly volts: PerPhase<number>
  /** Share of the ten minutes that readings cover, least of the phases that the unit has, 0 to 1 in millionths. */
  readonly coverage: number
  /** By the bounds of the reference voltage; null for a phase without voltage, and where the norm has no bounds. */
  readonly bands: PerPhase<VoltageBand>
  readonly invalid?: { readonly reason: InvalidReason; readonly evidence: InvalidEvidence }
}

/** One that no reading covers anything of. */
export const missingWindow = (start: number): VoltageWindow => ({
  ...{ start, volts: [null, null, null], coverage: 0, bands: [null, null, null] },
  invalid: { reason: 'coverage', evidence: { coverage: 0 } },
})

/** What decides about the windows of a meter. */
export interface WindowRules {
  /** Reference voltage between the terminals that are measured, V. */
  readonly referenceV: number
  /** Its bounds on the day of the window that begins then; null where the norm has none for it. */
  limitsAt(start: number): BandLimits | null
  /** What the unit has, as `PerPhase` puts it; null: whatever the meter reports in a window. */
  readonly phases: readonly Phase[] | null
  /** Less than this share of a window covered: it is invalid. */
  readonly leastCoverage: number
  readonly disturbance: DisturbanceRule
  readonly choices: WindowChoices
}

/** What the norm leaves open about invalid windows (platform/regulation/voltage-options.ts). */
export interface WindowChoices {
  readonly disturbances: 'events-and-readings' | 'events' | 'none'
  readonly interruptions: 'all' | 'none'
  /** What one invalid phase makes invalid: the window, or its own part of it, which then has no band. */
  readonly invalidPhase: 'unit' | 'phase'
}

export const usualChoices: WindowChoices = {
  ...{ disturbances: 'events-and-readings', interruptions: 'all', invalidPhase: 'unit' },
}

/**
 * The windows of one meter that its readings touch, oldest first. A window's voltage is the quadratic mean over what readings
 * cover of it, weighted by time (PRODIST Módulo 8, Seção 8.1: RMS values integrated over ten minutes); where readings overlap,
 * the finest holds. Depends on nothing farther than `disturbanceReachMs` from a window, but for intervals that reach into it,
 * so that a window is the same to the last bit whether it is computed alone or with others.
 * @param samples      in any order
 * @param from         windows that begin from here on, UTC milliseconds, on a window's beginning
 * @param until        and before this
 * @param disturbances what events say
 */
export function windowsOf(
  samples: readonly VoltageSample[],
  rules: WindowRules,
  from: number,
  until: number,
  disturbances: readonly FieldDisturbance[] = [],
): VoltageWindow[] {
  const sorted = inOrder(samples)
  const sums = new WindowSums(from, until, rules)
  for (const piece of withoutOverlap(sorted)) sums.add(piece)
  const { choices } = rules
  const seen = choices.disturbances === 'events-and-readings' ? disturbancesIn(sorted, rules) : []
  const told = disturbances.filter((disturbance) => counts(disturbance, rules))
  return sums.windows([...seen, ...told].toSorted(byBeginning))
}

/** What lasts three minutes or more is no VTCD, whatever an event calls it. */
function counts({ reason, at, until }: FieldDisturbance, { choices, disturbance }: WindowRules): boolean {
  if (reason === 'interruption') return choices.interruptions !== 'none'
  return choices.disturbances !== 'none' && (until ?? at) - at < disturbance.shorterThanMs
}

const byBeginning = (one: FieldDisturbance, other: FieldDisturbance): number =>
  one.at - other.at || (one.eventId === other.eventId ? 0 : one.eventId < other.eventId ? -1 : 1)

/** Sums depend on their order, and so does what is made of them: it is always the same. */
function inOrder(samples: readonly VoltageSample[]): readonly VoltageSample[] {
  for (let index = 1; index < samples.length; index++)
    if (samples[index]!.at <= samples[index - 1]!.at) return samples.toSorted(byInstant)
  return samples
}

const byInstant = (one: VoltageSample, other: VoltageSample): number =>
  one.at - other.at ||
  one.intervalMs - other.intervalMs ||
  phases.reduce((sign, _, index) => sign || (one.volts[index] ?? -1) - (other.volts[index] ?? -1), 0)

/** Where a phase was below the bound of interruption within a window. */
interface Interrupted {
  readonly at: number
  volts: number
  durationMs: number
}

type Fault = NonNullable<VoltageWindow['invalid']>

/** What is summed up of each window: no object a reading or window, for there are millions of them. */
class WindowSums {
  #from: number
  #until: number
  #rules: WindowRules
  #interruptionV: number
  /** Of each window three phases: the mean of the squares so far, V², and how much it stands for. */
  #squares: Float64Array
  #coveredMs: Float64Array
  #interrupted = new Map<number, Interrupted>()

  constructor(from: number, until: number, rules: WindowRules) {
    const windows = Math.max(0, Math.ceil((until - from) / windowMs))
    this.#from = from
    this.#until = from + windows * windowMs
    this.#rules = rules
    this.#interruptionV =
      rules.choices.interruptions === 'none' ? 0 : rules.disturbance.interruptionPu * rules.referenceV
    this.#squares = new Float64Array(windows * 3)
    this.#coveredMs = new Float64Array(windows * 3)
  }

  add({ at, intervalMs, volts }: VoltageSample): void {
    const begin = at - intervalMs
    const end = Math.min(at, this.#until)
    for (let start = Math.max(windowStart(begin), this.#from); start < end; start += windowMs) {
      const since = Math.max(begin, start)
      const coveredMs = Math.min(at, start + windowMs) - since
      const first = ((start - this.#from) / windowMs) * 3
      for (let index = 0; index < 3; index++) {
        const voltage = volts[index] ?? null
        if (voltage === null) continue
        const square = this.#squares[first + index]!
        const allMs = (this.#coveredMs[first + index]! += coveredMs)
        // Not a sum that is divided at last: a voltage that stays the same is its own mean to the last bit, also at a bound.
        this.#squares[first + index] = square + (voltage * voltage - square) * (coveredMs / allMs)
        if (voltage < this.#interruptionV) this.#interrupt(first + index, since, voltage, coveredMs)
      }
    }
  }

  #interrupt(slot: number, at: number, volts: number, durationMs: number): void {
    const known = this.#interrupted.get(slot)
    if (!known) this.#interrupted.set(slot, { at, volts, durationMs })
    else {
      known.volts = Math.min(known.volts, volts)
      known.durationMs += durationMs
    }
  }

  /** Those of which anything is covered. @param disturbances  in the order of their beginnings */
  windows(disturbances: readonly FieldDisturbance[]): VoltageWindow[] {
    const found: VoltageWindow[] = []
    for (let first = 0; first < this.#coveredMs.length; first += 3) {
      const present = this.#presentIn(first)
      if (present.some((index) => this.#coveredMs[first + index]! > 0))
        found.push(this.#window(first, present, disturbances))
    }
    return found
  }

  /** Phases that count in a window, as their indices. */
  #presentIn(first: number): number[] {
    const { phases: ofUnit } = this.#rules
    return [0, 1, 2].filter((index) => (ofUnit ? ofUnit.includes(phases[index]!) : this.#coveredMs[first + index]! > 0))
  }

  #window(first: number, present: readonly number[], disturbances: readonly FieldDisturbance[]): VoltageWindow {
    const start = this.#from + (first / 3) * windowMs
    const limits = this.#rules.limitsAt(start)
    const touching = disturbances.filter((disturbance) => touches(disturbance, start))
    const faults = present.map((index) => this.#fault(first, index, touching))
    const ofPhase = this.#rules.choices.invalidPhase === 'phase'
    const invalid = !ofPhase || faults.every(Boolean) ? worst(faults) : undefined
    const volts = perPhase((index) => {
      const coveredMs = present.includes(index) ? this.#coveredMs[first + index]! : 0
      return coveredMs > 0 ? Math.sqrt(this.#squares[first + index]!) : null
    })
    const bands = perPhase((index) => {
      const voltage = volts[index]
      if (voltage === null || !limits || (ofPhase && faults[present.indexOf(index)])) return null
      return classify(voltage, limits)
    })
    const coverage = Math.min(...present.map((index) => this.#coverage(first + index)))
    return { ...{ start, volts, bands, coverage: inMillionths(coverage) }, ...(invalid && { invalid }) }
  }

  #coverage(slot: number): number {
    return this.#coveredMs[slot]! / windowMs
  }

  /** Why a phase does not count in a window. */
  #fault(first: number, index: number, disturbances: readonly FieldDisturbance[]): Fault | undefined {
    const phase = phases[index]!
    const interrupted = this.#interrupted.get(first + index)
    if (interrupted) return { reason: 'interruption', evidence: { phase, ...interrupted } }
    const ofPhase = disturbances.filter((disturbance) => disturbance.phases?.includes(phase) ?? true)
    const told =
      ofPhase.find(({ reason }) => reason === 'interruption') ?? ofPhase.find(({ reason }) => reason === 'vtcd')
    if (told) return { reason: told.reason, evidence: evidenceOf(told, this.#rules.referenceV) }
    const coverage = this.#coverage(first + index)
    if (coverage >= this.#rules.leastCoverage) return undefined
    return { reason: 'coverage', evidence: { phase, coverage: inMillionths(coverage) } }
  }
}

/** Of the phases' faults the gravest; of equally grave ones the earliest, or the least covered. */
function worst(faults: readonly (Fault | undefined)[]): Fault | undefined {
  for (const reason of invalidReasons) {
    const [first] = faults
      .filter((fault) => fault?.reason === reason)
      .toSorted((one, other) => orderOf(one!.evidence) - orderOf(other!.evidence))
    if (first) return first
  }
  return undefined
}

const orderOf = ({ at, coverage }: InvalidEvidence): number => at ?? coverage ?? 0
const inMillionths = (share: number): number => Math.round(share * 1e6) / 1e6
const perPhase = <T>(of: (index: 0 | 1 | 2) => T): readonly [T, T, T] => [of(0), of(1), of(2)]

/** Whether it lies in the window that begins then. */
const touches = ({ at, until }: FieldDisturbance, start: number): boolean =>
  at < start + windowMs && (until !== null && until > at ? until > start : at >= start)

function evidenceOf(disturbance: FieldDisturbance, referenceV: number): InvalidEvidence {
  const { at, until, phases: of, volts, magnitudePu, eventId } = disturbance
  return {
    ...{ at },
    ...(of?.length === 1 && { phase: of as Phase }),
    ...(volts !== undefined && { volts }),
    ...(magnitudePu !== undefined && { volts: magnitudePu * referenceV }),
    ...(until !== null && { durationMs: until - at }),
    ...(eventId !== '' && { eventId }),
  }
}
