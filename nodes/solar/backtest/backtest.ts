import { maintenanceForecast, usualQuestion, type MaintenanceForecast } from '../domain/maintenance/forecast.ts'
import type { SimulatedHistory } from './simulated-history.ts'

/** How the band did so many days ahead. */
export interface BandScore {
  /** First and last of the days ahead. */
  readonly from: number
  readonly until: number
  /** Held-out days. */
  readonly days: number
  readonly inside: number
  readonly below: number
  readonly above: number
  /** Mean width of the band. */
  readonly width: number
}

/** How forecast crossings did, of panels above their threshold to which nobody came within the horizon. */
export interface CrossingScore {
  readonly forecasts: number
  /** Crossed within the 90 % interval, or not at all where that does not end within the horizon. */
  readonly inside: number
  /** Crossed before the interval, and after it or not at all. */
  readonly early: number
  readonly late: number
  /** Share that was expected to cross within the horizon, and that did. */
  readonly expectedShare: number
  readonly seenShare: number
}

export interface MaintenanceBacktest {
  readonly of: string
  readonly histories: number
  readonly forecasts: number
  readonly bands: readonly BandScore[]
  readonly crossing: CrossingScore
}

export interface BacktestChoices {
  readonly horizonDays: number
  /** Between two forecasts of a history. */
  readonly everyDays: number
  readonly courses: number
}

export const usualChoices: BacktestChoices = { horizonDays: 60, everyDays: 60, courses: 200 }

/** History that the first forecast of a panel has. */
const leastDays = 45
const bandWidth = 15

/**
 * Forecasts histories as if each of their days were the last one known, and holds the forecasts against the days that came. A day
 * after a visit or a new fault is not held against a forecast: it says what comes if nobody is there and nothing breaks.
 */
export function backtestOf(
  of: string,
  histories: Iterable<SimulatedHistory>,
  { horizonDays, everyDays, courses }: BacktestChoices,
): MaintenanceBacktest {
  const tallies = Array.from({ length: Math.ceil(horizonDays / bandWidth) }, () => ({
    ...{ days: 0, inside: 0, below: 0, above: 0, width: 0 },
  }))
  const crossing = { inside: 0, early: 0, late: 0, forecasts: 0, expected: 0, seen: 0 }
  const counts = { histories: 0, forecasts: 0 }
  const bandDays = Array.from({ length: horizonDays }, (_, index) => index + 1)
  const question = { ...usualQuestion, horizonDays, bandDays, courses, expectedKwh: () => 1 }
  for (const history of histories) {
    counts.histories++
    const { days, works, faults } = history
    const upsets = [...works.map(({ day }) => day), ...faults]
    for (let known = leastDays; known < days.length; known += everyDays) {
      const last = days[known - 1]!.day
      const past = works.filter(({ day }) => day <= last)
      const forecast = maintenanceForecast(days.slice(0, known), past, { ...question, seed: known })
      if (!forecast) continue
      counts.forecasts++
      const until = Math.min(last + horizonDays, ...upsets.filter((day) => day > last).map((day) => day - 1))
      for (let index = known; index < days.length && days[index]!.day <= until; index++) {
        const { day, ratio } = days[index]!
        const { from, until: high } = forecast.band[day - last - 1]!
        const tally = tallies[Math.floor((day - last - 1) / bandWidth)]!
        tally.days++
        tally.width += high - from
        if (ratio < from) tally.below++
        else if (ratio > high) tally.above++
        else tally.inside++
      }
      if (until === last + horizonDays) holdCrossing(forecast, history, last, horizonDays, crossing)
    }
  }
  const { forecasts, expected, seen, ...crossed } = crossing
  return {
    ...{ of, ...counts },
    bands: tallies.map(({ width, ...tally }, index) => ({
      ...{ from: index * bandWidth + 1, until: Math.min(horizonDays, (index + 1) * bandWidth) },
      ...tally,
      width: tally.days === 0 ? 0 : width / tally.days,
    })),
    crossing: {
      ...{ ...crossed, forecasts },
      expectedShare: forecasts === 0 ? 0 : expected / forecasts,
      seenShare: forecasts === 0 ? 0 : seen / forecasts,
    },
  }
}

/** Whether and when the level crossed, without weather, against what was forecast. */
function holdCrossing(
  forecast: MaintenanceForecast,
  { days, levels }: SimulatedHistory,
  last: number,
  horizonDays: number,
  tally: { inside: number; early: number; late: number; forecasts: number; expected: number; seen: number },
): void {
  const { crossing, threshold } = forecast
  if (levels.get(last)! <= threshold || days.at(-1)!.day < last + horizonDays) return
  tally.forecasts++
  tally.expected += crossing.chance
  const crossedOn = days.find(({ day }) => day > last && day <= last + horizonDays && levels.get(day)! <= threshold)
  if (crossedOn) tally.seen++
  const after = crossedOn ? crossedOn.day - last : Infinity
  if (after < (crossing.from ?? Infinity)) tally.early++
  else if (after > (crossing.until ?? Infinity)) tally.late++
  else tally.inside++
}

/** Of all days ahead. */
export function coverageOf({ bands }: Pick<MaintenanceBacktest, 'bands'>): { days: number; share: number } {
  const days = bands.reduce((sum, band) => sum + band.days, 0)
  return { days, share: days === 0 ? 0 : bands.reduce((sum, { inside }) => sum + inside, 0) / days }
}
