import assert from 'node:assert/strict'
import { textTable } from './text-table.ts'

describe('a table for people', () => {
  it('has names to the left and numbers to the right, without blanks at the end', () => {
    const rows = [
      ['name', 'count', 'note'],
      ['a', '1', ''],
      ['longer', '1000', 'x'],
    ]
    assert.equal(textTable(rows, 1), ['name    count  note', 'a           1', 'longer   1000     x'].join('\n'))
  })
})
