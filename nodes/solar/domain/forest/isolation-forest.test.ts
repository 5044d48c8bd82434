import assert from 'node:assert/strict'
import { averagePathLength, forestOf, leaf, type TreeNode } from './isolation-forest.ts'

const split = (feature: number, threshold: number, missingRight = false): TreeNode => ({
  ...{ feature, threshold, missingRight },
})
const end = (size: number): TreeNode => ({ size })

describe('a forest', () => {
  it('has its trees one after the other, each in preorder, with where its right sides begin', () => {
    const forest = forestOf(2, 8, [[split(0, 5), split(1, 2, true), end(1), end(3), end(4)], [end(8)]])
    assert.deepEqual([...forest.roots], [0, 5])
    assert.deepEqual([...forest.feature], [0, 1, leaf, leaf, leaf, leaf])
    assert.deepEqual([...forest.right], [4, 3, 0, 0, 0, 0])
    assert.deepEqual([...forest.missingRight], [0, 1, 0, 0, 0, 0])
    assert.deepEqual([...forest.size], [0, 0, 1, 3, 4, 8])
    // Depth of the leaf, and what more depth its rows would have taken to be told apart.
    const lengths = [5, 2, 2, 2 + averagePathLength(3), 1 + averagePathLength(4), averagePathLength(8)]
    assert.deepEqual([...forest.value], lengths)
  })

  for (const [what, width, sampleSize, trees, message] of [
    ['without trees', 2, 8, [], /number of trees is 0/],
    ['that has a tree without nodes', 2, 8, [[]], /tree 0 ends before its last leaf/],
    ['that ends too early', 2, 8, [[split(0, 1), end(1)]], /tree 0 ends before its last leaf/],
    ['that goes on', 2, 8, [[end(8)], [end(1), end(2)]], /tree 1 goes on behind its last leaf, node 0/],
    ['that splits by what is not there', 2, 8, [[split(2, 1), end(1), end(1)]], /feature of node 0 of tree 0 is 2/],
    ['without threshold', 2, 8, [[split(0, NaN), end(1), end(1)]], /threshold of node 0 of tree 0 is NaN/],
    ['with an empty leaf', 2, 8, [[end(0)]], /size of node 0 of tree 0 is 0/],
    ['with a leaf of more rows than there were', 2, 8, [[end(9)]], /size of node 0 of tree 0 is 9/],
    ['of rows without features', 0, 8, [[end(8)]], /width is 0/],
    ['of one row', 2, 1, [[end(1)]], /sampleSize is 1/],
  ] as const)
    it(`is refused ${what}`, () =>
      assert.throws(() => forestOf(width, sampleSize, trees), { name: 'RangeError', message }))
})

describe('the mean path length', () => {
  for (const [count, length] of [
    [0, 0],
    [1, 0],
    [2, 1],
    // Liu, Ting and Zhou (2008), equation 1, by hand: 2 (ln 255 + 0.5772156649) − 2 · 255 / 256.
    [256, 10.244_770_920_12],
  ] as const)
    it(`of ${count} rows is ${length}`, () => assert.ok(Math.abs(averagePathLength(count) - length) < 1e-11))
})
