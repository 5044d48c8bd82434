import assert from 'node:assert/strict'
import type { Direction, Line, LimitInForce, LineLoad } from './answers.ts'
import { lineRows } from './line-rows.ts'

const limit = (line: Line, direction: Direction, limitKw: number, source = 'registry'): LimitInForce => ({
  ...{ line, direction, limitKw, source, expiresAt: null },
})
const load = (line: Line, lowKw: number, highKw: number): LineLoad => ({
  ...{ feederId: 'f1', line, lowKw, highKw, importLimitKw: null, exportLimitKw: null, violationKw: 0 },
})

describe('the lines of a feeder', () => {
  it('have the least of the limits in force, each way', () => {
    const [total, a] = lineRows(
      [limit('total', 'import', 80), limit('total', 'import', 20, 'limit:3'), limit('total', 'export', 80)],
      [load('total', 8, 12)],
    )
    assert.deepEqual([total!.import?.source, total!.export?.limitKw, total!.load?.highKw], ['limit:3', 80, 12])
    assert.deepEqual([a!.load, a!.import, a!.drawn], [null, null, null])
  })

  it('are drawn by the side that is nearer to its limit', () => {
    const both = [limit('A', 'import', 10), limit('A', 'export', 10)]
    const drawn = (lowKw: number, highKw: number) => lineRows(both, [load('A', lowKw, highKw)])[1]!.drawn
    assert.deepEqual(drawn(-2, 6), { kw: 6, limitKw: 10 })
    assert.deepEqual(drawn(-8, 6), { kw: 8, limitKw: 10 })
    assert.deepEqual(drawn(1, 2), { kw: 2, limitKw: 10 })
  })

  it('are full where nothing may flow and something does', () => {
    const none = lineRows([limit('total', 'import', 0)], [load('total', 0, 1)])[0]!.drawn
    assert.deepEqual(none, { kw: 1, limitKw: 0 })
  })
})
