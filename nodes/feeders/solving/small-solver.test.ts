import assert from 'node:assert/strict'
import fc from 'fast-check'
import { arbitraryProgram } from './arbitrary-program.fixture.ts'
import { minimizeInOrder, missed, NoOptimum, ProgramBuilder, unproved } from '../domain/allocation/linear-program.ts'
import type { LinearProgram, LinearSolution, LinearSolver } from '../domain/allocation/linear-program.ts'
import { plainSimplex } from '../domain/allocation/plain-simplex.fixture.ts'
import { loadHighs } from './highs-solver.ts'
import { smallSolver } from './small-solver.ts'

const valuesBy = (solver: LinearSolver, program: LinearProgram, objectives: Float64Array[]): number[] | null => {
  try {
    return minimizeInOrder(program, objectives, solver).map(({ objective }) => objective)
  } catch (error) {
    assert.ok(error instanceof NoOptimum, String(error))
    return null
  }
}

describe('the solvers', () => {
  let solvers: Record<string, LinearSolver>
  before(async () => (solvers = { highs: await loadHighs(), small: smallSolver }))

  it('agree with each other and with the textbook, also that there is no solution (property)', () => {
    let solved = 0
    fc.assert(
      fc.property(arbitraryProgram, ({ program, objectives }) => {
        const expected = valuesBy(plainSimplex, program, objectives)
        if (expected) solved++
        for (const [name, solver] of Object.entries(solvers)) {
          const values = valuesBy(solver, program, objectives)
          assert.equal(values === null, expected === null, `${name}: ${String(values)} for ${String(expected)}`)
          expected?.forEach((value, stage) =>
            assert.ok(Math.abs(value - values![stage]!) < 1e-5, `${name}: ${values![stage]} for ${value}`),
          )
        }
      }),
      { numRuns: 300 },
    )
    assert.ok(solved > 60, `only ${solved} programs had a solution`)
  })

  it('turn on what is worth most where not all fits, by whole numbers', () => {
    for (const [name, solver] of Object.entries(solvers)) {
      // 10 kW for three that need 4, 5 and 6 kW or nothing, and are worth as much.
      const builder = new ProgramBuilder()
      const on = [4, 5, 6].map(() => builder.column(0, 1, true))
      builder.row(
        -Infinity,
        10,
        [4, 5, 6].map((kw, at) => [on[at]!, kw] as const),
      )
      const [solution] = minimizeInOrder(builder.build(), [Float64Array.of(-4, -5, -6)], solver)
      assert.equal(solution!.objective, -10, name)
      assert.deepEqual([...solution!.x], [1, 0, 1], name)
    }
  })

  it('say that there is no bound', () => {
    for (const solver of Object.values(solvers)) {
      const builder = new ProgramBuilder()
      builder.column(-Infinity, Infinity)
      assert.throws(() => minimizeInOrder(builder.build(), [Float64Array.of(1)], solver), NoOptimum)
    }
  })

  it('solve what has neither columns nor rows', () => {
    for (const solver of Object.values(solvers))
      assert.equal(minimizeInOrder(new ProgramBuilder().build(), [new Float64Array(0)], solver)[0]!.objective, 0)
  })

  it('begin anew from values below zero and above, and from none', () => {
    for (const [name, solver] of Object.entries(solvers)) {
      const builder = new ProgramBuilder()
      builder.column(-Infinity, 3)
      builder.column(-5, -2)
      builder.column(-Infinity, Infinity)
      builder.row(0, 0, [
        [0, 1],
        [1, 1],
        [2, 1],
      ])
      builder.row(-4, Infinity, [[2, 1]])
      const [solution] = minimizeInOrder(builder.build(), [Float64Array.of(-1, 0, 1)], solver)
      assert.ok(Math.abs(solution!.objective + 4) < 1e-6, `${name}: ${solution!.objective}`)
    }
  })

  it('never makes an earlier objective worse, whatever comes after it (property)', () => {
    fc.assert(
      fc.property(arbitraryProgram, ({ program, objectives }) => {
        let solutions: LinearSolution[]
        try {
          solutions = minimizeInOrder(program, objectives, smallSolver)
        } catch (error) {
          assert.ok(error instanceof NoOptimum)
          return
        }
        const { x } = solutions.at(-1)!
        assert.equal(missed(program, x), null)
        const first = objectives[0]!.reduce((sum, cost, column) => sum + cost * x[column]!, 0)
        assert.ok(Math.abs(first - solutions[0]!.objective) < 1e-5, `${first} after ${solutions[0]!.objective}`)
      }),
    )
  })

  it('proves itself an optimum by its duals (property: strong duality)', () => {
    fc.assert(
      fc.property(arbitraryProgram, ({ program, objectives: [objective] }) => {
        let solution: LinearSolution
        try {
          solution = smallSolver(program).minimize(objective!)
        } catch {
          return
        }
        assert.equal(unproved(program, solution), null)
        const { lower, upper, rowLower, rowUpper } = program
        const held = (price: number, from: number, until: number): number =>
          Math.abs(price) < 1e-7 ? 0 : price * (price > 0 ? from : until)
        const bound =
          solution.rowDuals!.reduce((sum, price, row) => sum + held(price, rowLower[row]!, rowUpper[row]!), 0) +
          solution.reducedCosts!.reduce((sum, price, column) => sum + held(price, lower[column]!, upper[column]!), 0)
        assert.ok(Math.abs(bound - solution.objective) < 1e-5, `${bound} is not ${solution.objective}`)
      }),
    )
  })
})
