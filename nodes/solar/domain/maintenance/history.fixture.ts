import { drawsOf } from './draws.ts'
import type { RatioDay } from './trend.ts'

/** Days of a level by their index, with a little weather. */
export function historyOf(levelOf: (index: number) => number, days: number, sd = 0.006): RatioDay[] {
  const draws = drawsOf(17)
  return Array.from({ length: days }, (_, index) => ({
    day: 1_000 + index,
    ratio: levelOf(index) + sd * draws.normal(),
  }))
}

/** Energy of a panel that is expected to give 2 kWh every day. */
export const twoKwh = (): number => 2
