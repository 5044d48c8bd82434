import assert from 'node:assert/strict'
import { minimizeInOrder, NoOptimum, ProgramBuilder } from './linear-program.ts'
import type { LinearSolution, LinearSolver } from './linear-program.ts'
import { plainSimplex } from './plain-simplex.fixture.ts'

/** Two devices share 10 kW; the second takes at least 1 kW. */
function shared(): ProgramBuilder {
  const builder = new ProgramBuilder()
  builder.column(0, 8)
  builder.column(1, 8)
  builder.row(-Infinity, 10, [
    [0, 1],
    [1, 1],
  ])
  return builder
}
const costs = (...values: number[]): Float64Array => Float64Array.from(values)

describe('one objective after the other', () => {
  it('decides only what those before leave open', () => {
    const [most, cheapest] = minimizeInOrder(shared().build(), [costs(-1, -1), costs(2, 1)], plainSimplex)
    assert.equal(most!.objective, -10)
    assert.deepEqual([...cheapest!.x], [2, 8])
  })

  it('prices a row by what one more of it would save', () => {
    const [solution] = minimizeInOrder(shared().build(), [costs(-3, -2)], plainSimplex)
    assert.deepEqual([...solution!.x], [8, 2])
    assert.deepEqual([...solution!.rowDuals!], [-2])
    assert.deepEqual([...solution!.reducedCosts!], [-1, 0])
  })

  it('has no optimum where no values keep to the bounds, and says so', () => {
    const builder = shared()
    builder.row(20, Infinity, [[0, 1]])
    assert.throws(() => minimizeInOrder(builder.build(), [costs(1, 1)], plainSimplex), NoOptimum)
  })
})

describe('what a solver returns', () => {
  const program = shared().build()
  const returning =
    (solution: Partial<LinearSolution>): LinearSolver =>
    () => ({
      minimize: () => ({ objective: 0, x: costs(0, 1), rowDuals: costs(0), reducedCosts: costs(0, 0), ...solution }),
      bound: () => undefined,
      close: () => undefined,
    })

  for (const [what, solution, fault] of [
    ['beyond the bound of a column', { x: costs(9, 1) }, /column 0 is 9, outside 0 to 8/],
    ['beyond the bound of a row', { x: costs(8, 8) }, /row 0 is 16, outside -Infinity to 10/],
    ['no number', { x: costs(Number.NaN, 1) }, /column 0 is NaN/],
    ['too short', { x: costs(1) }, /1 values of 2/],
    ['priced where no bound holds it', { x: costs(4, 1), reducedCosts: costs(1, 0) }, /column 0 has the price 1 at 4/],
    ['priced in a row that is not full', { rowDuals: costs(-1) }, /row 0 has the price -1 at 1/],
  ] as const) {
    it(`is no optimum if it is ${what}`, () =>
      assert.throws(() => minimizeInOrder(program, [costs(1, 1)], returning(solution)), fault))
  }
})
