import assert from 'node:assert/strict'
import { rowsOf } from './rows.ts'

describe('rows', () => {
  it('are laid out one after the other, with a bit for each feature that is there', () => {
    const { values, present } = rowsOf(3, [
      [1, null, 3],
      [null, 0, null],
      [null, null, null],
    ])
    assert.deepEqual([...values], [1, 0, 3, 0, 0, 0, 0, 0, 0])
    assert.deepEqual([...present], [0b101, 0b010, 0])
  })

  for (const [width, rows, message] of [
    [0, [], /width is 0: rows have 1 to 8 features/],
    [9, [], /width is 9/],
    [2, [[1, 2], [1]], /row 1 has 1 features: it takes 2/],
    [2, [[1, NaN]], /feature 1 of row 0 is NaN/],
    [1, [[1], [-Infinity]], /feature 0 of row 1 is -Infinity/],
  ] as const)
    it(`are refused: ${message.source}`, () =>
      assert.throws(() => rowsOf(width, rows), { name: 'RangeError', message }))
})
