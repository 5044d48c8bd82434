import { NoOptimum } from './linear-program.ts'
import type { LinearSolver } from './linear-program.ts'

const near = 1e-9

const zeros = (length: number): number[] => Array.from({ length }, () => 0)

/**
 * Linear programs by the simplex of the textbook (Chvátal, Linear Programming, chapters 2 and 3; Bland's rule): slow, without
 * integers, and nothing in common with the solvers in use.
 */
export const plainSimplex: LinearSolver = (program) => {
  let now = program
  return {
    bound: (bounds) => (now = { ...now, ...bounds }),
    close: () => undefined,
    minimize: (costs) => {
      const { columnCount, rowCount, lower, upper, rowLower, rowUpper, starts, columns, values } = now
      // x = shift + sign × y, y ≥ 0; what has no bound at all is the difference of two.
      const shift = Array.from(lower, (from, j) => (from > -Infinity ? from : upper[j]! < Infinity ? upper[j]! : 0))
      const parts: { readonly column: number; readonly sign: number }[] = []
      for (let column = 0; column < columnCount; column++) {
        if (lower[column]! > -Infinity) parts.push({ column, sign: 1 })
        else parts.push({ column, sign: -1 })
        if (lower[column] === -Infinity && upper[column] === Infinity) parts.push({ column, sign: 1 })
      }
      const rows: { readonly of: number[]; readonly bound: number; readonly row: number; readonly sign: number }[] = []
      const dense = Array.from({ length: rowCount }, (_, row) => {
        const all = zeros(columnCount)
        for (let at = starts[row]!; at < starts[row + 1]!; at++) all[columns[at]!]! += values[at]!
        return all
      })
      const add = (all: readonly number[], sign: number, bound: number, row: number): void => {
        if (!Number.isFinite(bound)) return
        const base = all.reduce((sum, value, column) => sum + value * shift[column]!, 0)
        rows.push({
          of: parts.map((part) => sign * all[part.column]! * part.sign),
          bound: sign * (bound - base),
          row,
          sign,
        })
      }
      dense.forEach((all, row) => {
        add(all, 1, rowUpper[row]!, row)
        add(all, -1, rowLower[row]!, row)
      })
      for (let column = 0; column < columnCount; column++) {
        const unit = Array.from({ length: columnCount }, (_, at) => (at === column ? 1 : 0))
        if (lower[column]! > -Infinity) add(unit, 1, upper[column]!, -1)
      }
      const gains = parts.map(({ column, sign }) => -costs[column]! * sign)
      const { y, prices } = maximize(
        rows.map(({ of }) => of),
        rows.map(({ bound }) => bound),
        gains,
      )
      const x = Float64Array.from(shift)
      parts.forEach(({ column, sign }, at) => (x[column]! += sign * y[at]!))
      const rowDuals = new Float64Array(rowCount)
      rows.forEach(({ row, sign }, at) => {
        if (row >= 0) rowDuals[row]! -= sign * prices[at]!
      })
      const reducedCosts = Float64Array.from(costs, (cost, column) =>
        dense.reduce((left, all, row) => left - all[column]! * rowDuals[row]!, cost),
      )
      return { objective: x.reduce((sum, value, column) => sum + value * costs[column]!, 0), x, rowDuals, reducedCosts }
    },
  }
}

/** Maximizes `gains · y` for `of · y ≤ bounds`, `y ≥ 0`. */
function maximize(
  of: readonly number[][],
  bounds: readonly number[],
  gains: readonly number[],
): { y: number[]; prices: number[] } {
  const [m, n] = [of.length, gains.length]
  // Columns: y, slacks, the artificial one of the first phase, and the right-hand side.
  const table = of.map((row, at) => [...row, ...of.map((_, slack) => (slack === at ? 1 : 0)), -1, bounds[at]!])
  const artificial = n + m
  const end = artificial + 1
  const basis = of.map((_, at) => n + at)
  const pivot = (cost: number[], row: number, column: number): void => {
    const by = table[row]![column]!
    table[row] = table[row]!.map((value) => value / by)
    for (const other of [...table.filter((_, at) => at !== row), cost]) {
      const factor = other[column]!
      if (factor !== 0) table[row].forEach((value, at) => (other[at]! -= factor * value))
    }
    basis[row] = column
  }
  const climb = (cost: number[], until: number): void => {
    for (;;) {
      const column = cost.findIndex((gain, at) => at < until && gain > near)
      if (column < 0) return
      let row = -1
      table.forEach((entries, at) => {
        if (entries[column]! <= near) return
        const step = entries[end]! / entries[column]!
        const best = row < 0 ? Infinity : table[row]![end]! / table[row]![column]!
        if (step < best - near || (step <= best + near && (row < 0 || basis[at]! < basis[row]!))) row = at
      })
      if (row < 0) throw new NoOptimum('unbounded')
      pivot(cost, row, column)
    }
  }
  const lowest = bounds.indexOf(Math.min(0, ...bounds))
  if (lowest >= 0 && bounds[lowest]! < 0) {
    const cost = zeros(end + 1)
    cost[artificial] = -1
    pivot(cost, lowest, artificial)
    climb(cost, artificial)
    if (cost[end]! > 1e-7) throw new NoOptimum('infeasible')
    const row = basis.indexOf(artificial)
    if (row >= 0) {
      const column = table[row]!.findIndex((value, at) => at < artificial && Math.abs(value) > near)
      if (column >= 0) pivot(cost, row, column)
    }
  }
  for (const row of table) row[artificial] = 0
  const cost = [...gains, ...zeros(m + 2)]
  basis.forEach((column, row) => {
    const factor = cost[column]!
    if (factor !== 0) table[row]!.forEach((value, at) => (cost[at]! -= factor * value))
  })
  climb(cost, artificial)
  const y = zeros(n)
  basis.forEach((column, row) => {
    if (column < n) y[column] = table[row]![end]!
  })
  return { y, prices: of.map((_, at) => -cost[n + at]!) }
}
