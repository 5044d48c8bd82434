import { lines, type Line, type Phase } from './allocation/problem.ts'

/** A quantity by line: of all phases, and of each. */
export type ByLine = Readonly<Record<Line, number>>

export const eachLine = (of: (line: Line) => number): ByLine => ({
  total: of('total'),
  A: of('A'),
  B: of('B'),
  C: of('C'),
})

export const nothing: ByLine = eachLine(() => 0)

export const plus = (one: ByLine, other: ByLine, factor = 1): ByLine =>
  eachLine((line) => one[line] + factor * other[line])

export const minus = (one: ByLine, other: ByLine): ByLine => plus(one, other, -1)

/** A power that is shared equally by phases. */
export const onPhases = (kw: number, phases: readonly Phase[]): ByLine =>
  eachLine((line) => (line === 'total' ? kw : phases.includes(line) ? kw / phases.length : 0))

/** To a watt: what is kept and compared. */
export const toWatts = (value: ByLine): ByLine => eachLine((line) => Math.round(value[line] * 1_000) / 1_000 + 0)

export const largest = (value: ByLine): number => lines.reduce((most, line) => Math.max(most, Math.abs(value[line])), 0)
