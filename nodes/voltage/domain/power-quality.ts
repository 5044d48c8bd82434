import { distortions, type Distortion } from './harmonics.ts'
import { powerFactorOf, type PowerFactor } from './power-factor.ts'
import { unbalanceOf } from './unbalance.ts'
import type { PerPhase, VoltageSample } from './sample.ts'
import { windowMs, windowStart } from './windows.ts'

/** What an instrument works out for each phase: distortion in %, flicker severity Pst in pu, of the ten minutes before. */
export const phaseIndicators = [...distortions, 'pst'] as const
export type PhaseIndicator = Distortion | 'pst'

/** What a meter reported for the interval that ends at `at`: its voltages, and what it has of the rest. */
export interface QualitySample extends VoltageSample {
  /** > 0 imports, kW; > 0 inductive, kvar. */
  readonly activeKw: number | null
  readonly reactiveKvar: number | null
  readonly frequencyHz: number | null
  /** Worked out by an instrument. */
  readonly unbalancePct?: number | null
  readonly byPhase?: Readonly<Partial<Record<PhaseIndicator, PerPhase<number>>>>
}

/** Quality of supply in a 10-minute window, beside the voltage; null where readings do not tell, or cover too little of it. */
export interface WindowQuality {
  /** Its beginning, UTC milliseconds. */
  readonly start: number
  /** FD: the instrument's own, else from voltages between phases. */
  readonly unbalancePct: number | null
  /** Means over the window, > 0 imports and inductive. */
  readonly power: { readonly activeKw: number; readonly reactiveKvar: number } | null
  readonly powerFactor: PowerFactor | null
  readonly frequencyHz: { readonly min: number; readonly mean: number; readonly max: number } | null
  readonly byPhase: Readonly<Record<PhaseIndicator, PerPhase<number>>>
}

export interface QualityRules {
  /** The meter measures between phases: unbalance can be worked out from three of its voltages. */
  readonly betweenPhases: boolean
  /** Less than this share of a window covered by a quantity: it has none there. */
  readonly leastCoverage: number
}

/**
 * What the readings of one meter tell of the windows that they touch, oldest first. Over a window, weighted by time: unbalance
 * and distortion the quadratic mean (IEC 61000-4-30 aggregates so), Pst the cubic one (as Plt is made of it), power and frequency
 * the mean. Where an instrument gives a value for each ten minutes, it is that value.
 * @param samples  in any order, each instant once
 * @param from     windows that begin from here on, UTC milliseconds
 * @param until    and before this
 */
export function windowQualities(
  samples: Iterable<QualitySample>,
  rules: QualityRules,
  from: number,
  until: number,
): WindowQuality[] {
  const windows = new Map<number, WindowSums>()
  const cover = (at: number, intervalMs: number, add: (sums: WindowSums, coveredMs: number) => void): void => {
    const begin = at - intervalMs
    for (let start = windowStart(begin); start < at; start += windowMs)
      if (start >= from && start < until)
        add(sumsOf(windows, start), Math.min(at, start + windowMs) - Math.max(begin, start))
  }
  for (const sample of samples) {
    cover(sample.at, sample.intervalMs, (sums, coveredMs) => add(sums, sample, coveredMs, rules))
    if (sample.byPhase?.pst) cover(sample.at, windowMs, (sums, coveredMs) => addPst(sums, sample, coveredMs))
  }
  return [...windows]
    .toSorted(([one], [other]) => one - other)
    .map(([start, sums]) => qualityOf(start, sums, rules.leastCoverage * windowMs))
}

/** Of a quantity: its values to a power, times the milliseconds that they cover. */
interface Sum {
  total: number
  coveredMs: number
}

interface WindowSums {
  readonly of: Map<string, Sum>
  minHz: number
  maxHz: number
}

function sumsOf(windows: Map<number, WindowSums>, start: number): WindowSums {
  let sums = windows.get(start)
  if (!sums) windows.set(start, (sums = { of: new Map(), minHz: Infinity, maxHz: -Infinity }))
  return sums
}

function add(sums: WindowSums, sample: QualitySample, coveredMs: number, { betweenPhases }: QualityRules): void {
  const take = (name: string, value: number | null | undefined, power = 1): void =>
    addTo(sums, name, value, coveredMs, power)
  take('measured unbalance', sample.unbalancePct, 2)
  if (betweenPhases) take('calculated unbalance', calculatedUnbalance(sample), 2)
  if (sample.activeKw !== null && sample.reactiveKvar !== null) {
    take('active', sample.activeKw)
    take('reactive', sample.reactiveKvar)
  }
  take('frequency', sample.frequencyHz)
  if (sample.frequencyHz !== null) {
    sums.minHz = Math.min(sums.minHz, sample.frequencyHz)
    sums.maxHz = Math.max(sums.maxHz, sample.frequencyHz)
  }
  for (const indicator of distortions)
    sample.byPhase?.[indicator]?.forEach((value, phase) => take(`${indicator} ${phase}`, value, 2))
}

const addPst = (sums: WindowSums, { byPhase }: QualitySample, coveredMs: number): void =>
  byPhase?.pst?.forEach((value, phase) => addTo(sums, `pst ${phase}`, value, coveredMs, 3))

function addTo(
  { of }: WindowSums,
  name: string,
  value: number | null | undefined,
  coveredMs: number,
  power: number,
): void {
  if (value === null || value === undefined) return
  let sum = of.get(name)
  if (!sum) of.set(name, (sum = { total: 0, coveredMs: 0 }))
  sum.total += value ** power * coveredMs
  sum.coveredMs += coveredMs
}

const powerOf = (indicator: PhaseIndicator): number => (indicator === 'pst' ? 3 : 2)

/** To nine decimals: an instrument's 1.5 is not above a limit of 1.5 for having been raised and brought back. */
const rootOf = (mean: number, power: number): number =>
  power === 1 ? mean : Math.round((power === 2 ? Math.sqrt(mean) : Math.cbrt(mean)) * 1e9) / 1e9

function calculatedUnbalance({ volts: [ab, bc, ca] }: QualitySample): number | undefined {
  return ab === null || bc === null || ca === null ? undefined : unbalanceOf([ab, bc, ca])
}

function qualityOf(start: number, sums: WindowSums, leastMs: number): WindowQuality {
  const mean = (name: string, power = 1): number | null => {
    const sum = sums.of.get(name)
    if (!sum || sum.coveredMs < leastMs) return null
    return rootOf(sum.total / sum.coveredMs, power)
  }
  const [activeKw, reactiveKvar, meanHz] = [mean('active'), mean('reactive'), mean('frequency')]
  const power = activeKw === null || reactiveKvar === null ? null : { activeKw, reactiveKvar }
  return {
    start,
    unbalancePct: mean('measured unbalance', 2) ?? mean('calculated unbalance', 2),
    power,
    powerFactor: (power && powerFactorOf(power.activeKw, power.reactiveKvar)) ?? null,
    frequencyHz: meanHz === null ? null : { min: sums.minHz, mean: meanHz, max: sums.maxHz },
    byPhase: Object.fromEntries(
      phaseIndicators.map((indicator) => [
        indicator,
        [0, 1, 2].map((phase) => mean(`${indicator} ${phase}`, powerOf(indicator))),
      ]),
    ) as unknown as WindowQuality['byPhase'],
  }
}
