import assert from 'node:assert/strict'
import { minimizeOpen, ProgramBuilder } from '../domain/allocation/linear-program.ts'
import { loadHighs } from './highs-solver.ts'

describe('HiGHS', () => {
  it('solves the same program again in other bounds', async () => {
    const builder = new ProgramBuilder()
    builder.column(0, 4)
    builder.column(0, 9)
    builder.row(-Infinity, 10, [
      [0, 1],
      [1, 1],
    ])
    const program = builder.build()
    const open = (await loadHighs())(program)
    const worth = Float64Array.of(-2, -1)
    try {
      assert.equal(minimizeOpen(open, program, [worth])[0]!.objective, -14)
      const closed = { ...program, upper: Float64Array.of(0, 9) }
      assert.equal(minimizeOpen(open, closed, [worth])[0]!.objective, -9)
      const torn = { ...program, lower: Float64Array.of(4, 7) }
      assert.throws(() => minimizeOpen(open, torn, [worth]), {
        name: 'NoOptimum',
        message: 'HiGHS ended with infeasible',
      })
      assert.equal(minimizeOpen(open, program, [worth])[0]!.objective, -14)
    } finally {
      open.close()
    }
  })

  it('solves nothing once it is closed', async () => {
    const builder = new ProgramBuilder()
    builder.column(0, 1)
    const open = (await loadHighs())(builder.build())
    open.close()
    assert.throws(() => open.minimize(Float64Array.of(1)), { name: 'HighsDisposedError' })
  })
})
