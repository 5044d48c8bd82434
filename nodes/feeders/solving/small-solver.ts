import solverModule from 'javascript-lp-solver'
import { NoOptimum } from '../domain/allocation/linear-program.ts'
import type { LinearProgram, LinearSolution, LinearSolver } from '../domain/allocation/linear-program.ts'

/** What its types call the module is, imported so, the solver itself. */
const solver = solverModule as unknown as typeof solverModule.default

/**
 * javascript-lp-solver, for small programs: a dense tableau, at hand at once. It solves from the beginning each time. It may stall at
 * a corner and call it the optimum: whoever uses it checks its duals, as `minimizeInOrder` does.
 */
export const smallSolver: LinearSolver = (program) => {
  let now = program
  return {
    minimize: (costs) => minimize(now, costs),
    bound: (bounds) => (now = { ...now, ...bounds }),
    close: () => undefined,
  }
}

/** Of a column: what the solver knows, which has no variables below 0: `x = offset + sign × variable`. */
interface Known {
  readonly variable: Variable | null
  readonly offset: number
  readonly sign: 1 | -1
}

type SmallModel = InstanceType<typeof solver.Model>
type Variable = ReturnType<SmallModel['addVariable']>
type Constraint = ReturnType<SmallModel['smallerThan']>

function minimize(program: LinearProgram, costs: Float64Array): LinearSolution {
  const { columnCount, rowCount, lower, upper, rowLower, rowUpper, starts, columns, values } = program
  const model = new solver.Model(1e-9)
  model.usePresolve = false
  model.minimize()
  const known: Known[] = []
  let mixed = false
  for (let column = 0; column < columnCount; column++) {
    const [from, to] = [lower[column]!, upper[column]!]
    if (from > to) throw new NoOptimum(`column ${column} has no value from ${from} to ${to}`)
    const free = from === -Infinity && to === Infinity
    const sign = from === -Infinity && !free ? -1 : 1
    const offset = free ? 0 : sign > 0 ? from : to
    if (from === to) {
      known.push({ variable: null, offset, sign })
      continue
    }
    const whole = program.integer[column] === 1
    mixed ||= whole
    const variable = model.addVariable(sign * costs[column]!, `x${column}`, whole, free)
    if (from > -Infinity && to < Infinity) model.smallerThan(to - from).addTerm(1, variable)
    known.push({ variable, offset, sign })
  }

  const below: (Constraint | null)[] = []
  const above: (Constraint | null)[] = []
  for (let row = 0; row < rowCount; row++) {
    let fixed = 0
    const terms: [number, Variable][] = []
    for (let at = starts[row]!; at < starts[row + 1]!; at++) {
      const { variable, offset, sign } = known[columns[at]!]!
      fixed += values[at]! * offset
      if (variable) terms.push([sign * values[at]!, variable])
    }
    const bound = (kind: 'smallerThan' | 'greaterThan', limit: number): Constraint | null => {
      if (!Number.isFinite(limit) || terms.length === 0) return null
      const constraint = model[kind](limit - fixed)
      for (const [value, variable] of terms) constraint.addTerm(value, variable)
      return constraint
    }
    below.push(bound('smallerThan', rowUpper[row]!))
    above.push(bound('greaterThan', rowLower[row]!))
  }
  if (model.nVariables > 0) {
    const { feasible, bounded } = model.solve()
    if (!feasible) throw new NoOptimum('no values keep to all bounds')
    if (!bounded) throw new NoOptimum('the objective has no bound')
  }

  const { matrix, width, rowByVarIndex, colByVarIndex } = model.tableau
  const valueOf = ({ index }: Variable): number => {
    const at = rowByVarIndex[index] ?? -1
    return at < 0 ? 0 : matrix[at * width]!
  }
  // The cost row has what the objective, as a maximum, gains by each slack.
  const gainOf = (constraint: Constraint | null): number => {
    const at = constraint ? (colByVarIndex[constraint.slack.index] ?? -1) : -1
    return at < 0 ? 0 : matrix[at]!
  }
  const x = Float64Array.from(known, ({ variable, offset, sign }) => offset + (variable ? sign * valueOf(variable) : 0))
  const objective = x.reduce((sum, value, column) => sum + value * costs[column]!, 0)
  if (mixed) return { objective, x, rowDuals: null, reducedCosts: null }
  const rowDuals = Float64Array.from(below, (upperOne, row) => gainOf(upperOne) - gainOf(above[row]!))
  const reducedCosts = costs.slice()
  for (let row = 0; row < rowCount; row++)
    for (let at = starts[row]!; at < starts[row + 1]!; at++) reducedCosts[columns[at]!]! -= values[at]! * rowDuals[row]!
  return { objective, x, rowDuals, reducedCosts }
}
