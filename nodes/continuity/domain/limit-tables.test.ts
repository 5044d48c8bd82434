import assert from 'node:assert/strict'
import { limitTables } from './limit-tables.ts'

describe("the norm's tables of individual limits", () => {
  for (const { source, value } of limitTables) {
    const name = `${value.voltageClass} ${value.area}`
    it(`${name}: rows follow one another without a gap, as far as they are legible`, () => {
      const ranges = value.rows.map(({ range }) => range)
      for (const [index, range] of ranges.entries()) {
        if (range) assert.ok(range[0] < range[1])
        const next = ranges[index + 1]
        if (range && next) assert.equal(next[0], range[1])
      }
      assert.equal(ranges.at(-1)![1], Infinity)
    })

    it(`${name}: allow more where the conjunto's limit allows more`, () => {
      for (const [index, row] of value.rows.entries())
        for (const key of ['dicH', 'fic', 'dmicH', 'dicriH', 'diseH'] as const)
          assert.ok(row[key] <= (value.rows[index + 1] ?? row)[key], `${key} of row ${index + 1}`)
    })

    it(`${name}: say how sure they are`, () => assert.match(source, /reconstructed|legible/))
  }
})
