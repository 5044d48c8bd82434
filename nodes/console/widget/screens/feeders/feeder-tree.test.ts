import assert from 'node:assert/strict'
import { treeOf } from './feeder-tree.ts'

const byName = (one: string, other: string): number => one.localeCompare(other)
const shown = (feeders: readonly (readonly [string, string | null])[]): string[] =>
  treeOf(
    feeders.map(([feederId, parentFeederId]) => ({ feederId, parentFeederId })),
    byName,
  ).map(({ feeder, depth }) => '  '.repeat(depth) + feeder.feederId)

describe('the tree of feeders', () => {
  it('has each feeder below what it hangs on, by name', () => {
    assert.deepEqual(
      shown([
        ['f2', 'f0'],
        ['f1', 'f0'],
        ['f1a', 'f1'],
        ['f0', null],
        ['e9', null],
      ]),
      ['e9', 'f0', '  f1', '    f1a', '  f2'],
    )
  })

  it('leaves none out: not one whose parent is unknown, not those that hang on each other', () => {
    assert.deepEqual(
      shown([
        ['a', 'b'],
        ['b', 'a'],
        ['c', 'gone'],
      ]),
      ['c', 'a', '  b'],
    )
  })
})
