import assert from 'node:assert/strict'
import { publishedPct } from './percentages.ts'

describe('a published percentage', () => {
  it('has two decimals, truncated or rounded', () => {
    for (const [exact, truncated, rounded] of [
      [8.0357142857, 8.03, 8.04],
      [9.3253968253, 9.32, 9.33],
      [2.976190476, 2.97, 2.98],
      // 8.29 × 100 is 828.9999999999999 in binary.
      [8.29, 8.29, 8.29],
      [0, 0, 0],
      [100, 100, 100],
    ] as const) {
      assert.equal(publishedPct(exact, 'truncated'), truncated)
      assert.equal(publishedPct(exact, 'rounded'), rounded)
    }
  })
})
