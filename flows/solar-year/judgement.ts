import type { AnomalyKind } from '../../nodes/solar/domain/detectors/anomaly.ts'
import type { FaultKind } from '../../simulator/plant/fault-kinds.ts'
import { yearOf, type YearOptions } from '../../simulator/plant/plant-year.ts'
import { judgedYear, type JudgedYear, type Scorer } from './judged-year.ts'
import { kindScores, type KindScore } from './kind-score.ts'
import { matched, type Matched } from './matching.ts'

/** How good the detectors are over some simulated years. */
export interface Judgement {
  readonly seeds: readonly number[]
  readonly panelMonths: number
  readonly kinds: readonly KindScore[]
  readonly falseAlarms: {
    readonly count: number
    readonly perPanelMonth: number
    readonly byName: Readonly<Partial<Record<AnomalyKind, number>>>
  }
  /** What panels with a fault were called besides or instead of its name: labels, by fault and name. */
  readonly calledOtherwise: Readonly<Partial<Record<FaultKind, Readonly<Partial<Record<AnomalyKind, number>>>>>>
  /** Calls of a fault's name on a panel that had another one, by name and fault; `nothing`: false alarms of the name. */
  readonly wronglyCalled: Readonly<Partial<Record<FaultKind, Readonly<Record<string, number>>>>>
}

const MONTH_MS = (365.2425 / 12) * 86_400_000

/**
 * Judges the detectors on a year of each seed.
 * @param scorerOf  a forest, anew for each year; none unless given
 * @param onYear    is told of each year that is through
 */
export function judgement(
  seeds: readonly number[],
  options: YearOptions,
  scorerOf: () => Scorer | undefined = () => undefined,
  onYear: (seed: number, year: JudgedYear) => void = () => {},
): Judgement {
  const years = seeds.map((seed) => {
    const year = judgedYear(yearOf(seed, options), scorerOf())
    onYear(seed, year)
    return year
  })
  return judged(seeds, years)
}

/** What calls are worth, of years or parts of them that were judged already. @param seeds  of them */
export function judged(seeds: readonly number[], years: readonly JudgedYear[]): Judgement {
  const matches = years.map(matched)
  const panelMonths = years.reduce((sum, { panels, from, to }) => sum + (panels * (to - from)) / MONTH_MS, 0)
  const falseAlarms = matches.flatMap((match) => match.falseAlarms)
  return {
    ...{ seeds, panelMonths, kinds: kindScores(matches, seeds[0] ?? 0) },
    falseAlarms: {
      count: falseAlarms.length,
      perPanelMonth: falseAlarms.length / panelMonths,
      byName: counted(falseAlarms.map(({ kind }) => kind)),
    },
    calledOtherwise: otherwiseOf(matches),
    wronglyCalled: wronglyOf(matches),
  }
}

function otherwiseOf(matches: readonly Matched[]): Judgement['calledOtherwise'] {
  const sums: Partial<Record<FaultKind, Partial<Record<AnomalyKind, number>>>> = {}
  for (const { calledOtherwise } of matches)
    for (const [fault, names] of calledOtherwise)
      for (const [name, count] of names) {
        const own = (sums[fault] ??= {})
        own[name] = (own[name] ?? 0) + count
      }
  return sums
}

function wronglyOf(matches: readonly Matched[]): Judgement['wronglyCalled'] {
  const byKind = Map.groupBy(
    matches.flatMap(({ wrong }) => wrong),
    ({ kind }) => kind,
  )
  return Object.fromEntries(
    [...byKind].map(([kind, wrong]) => [kind, counted(wrong.map(({ instead }) => instead ?? 'nothing'))]),
  )
}

const counted = <Word extends string>(words: readonly Word[]): Record<Word, number> =>
  Object.fromEntries([...Map.groupBy(words, (word) => word)].map(([word, same]) => [word, same.length])) as Record<
    Word,
    number
  >
