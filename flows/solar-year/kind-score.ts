import { faultKinds, type FaultKind } from '../../simulator/plant/fault-kinds.ts'
import { drawOf, type Draw } from '../../simulator/draw.ts'
import type { Matched } from './matching.ts'

/** A figure, and between what it lies nineteen times of twenty. */
export interface Estimate {
  readonly value: number
  readonly low: number
  readonly high: number
}

/** How well one kind of fault is found, over all judged years. Counts are of panels; panels of one cause stand or fall together. */
export interface KindScore {
  readonly kind: FaultKind
  readonly episodes: number
  readonly found: number
  readonly missed: number
  /** Calls of the kind's name on panels that had something else or nothing. */
  readonly wrong: number
  readonly precision: Estimate | null
  readonly recall: Estimate | null
  readonly f1: Estimate | null
  /** From the beginning of the fault, hours; null where none was found. */
  readonly delayHours: { readonly median: number; readonly p90: number } | null
  readonly repeats: number
}

/** What stands or falls together. */
interface Unit {
  readonly found: number
  readonly missed: number
  readonly wrong: number
}

const REPLICATES = 2_000
const HOUR_MS = 3_600_000

/**
 * Scores of every kind that was injected or called.
 * @param years  each with what became of its labels and calls
 * @param seed   of the bootstrap
 */
export function kindScores(years: readonly Matched[], seed: number): KindScore[] {
  return faultKinds.flatMap((kind) => {
    const episodes = years.flatMap((year) => year.episodes.filter((episode) => episode.kind === kind))
    const wrong = years.flatMap((year) => wrongUnits(year, kind))
    if (episodes.length === 0 && wrong.length === 0) return []
    const units = [...episodes.map(({ found, missed }) => ({ found, missed, wrong: 0 })), ...wrong]
    const sum = total(units)
    const delays = episodes.flatMap((episode) => episode.delays)
    const estimates = bootstrapped(units, drawOf(seed, `bootstrap/${kind}`))
    const repeats = years.reduce((count, year) => count + (year.repeats.get(kind) ?? 0), 0)
    return [{ kind, episodes: episodes.length, ...sum, ...estimates, delayHours: delayOf(delays), repeats }]
  })
}

/** Wrong calls of one kind; those that come within the same hour (a whole string, a whole plant) are one unit. */
function wrongUnits({ wrong }: Matched, kind: FaultKind): Unit[] {
  const own = wrong.filter((one) => one.kind === kind)
  const together = Map.groupBy(own, ({ call }) => Math.floor(call.foundAt / HOUR_MS))
  return [...together.values()].map((calls) => ({ found: 0, missed: 0, wrong: calls.length }))
}

type Figure = 'precision' | 'recall' | 'f1'

/** Figures with their 95 % intervals, by drawing units anew with replacement (percentiles). */
function bootstrapped(units: readonly Unit[], draw: Draw): Record<Figure, Estimate | null> {
  const values = figures(total(units))
  const drawn: Record<Figure, number[]> = { precision: [], recall: [], f1: [] }
  for (let replicate = 0; replicate < REPLICATES; replicate++) {
    const again = figures(total(units.map(() => units[Math.floor(draw.uniform() * units.length)]!)))
    for (const name of ['precision', 'recall', 'f1'] as const) if (again[name] !== null) drawn[name].push(again[name])
  }
  const estimate = (name: Figure): Estimate | null => {
    const sorted = drawn[name].toSorted((one, other) => one - other)
    return values[name] === null
      ? null
      : { value: values[name], low: quantile(sorted, 0.025), high: quantile(sorted, 0.975) }
  }
  return { precision: estimate('precision'), recall: estimate('recall'), f1: estimate('f1') }
}

/** Null where there is nothing to divide by: no calls, no labels. */
function figures({ found, missed, wrong }: Unit): Record<Figure, number | null> {
  return {
    precision: found + wrong === 0 ? null : found / (found + wrong),
    recall: found + missed === 0 ? null : found / (found + missed),
    f1: found + missed + wrong === 0 ? null : (2 * found) / (2 * found + missed + wrong),
  }
}

const total = (units: readonly Unit[]): Unit =>
  units.reduce(
    (sum, { found, missed, wrong }) => ({
      ...{ found: sum.found + found, missed: sum.missed + missed, wrong: sum.wrong + wrong },
    }),
    { found: 0, missed: 0, wrong: 0 },
  )

function delayOf(delays: readonly number[]): KindScore['delayHours'] {
  if (delays.length === 0) return null
  const sorted = delays.map((delay) => delay / HOUR_MS).toSorted((one, other) => one - other)
  return { median: quantile(sorted, 0.5), p90: quantile(sorted, 0.9) }
}

/** Nearest rank. @param sorted  not empty */
const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!
