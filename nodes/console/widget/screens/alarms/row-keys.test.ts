import assert from 'node:assert/strict'
import { rowAfter, rowDeed } from './row-keys.ts'

describe('keys in the list of alarms', () => {
  it('lead from row to row, and not beyond the first and the last', () => {
    const from3of20 = ['ArrowDown', 'ArrowUp', 'PageDown', 'PageUp', 'Home', 'End'].map((key) => rowAfter(key, 3, 20))
    assert.deepEqual(from3of20, [4, 2, 13, 0, 0, 19])
    assert.deepEqual([rowAfter('ArrowUp', 0, 20), rowAfter('ArrowDown', 19, 20)], [undefined, undefined])
    assert.deepEqual([rowAfter('x', 3, 20), rowAfter('Home', 0, 0)], [undefined, undefined])
  })

  it('act on the row, capital or not', () => {
    assert.deepEqual(
      ['Enter', ' ', 'a', 'A', 's', 'S', 'd'].map((key) => rowDeed(key)),
      ['open', 'select', 'acknowledge', 'acknowledge', 'shelve', 'shelve', undefined],
    )
  })
})
