import { ruleOn, type Regulated } from '../../../platform/regulation/regulated.ts'
import { flickerLimits } from './flicker.ts'
import { frequencyRules } from './frequency.ts'
import { distortions, harmonicLimits, uncertainAtHighVoltage } from './harmonics.ts'
import { limitClassOf, type LimitsByClass } from './limit-class.ts'
import { percentile95 } from './percentile-95.ts'
import { powerFactorOf, powerFactorRules, type PowerFactor } from './power-factor.ts'
import type { PhaseIndicator, WindowQuality } from './power-quality.ts'
import { transgressionOn } from './transgression.ts'
import { unbalanceLimits } from './unbalance.ts'
import { phases, type Phase } from './sample.ts'

/** Where a figure or a limit comes from. */
export type RuleSource = Pick<Regulated<unknown>, 'validFrom' | 'source'>

/** An indicator's value that only 5 % of the windows exceed, of the phase where it is greatest. */
export interface Statistic95 {
  readonly indicator: 'unbalance' | PhaseIndicator
  readonly unit: '%' | 'pu'
  readonly value: number
  /** Null where the indicator is of all phases together. */
  readonly phase: Phase | null
  readonly byPhase: Readonly<Partial<Record<Phase, number>>>
  /** Windows with a value, of the phase with fewest. */
  readonly windows: number
  /** Enough of them for a measurement. */
  readonly complete: boolean
  /** Null where the norm has none. */
  readonly limit: number | null
  /** Above the limit, not at it. */
  readonly violated: boolean | null
  readonly rule: RuleSource
}

/** No verdict: in which hours inductive and in which capacitive power counts is not known here. */
export interface PowerFactorStatistic {
  readonly windows: number
  /** Of the energy of all windows. */
  readonly overall: PowerFactor | null
  readonly lowest: PowerFactor
  /** Null where the class is held to none. */
  readonly least: number | null
  /** Windows below the least. */
  readonly below: { readonly inductive: number; readonly capacitive: number } | null
  readonly rule: RuleSource
}

export interface FrequencyStatistic {
  readonly windows: number
  readonly minHz: number
  readonly meanHz: number
  readonly maxHz: number
  /** Windows whose mean is outside of what is normal. */
  readonly outsideNormal: number
  readonly normalHz: readonly [number, number]
  readonly rule: RuleSource
}

export interface QualityStatistics {
  readonly indicators: readonly Statistic95[]
  readonly powerFactor: PowerFactorStatistic | null
  readonly frequency: FrequencyStatistic | null
}

export interface StatisticRules {
  /** Reference voltage, V: says which limits hold. */
  readonly referenceV: number
  /** Civil day that says which rules hold, `YYYY-MM-DD`. */
  readonly day: string
  /** Option: whether the limits of DTT and DTTp from 69 kV on hold, which one source has and one has not. */
  readonly highVoltageDistortion: 'limited' | 'unlimited'
}

/**
 * The 95 % statistics of some windows, with their limits; of an indicator that no window has there is none.
 * @param windows  valid ones
 * @throws NoRule where no rule is known for the day
 */
export const qualityStatistics = (windows: readonly WindowQuality[], rules: StatisticRules): QualityStatistics => ({
  indicators: [
    ...unbalanceStatistic(windows, rules),
    ...distortions.flatMap((indicator) => {
      const harmonics = ruleOn('harmonic distortion', harmonicLimits, rules.day)
      return phaseStatistic(windows, indicator, '%', { ...harmonics, value: harmonics.value[indicator] }, rules)
    }),
    ...phaseStatistic(windows, 'pst', 'pu', ruleOn('flicker', flickerLimits, rules.day), rules),
  ],
  powerFactor: powerFactorStatistic(windows, rules),
  frequency: frequencyStatistic(windows, rules.day),
})

function unbalanceStatistic(windows: readonly WindowQuality[], rules: StatisticRules): Statistic95[] {
  const values = windows.flatMap(({ unbalancePct }) => unbalancePct ?? [])
  const value = percentile95(values)
  if (value === undefined) return []
  const of = { indicator: 'unbalance', unit: '%', value, phase: null, byPhase: {}, windows: values.length } as const
  return [judged(of, ruleOn('unbalance', unbalanceLimits, rules.day), rules)]
}

function phaseStatistic(
  windows: readonly WindowQuality[],
  indicator: PhaseIndicator,
  unit: Statistic95['unit'],
  limits: Regulated<LimitsByClass>,
  rules: StatisticRules,
): Statistic95[] {
  const measured = phases.flatMap((phase, index) => {
    const values = windows.flatMap(({ byPhase }) => byPhase[indicator][index] ?? [])
    const value = percentile95(values)
    return value === undefined ? [] : [{ phase, value, count: values.length }]
  })
  const [worst] = measured.toSorted((one, other) => other.value - one.value)
  if (!worst) return []
  const byPhase = Object.fromEntries(measured.map(({ phase, value }) => [phase, value]))
  const count = Math.min(...measured.map((one) => one.count))
  const { phase, value } = worst
  return [judged({ indicator, unit, value, phase, byPhase, windows: count }, limits, rules)]
}

function judged(
  of: Omit<Statistic95, 'complete' | 'limit' | 'violated' | 'rule'>,
  limits: Regulated<LimitsByClass>,
  { referenceV, day, highVoltageDistortion }: StatisticRules,
): Statistic95 {
  const limitClass = limitClassOf(referenceV)
  const isUncertain = limitClass === 'AT' && uncertainAtHighVoltage.has(of.indicator)
  const limit = isUncertain && highVoltageDistortion === 'unlimited' ? null : limitClass && limits.value[limitClass]
  return {
    ...of,
    complete: of.windows >= transgressionOn(day).value.windows,
    limit: limit ?? null,
    violated: limit === undefined || limit === null ? null : of.value > limit,
    rule: sourceOf(limits),
  }
}

function powerFactorStatistic(
  windows: readonly WindowQuality[],
  { referenceV, day }: StatisticRules,
): PowerFactorStatistic | null {
  const factors = windows.flatMap(({ powerFactor }) => powerFactor ?? [])
  const [lowest] = factors.toSorted((one, other) => one.ratio - other.ratio)
  if (!lowest) return null
  const rule = ruleOn('power factor', powerFactorRules, day)
  const { least, classes } = rule.value
  const limitClass = limitClassOf(referenceV)
  const isHeld = limitClass !== undefined && classes.includes(limitClass)
  const below = (reactive: PowerFactor['reactive']): number =>
    factors.filter((one) => one.reactive === reactive && one.ratio < least).length
  const total = (of: 'activeKw' | 'reactiveKvar'): number =>
    windows.reduce((sum, { power }) => sum + (power?.[of] ?? 0), 0)
  return {
    ...{ windows: factors.length, lowest, overall: powerFactorOf(total('activeKw'), total('reactiveKvar')) ?? null },
    least: isHeld ? least : null,
    below: isHeld ? { inductive: below('inductive'), capacitive: below('capacitive') } : null,
    rule: sourceOf(rule),
  }
}

function frequencyStatistic(windows: readonly WindowQuality[], day: string): FrequencyStatistic | null {
  const measured = windows.flatMap(({ frequencyHz }) => frequencyHz ?? [])
  if (measured.length === 0) return null
  const rule = ruleOn('frequency', frequencyRules, day)
  const { normalLowHz, normalHighHz } = rule.value
  return {
    windows: measured.length,
    minHz: measured.reduce((least, { min }) => Math.min(least, min), Infinity),
    meanHz: measured.reduce((sum, { mean }) => sum + mean, 0) / measured.length,
    maxHz: measured.reduce((most, { max }) => Math.max(most, max), -Infinity),
    outsideNormal: measured.filter(({ mean }) => mean < normalLowHz || mean > normalHighHz).length,
    normalHz: [normalLowHz, normalHighHz],
    rule: sourceOf(rule),
  }
}

const sourceOf = ({ validFrom, source }: Regulated<unknown>): RuleSource => ({ validFrom, source })
