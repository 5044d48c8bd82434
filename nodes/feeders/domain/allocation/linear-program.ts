/**
 * A linear program with or without integers, for any solver: minimize `costs · x` for bounds on each x and on each row `a · x`.
 * Objectives come one after the other: a later one decides only what those before leave open.
 */
export interface LinearProgram {
  readonly columnCount: number
  readonly rowCount: number
  /** By column; −Infinity and Infinity: unbounded. */
  readonly lower: Float64Array
  readonly upper: Float64Array
  /** By column: 1 where only whole numbers will do. */
  readonly integer: Uint8Array
  /** By row, of its activity. */
  readonly rowLower: Float64Array
  readonly rowUpper: Float64Array
  /** Entries of row r: from `starts[r]` until `starts[r + 1]` of `columns` and `values`. */
  readonly starts: Int32Array
  readonly columns: Int32Array
  readonly values: Float64Array
}

/** What a solver says of one objective. */
export interface LinearSolution {
  readonly objective: number
  readonly x: Float64Array
  /**
   * By row and by column what the objective changes by when the bound that holds it rises by one; 0 where none holds it. Null where
   * integers decided: they have no prices.
   */
  readonly rowDuals: Float64Array | null
  readonly reducedCosts: Float64Array | null
}

/** An optimum that is there was not found, or none is: why. */
export class NoOptimum extends Error {
  override readonly name = 'NoOptimum'
}

/** A program in a solver, whose bounds may change between solves. */
export interface OpenProgram {
  /**
   * Minimizes within the bounds as they are now.
   * @throws NoOptimum
   */
  minimize(costs: Float64Array): LinearSolution
  /** Sets the bounds of columns and rows; what is solved next begins where the last solve ended. */
  bound(to: Pick<LinearProgram, 'lower' | 'upper' | 'rowLower' | 'rowUpper'>): void
  close(): void
}

export type LinearSolver = (program: LinearProgram) => OpenProgram

/** Prices nearer to 0 than this are 0: what solvers leave of them. */
const noPrice = 1e-6

/** How far a bound may be missed by what a solver returns, relative to it where that is more. */
const missTolerance = 1e-6

/**
 * Minimizes one objective after the other, each among the optima of those before. By construction, without weights: what has a price
 * after a solve stays where it is, since moving it would cost of that objective (complementary slackness); the rest stays free. Whole
 * numbers stay as the objective that came first chose them.
 * @returns the solution of each objective; the last is the one that counts
 * @throws NoOptimum if an objective has none, or a solver returns what its bounds do not allow
 */
export function minimizeInOrder(
  program: LinearProgram,
  objectives: readonly Float64Array[],
  solver: LinearSolver,
): LinearSolution[] {
  const open = solver(program)
  try {
    return minimizeOpen(open, program, objectives)
  } finally {
    open.close()
  }
}

/**
 * The same of a program that is open already, as `program` bounds it now; without integers, if it has been solved before. A solver that
 * has solved it in other bounds begins where that ended.
 * @throws NoOptimum
 */
export function minimizeOpen(
  open: OpenProgram,
  program: LinearProgram,
  objectives: readonly Float64Array[],
): LinearSolution[] {
  const { lower, upper, rowLower, rowUpper } = program
  const now = { lower: lower.slice(), upper: upper.slice(), rowLower: rowLower.slice(), rowUpper: rowUpper.slice() }
  open.bound(now)
  return objectives.map((costs, stage) => {
    const solution = settled(open, costs, program, now)
    const { x, rowDuals, reducedCosts } = solution
    const bounded = { ...program, ...now }
    const fault = missed(bounded, x) ?? unproved(bounded, solution)
    if (fault !== null) throw new NoOptimum(`objective ${stage}: ${fault}`)
    if (stage + 1 < objectives.length && rowDuals && reducedCosts) {
      keep(program, now, solution, rowDuals, reducedCosts)
      open.bound(now)
    }
    return solution
  })
}

type Bounds = { lower: Float64Array; upper: Float64Array; rowLower: Float64Array; rowUpper: Float64Array }

/** Solves; where integers decided, once more with these fixed, for the prices of the rest. */
function settled(open: OpenProgram, costs: Float64Array, program: LinearProgram, now: Bounds): LinearSolution {
  const solution = open.minimize(costs)
  if (solution.rowDuals) return solution
  program.integer.forEach((integer, column) => {
    if (!integer) return
    const whole = Math.round(solution.x[column]!)
    if (Math.abs(whole - solution.x[column]!) > missTolerance)
      throw new NoOptimum(`column ${column} is ${solution.x[column]}, which is no whole number`)
    now.lower[column] = whole
    now.upper[column] = whole
  })
  open.bound(now)
  return open.minimize(costs)
}

function keep(
  { columnCount, rowCount }: LinearProgram,
  now: Bounds,
  { x }: LinearSolution,
  rowDuals: Float64Array,
  reducedCosts: Float64Array,
): void {
  for (let column = 0; column < columnCount; column++) {
    if (Math.abs(reducedCosts[column]!) <= noPrice) continue
    const at = nearer(x[column]!, now.lower[column]!, now.upper[column]!)
    now.lower[column] = at
    now.upper[column] = at
  }
  for (let row = 0; row < rowCount; row++) {
    const price = rowDuals[row]!
    if (Math.abs(price) <= noPrice) continue
    // A price above 0 is that of the lower bound: more would cost more.
    if (price > 0) now.rowUpper[row] = now.rowLower[row]!
    else now.rowLower[row] = now.rowUpper[row]!
  }
}

const nearer = (value: number, one: number, other: number): number =>
  Math.abs(value - one) <= Math.abs(value - other) ? one : other

/** What a solution does not keep to, in words; null: nothing. The name that a solver gives its result is no proof. */
export function missed(
  { columnCount, rowCount, lower, upper, rowLower, rowUpper, starts, columns, values }: LinearProgram,
  x: Float64Array,
): string | null {
  if (x.length !== columnCount) return `${x.length} values of ${columnCount}`
  for (let column = 0; column < columnCount; column++)
    if (outside(x[column]!, lower[column]!, upper[column]!))
      return `column ${column} is ${x[column]}, outside ${lower[column]} to ${upper[column]}`
  for (let row = 0; row < rowCount; row++) {
    let activity = 0
    for (let at = starts[row]!; at < starts[row + 1]!; at++) activity += values[at]! * x[columns[at]!]!
    if (outside(activity, rowLower[row]!, rowUpper[row]!))
      return `row ${row} is ${activity}, outside ${rowLower[row]} to ${rowUpper[row]}`
  }
  return null
}

/**
 * Why duals do not prove that a solution within its bounds is an optimum, in words; null: they do. Each price must be that of a bound
 * that holds: then no other solution costs less (complementary slackness).
 */
export function unproved(
  { columnCount, rowCount, lower, upper, rowLower, rowUpper, starts, columns, values }: LinearProgram,
  { x, rowDuals, reducedCosts }: LinearSolution,
): string | null {
  if (!rowDuals || !reducedCosts) return null
  for (let column = 0; column < columnCount; column++)
    if (unheld(x[column]!, reducedCosts[column]!, lower[column]!, upper[column]!))
      return `column ${column} has the price ${reducedCosts[column]} at ${x[column]}, between its bounds`
  for (let row = 0; row < rowCount; row++) {
    if (Math.abs(rowDuals[row]!) <= noPrice) continue
    let activity = 0
    for (let at = starts[row]!; at < starts[row + 1]!; at++) activity += values[at]! * x[columns[at]!]!
    if (unheld(activity, rowDuals[row]!, rowLower[row]!, rowUpper[row]!))
      return `row ${row} has the price ${rowDuals[row]} at ${activity}, between its bounds`
  }
  return null
}

const unheld = (value: number, price: number, lower: number, upper: number): boolean =>
  price > noPrice ? !(value <= lower + miss(lower)) : price < -noPrice ? !(value >= upper - miss(upper)) : false

const outside = (value: number, lower: number, upper: number): boolean =>
  !(value >= lower - miss(lower) && value <= upper + miss(upper))

const miss = (bound: number): number => (Number.isFinite(bound) ? missTolerance * Math.max(1, Math.abs(bound)) : 0)

/** Puts a program together, column by column and row by row. */
export class ProgramBuilder {
  private readonly lower: number[] = []
  private readonly upper: number[] = []
  private readonly integer: number[] = []
  private readonly rowLower: number[] = []
  private readonly rowUpper: number[] = []
  private readonly starts: number[] = [0]
  private readonly columns: number[] = []
  private readonly values: number[] = []

  get columnCount(): number {
    return this.lower.length
  }

  boundsOf(column: number): { readonly from: number; readonly until: number } {
    return { from: this.lower[column]!, until: this.upper[column]! }
  }

  /** @returns its number */
  column(lower: number, upper: number, integer = false): number {
    this.upper.push(upper)
    this.integer.push(integer ? 1 : 0)
    return this.lower.push(lower) - 1
  }

  /**
   * @param entries each column at most once
   * @returns its number
   */
  row(lower: number, upper: number, entries: Iterable<readonly [column: number, value: number]>): number {
    for (const [column, value] of entries) {
      this.columns.push(column)
      this.values.push(value)
    }
    this.starts.push(this.columns.length)
    this.rowUpper.push(upper)
    return this.rowLower.push(lower) - 1
  }

  build(): LinearProgram {
    return {
      columnCount: this.lower.length,
      rowCount: this.rowLower.length,
      lower: Float64Array.from(this.lower),
      upper: Float64Array.from(this.upper),
      integer: Uint8Array.from(this.integer),
      rowLower: Float64Array.from(this.rowLower),
      rowUpper: Float64Array.from(this.rowUpper),
      starts: Int32Array.from(this.starts),
      columns: Int32Array.from(this.columns),
      values: Float64Array.from(this.values),
    }
  }
}
