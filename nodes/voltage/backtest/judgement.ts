import { forecastOf, type LimitForecast } from '../domain/forecast.ts'
import type { ForecastPrior } from '../domain/forecast-prior.ts'
import { budgetOf, transgressionOn } from '../domain/transgression.ts'
import { windowMs } from '../domain/windows.ts'
import { outcomeOf, type Case } from './case.ts'

const dayMs = 24 * 3_600_000

/** A forecast of one limit, and what came of it. */
export interface Trial {
  readonly forecast: LimitForecast
  readonly brokenAt: number | null
}

/** Forecasts that were given at the same time of their measurements. */
export interface DayTrials {
  readonly day: number
  readonly drp: readonly Trial[]
  readonly drc: readonly Trial[]
}

/** Forecasts each measurement after each of the days, knowing only what was measured by then. */
export function trialsOf(
  cases: readonly Case[],
  days: readonly number[],
  prior: ForecastPrior,
  seed: number,
): DayTrials[] {
  const rule = transgressionOn('2026-01-01')
  const allowed = budgetOf(rule.value)
  const outcomes = cases.map(({ windows }) => outcomeOf(windows, rule.value.windows, allowed).brokenAt)
  return days.map((day) => {
    const forecasts = cases.map(({ windows, offsetAt, before }, index) => {
      const nextAt = windows[0]!.start + day * dayMs
      const known = windows.slice(0, (nextAt - windows[0]!.start) / windowMs)
      const measurement = { windows: known, nextAt, offsetAt, voltageClass: 'BT' as const, ...(before && { before }) }
      return forecastOf(measurement, rule, prior, seed + index)
    })
    return {
      day,
      drp: forecasts.map(({ drp }, index) => ({ forecast: drp, brokenAt: outcomes[index]!.precarious })),
      drc: forecasts.map(({ drc }, index) => ({ forecast: drc, brokenAt: outcomes[index]!.critical })),
    }
  })
}

/** How good probabilities were. */
export interface Score {
  readonly cases: number
  /** Share that broke. */
  readonly baseRate: number
  readonly brier: number
  /** 1 − Brier score over that of the base rate; null where all or none broke. */
  readonly skill: number | null
}

/** Forecasts of about the same probability. */
export interface Bin {
  readonly from: number
  readonly cases: number
  readonly forecast: number
  readonly broke: number
}

export interface Judgement {
  readonly day: number
  readonly all: Score
  /** Without those that had broken by then, which need no forecast. */
  readonly open: Score
  readonly reliability: readonly Bin[]
  /** Of those that broke later, and of which more likely than not it was forecast: when, against the 80 % interval. */
  readonly interval: { readonly cases: number; readonly inside: number; readonly early: number; readonly late: number }
}

export function judge(day: number, trials: readonly Trial[]): Judgement {
  const open = trials.filter(({ forecast }) => forecast.brokenAt === null)
  const interval = { cases: 0, inside: 0, early: 0, late: 0 }
  for (const { forecast, brokenAt } of open) {
    if (brokenAt === null || forecast.breaks === null || forecast.probability < 0.5) continue
    interval.cases++
    if (brokenAt < forecast.breaks.fromAt) interval.early++
    else if (brokenAt > forecast.breaks.untilAt) interval.late++
    else interval.inside++
  }
  return { day, all: scoreOf(trials), open: scoreOf(open), reliability: reliabilityOf(open), interval }
}

const broke = ({ brokenAt }: Trial): number => (brokenAt === null ? 0 : 1)

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

function scoreOf(trials: readonly Trial[]): Score {
  if (trials.length === 0) return { cases: 0, baseRate: 0, brier: 0, skill: null }
  const baseRate = meanOf(trials.map(broke))
  const brier = meanOf(trials.map((trial) => (trial.forecast.probability - broke(trial)) ** 2))
  const worst = baseRate * (1 - baseRate)
  return { cases: trials.length, baseRate, brier, skill: worst === 0 ? null : 1 - brier / worst }
}

const bounds = [0, 0.05, 0.2, 0.4, 0.6, 0.8, 0.95]

const reliabilityOf = (trials: readonly Trial[]): Bin[] =>
  bounds.flatMap((from, index) => {
    const below = bounds[index + 1] ?? Infinity
    const of = trials.filter(({ forecast: { probability } }) => probability >= from && probability < below)
    if (of.length === 0) return []
    return [
      {
        from,
        cases: of.length,
        forecast: meanOf(of.map(({ forecast }) => forecast.probability)),
        broke: meanOf(of.map(broke)),
      },
    ]
  })
