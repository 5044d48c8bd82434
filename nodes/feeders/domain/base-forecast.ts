import { lines, type Line } from './allocation/problem.ts'
import { eachLine, largest, minus, toWatts, type ByLine } from './by-line.ts'
import type { SteeredAt } from './steered-history.ts'

/**
 * The load of a feeder that nobody steers, one interval ahead: what it was, with a margin of what such forecasts were wrong by. What
 * is not measured any more grows towards the highest, and down to the lowest, of the day before.
 */
export interface ForecastState {
  readonly feederId: string
  /** Its head, which measures also what is below and has no head of its own; or the meters of the units on it. */
  readonly by: 'head' | 'unit-meters'
  /** Of the newest measurement, UTC milliseconds. */
  readonly measuredAt: number
  readonly baseKw: ByLine
  /** What the last forecasts were too low by, kW; the oldest first. */
  readonly errorsKw: Readonly<Record<Line, readonly number[]>>
  /** Lowest and highest by hour, of the day up to `measuredAt`. */
  readonly hours: readonly { readonly from: number; readonly lowKw: ByLine; readonly highKw: ByLine }[]
  /** What was steered in the last rounds. */
  readonly steered: readonly SteeredAt[]
}

export interface Bounds {
  readonly lowKw: ByLine
  readonly highKw: ByLine
}

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const mostErrors = 40
/** Before it knows better, a forecast is wrong by a tenth. */
const enoughErrors = 10
const unknownMarginShare = 0.1
/** Of so many forecasts the margin holds: one single step of a load takes nothing from what is to be shared for an hour. */
const coveredShare = 0.95
/** What a meter itself may be wrong by. */
const leastMarginShare = 0.01

/** Takes in what was measured. @param forgetAfterMs  an error is told by measurements that are not further apart */
export function withMeasurement(
  before: ForecastState | undefined,
  {
    at,
    baseKw: measuredKw,
    ...measured
  }: Pick<ForecastState, 'feederId' | 'by' | 'baseKw' | 'steered'> & { at: number },
  forgetAfterMs: number,
): ForecastState {
  const baseKw = toWatts(measuredKw)
  const isNext = before !== undefined && at > before.measuredAt && at - before.measuredAt <= forgetAfterMs
  const error = isNext ? toWatts(minus(baseKw, before.baseKw)) : undefined
  const from = Math.floor(at / hourMs) * hourMs
  const hours = (before?.hours ?? []).filter((hour) => hour.from > from - dayMs && hour.from <= from)
  const present = hours.find((hour) => hour.from === from)
  const merged = {
    from,
    lowKw: eachLine((line) => Math.min(baseKw[line], present?.lowKw[line] ?? Infinity)),
    highKw: eachLine((line) => Math.max(baseKw[line], present?.highKw[line] ?? -Infinity)),
  }
  return {
    ...{ ...measured, measuredAt: at, baseKw },
    errorsKw: Object.fromEntries(
      lines.map((line) => [
        line,
        [...(before?.errorsKw[line] ?? []), ...(error ? [error[line]] : [])].slice(-mostErrors),
      ]),
    ) as Record<Line, number[]>,
    hours: [...hours.filter((hour) => hour !== present), merged],
  }
}

/** By how much the load may come out lower and higher than it was, kW, both at least 0. */
function marginOf({ baseKw, errorsKw }: ForecastState): { readonly downKw: ByLine; readonly upKw: ByLine } {
  const margin = (line: Line, sign: 1 | -1): number => {
    const errors = errorsKw[line]
    const share = errors.length < enoughErrors ? unknownMarginShare : leastMarginShare
    const sorted = errors.map((error) => Math.max(0, sign * error)).toSorted((one, other) => one - other)
    const covered = sorted[Math.ceil(coveredShare * sorted.length) - 1] ?? 0
    return Math.max(covered, share * Math.abs(baseKw[line]))
  }
  return { downKw: eachLine((line) => margin(line, -1)), upKw: eachLine((line) => margin(line, 1)) }
}

export function largestMarginKw(state: ForecastState): number {
  const { downKw, upKw } = marginOf(state)
  return Math.max(largest(downKw), largest(upKw))
}

/**
 * What it may be in the interval that begins.
 * @param lost  0: heard; 1: not for so long that the lowest and highest of the day before it was lost hold
 */
export function boundsOf(state: ForecastState, lost: number): Bounds {
  const { downKw, upKw } = marginOf(state)
  const { baseKw, hours } = state
  return {
    lowKw: eachLine((line) => {
      const low = baseKw[line] - downKw[line]
      return low + lost * Math.min(0, Math.min(...hours.map(({ lowKw }) => lowKw[line])) - low)
    }),
    highKw: eachLine((line) => {
      const high = baseKw[line] + upKw[line]
      return high + lost * Math.max(0, Math.max(...hours.map(({ highKw }) => highKw[line])) - high)
    }),
  }
}
