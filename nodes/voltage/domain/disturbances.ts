import { ruleOn, type Regulated } from '../../../platform/regulation/regulated.ts'
import { phases, type Phase, type VoltageSample } from './sample.ts'

/** What tells disturbances from the steady state that windows are to judge. Voltages in parts of the reference voltage. */
export interface DisturbanceRule {
  /** Below it there is no supply. */
  readonly interruptionPu: number
  /** Short-duration variations (VTCD) go below the first, or above the second. */
  readonly sagPu: number
  readonly swellPu: number
  /** They last less than this: what lasts as long, or longer, is voltage that counts. */
  readonly shorterThanMs: number
  /** Readings over longer intervals do not show them. */
  readonly finestMs: number
  /** So long may readings be missing within one of them: messages get lost. */
  readonly bridgedMs: number
}

const disturbanceRules: readonly Regulated<DisturbanceRule>[] = [
  {
    validFrom: '2000-01-01',
    source:
      'PRODIST Módulo 8, Seção 8.1, VTCD momentânea and temporária: below 0.9 or above 1.1 pu, under 3 min; interruption below 0.1 pu (two sources). Readings of 1 s and the 5 s that may be missing are choices of this platform',
    value: {
      ...{ interruptionPu: 0.1, sagPu: 0.9, swellPu: 1.1 },
      ...{ shorterThanMs: 180_000, finestMs: 1_000, bridgedMs: 5_000 },
    },
  },
]

/** @param day  civil day `YYYY-MM-DD` @throws NoRule */
export const disturbanceOn = (day: string): Regulated<DisturbanceRule> =>
  ruleOn('voltage disturbances', disturbanceRules, day)

/** Windows as far as this from a reading may depend on it: the length of a VTCD, with a reading that is missing and one more. */
export const disturbanceReachMs = ({ shorterThanMs, bridgedMs, finestMs }: DisturbanceRule): number =>
  shorterThanMs + bridgedMs + finestMs

/** Something that makes windows invalid, from an event or from fine readings. Instants are UTC milliseconds. */
export interface FieldDisturbance {
  readonly reason: 'interruption' | 'vtcd'
  readonly at: number
  /** Its end; null where only its beginning is known. */
  readonly until: number | null
  /** Letters of phases; without them all. */
  readonly phases?: string
  /** The lowest, or of a swell the highest, V. */
  readonly volts?: number
  /** The same of an event, in parts of the reference voltage. */
  readonly magnitudePu?: number
  /** Of the event that told; empty where readings did. */
  readonly eventId: string
}

/**
 * Short-duration voltage variations that readings show: of one phase, to one side, shorter than three minutes.
 * @param samples  sorted by `at`
 * @returns in the order of their beginnings
 */
export function disturbancesIn(
  samples: readonly VoltageSample[],
  rules: {
    readonly referenceV: number
    readonly phases: readonly Phase[] | null
    readonly disturbance: DisturbanceRule
  },
): FieldDisturbance[] {
  const { referenceV, disturbance } = rules
  const found: FieldDisturbance[] = []
  const runs = (rules.phases ?? phases).flatMap((phase) => [
    new Run(phase, 'sag', disturbance.sagPu * referenceV, disturbance, found),
    new Run(phase, 'swell', disturbance.swellPu * referenceV, disturbance, found),
  ])
  for (const sample of samples) {
    if (sample.intervalMs > disturbance.finestMs) continue
    for (const run of runs) run.take(sample)
  }
  for (const run of runs) run.end()
  return found.toSorted((one, other) => one.at - other.at)
}

/** Readings of one phase on one side of the steady state, one after the other. */
class Run {
  #phase: Phase
  #index: number
  /** 1 above the bound, -1 below it. */
  #side: number
  #boundV: number
  #rule: DisturbanceRule
  #found: FieldDisturbance[]
  #since: number | undefined
  #until = 0
  #extremeV = 0

  constructor(phase: Phase, side: 'sag' | 'swell', boundV: number, rule: DisturbanceRule, found: FieldDisturbance[]) {
    this.#phase = phase
    this.#index = phases.indexOf(phase)
    this.#side = side === 'swell' ? 1 : -1
    this.#boundV = boundV
    this.#rule = rule
    this.#found = found
  }

  take({ at, intervalMs, volts: ofPhases }: VoltageSample): void {
    const volts = ofPhases[this.#index] ?? null
    if (volts === null) return
    const outside = this.#side * (volts - this.#boundV) > 0
    if (this.#since !== undefined && (!outside || at - intervalMs - this.#until > this.#rule.bridgedMs)) this.end()
    if (!outside) return
    if (this.#since === undefined) {
      this.#since = at - intervalMs
      this.#extremeV = volts
    } else if (this.#side * (volts - this.#extremeV) > 0) this.#extremeV = volts
    this.#until = at
  }

  end(): void {
    if (this.#since === undefined) return
    const [at, until] = [this.#since, this.#until]
    this.#since = undefined
    if (until - at >= this.#rule.shorterThanMs) return
    this.#found.push({ reason: 'vtcd', at, until, phases: this.#phase, volts: this.#extremeV, eventId: '' })
  }
}
