import highsModule, { type Highs } from 'highs'
import type { Feeder } from '../../../nodes/feeders/domain/allocation/problem.ts'
import { limitedLines } from './lines-in-use.ts'
import type { Stay, TimeLine } from './stays.ts'

/** What its types call the module is, imported so, the function itself. */
const loadHighs = highsModule as unknown as typeof highsModule.default

let started: Promise<Highs> | undefined

/**
 * The most energy that anybody could have delivered who knew every arrival beforehand: one linear program over all time, without
 * least currents and steps, so that no method can do better.
 *
 * Between two changes of who is there, power may as well be steady (the mean of any feasible course is feasible), so a variable
 * stands for a stay and such a stretch, not for each interval. Stretches in which nobody is there part the whole into programs of
 * their own.
 * @returns kWh by session
 */
export async function offlineOptimum(feeders: readonly Feeder[], line: TimeLine): Promise<Map<string, number>> {
  const highs = await (started ??= loadHighs())
  const delivered = new Map<string, number>(line.stays.map(({ session }) => [session.id, 0]))
  for (const together of presentTogether(line.stays))
    for (const [id, kwh] of solve(highs, feeders, together, line.intervalMs / 3_600_000)) delivered.set(id, kwh)
  return delivered
}

/** Groups of stays with nobody there between one and the next. */
function presentTogether(stays: readonly Stay[]): Stay[][] {
  const groups: Stay[][] = []
  let until = -Infinity
  for (const stay of stays
    .filter(({ from, until: end }) => end > from)
    .toSorted((one, other) => one.from - other.from)) {
    if (stay.from >= until) groups.push([])
    groups.at(-1)!.push(stay)
    until = Math.max(until, stay.until)
  }
  return groups
}

/** Coefficients of one row by column. */
type RowEntries = [column: number, value: number][]

function solve(highs: Highs, feeders: readonly Feeder[], stays: readonly Stay[], hours: number): Map<string, number> {
  const { limits, usesOf } = limitedLines(feeders)
  const edges = [...new Set(stays.flatMap(({ from, until }) => [from, until]))].toSorted((one, other) => one - other)
  const upper: number[] = []
  const ofStay: RowEntries[] = stays.map(() => [])
  const rows: RowEntries[] = []
  const bounds: number[] = []
  for (const [index, from] of edges.slice(0, -1).entries()) {
    const stretchHours = (edges[index + 1]! - from) * hours
    const onLimit: RowEntries[] = limits.map(() => [])
    for (const [place, { session, from: begin, until }] of stays.entries()) {
      if (from < begin || from >= until) continue
      const column = upper.push(session.maxKw * stretchHours) - 1
      ofStay[place]!.push([column, 1])
      for (const { limit, share } of usesOf(session.feederId, session.phases)) onLimit[limit]!.push([column, share])
    }
    for (const [limit, entries] of onLimit.entries()) {
      const bound = limits[limit]!.limitKw * stretchHours
      if (entries.reduce((sum, [column, share]) => sum + upper[column]! * share, 0) <= bound) continue
      rows.push(entries)
      bounds.push(bound)
    }
  }
  for (const [place, { session }] of stays.entries()) {
    rows.push(ofStay[place]!)
    bounds.push(session.energyKwh)
  }
  const energy = maximize(highs, upper, rows, bounds)
  return new Map(
    stays.map(({ session }, place) => [session.id, ofStay[place]!.reduce((sum, [column]) => sum + energy[column]!, 0)]),
  )
}

/** The columns with the greatest sum, each from 0 to its upper bound, each row at most its own. */
function maximize(
  highs: Highs,
  upper: readonly number[],
  rows: readonly RowEntries[],
  bounds: readonly number[],
): Float64Array {
  const starts = [0]
  for (const row of rows) starts.push(starts.at(-1)! + row.length)
  const program = {
    numCols: upper.length,
    numRows: rows.length,
    sense: highs.constants.objectiveSense.maximize,
    colCost: upper.map(() => 1),
    colLower: upper.map(() => 0),
    colUpper: upper,
    rowLower: rows.map(() => -highs.infinity),
    rowUpper: bounds,
    matrix: {
      format: 'csr',
      numRows: rows.length,
      numCols: upper.length,
      starts,
      indices: rows.flatMap((row) => row.map(([column]) => column)),
      values: rows.flatMap((row) => row.map(([, value]) => value)),
    },
  } as const
  return highs.withModel(program, (model) => {
    model.options.set({ output_flag: false })
    model.run()
    const status = model.getModelStatus()
    if (status !== highs.constants.modelStatus.optimal)
      throw new Error(`the offline optimum cannot be found: HiGHS ends with status ${status}`)
    return model.getSolution().colValue
  })
}
