import assert from 'node:assert/strict'
import { tooFullFor } from './least-powers.ts'
import { problemOf } from './problem.fixture.ts'
import { layOut } from './tree.ts'

describe('who can be on', () => {
  const tree = layOut(
    problemOf(
      [{ id: 'F', import: 5, limits: [{ line: 'A', kw: 3 }] }],
      [
        { id: '1', feeder: 'F', kind: 'ev', phases: 'A', until: 7 },
        { id: '2', feeder: 'F', kind: 'ev', phases: 'A', until: 7 },
        { id: '3', feeder: 'F', kind: 'ev', phases: 'B', until: 7 },
      ],
    ),
  )
  const off = (least: number[], rank: number[], has = [0, 0, 0]): [number, number][] => [
    ...tooFullFor(tree, {
      members: [0, 1, 2],
      has: Float64Array.from(has),
      least: Float64Array.from(least),
      rank: Float64Array.from(rank),
      room: tree.most,
    }),
  ]
  it('is everybody where all least powers fit', () => assert.deepEqual(off([1.5, 1.5, 2], [0, 0, 0]), []))
  it('is who ranks higher, and of equals the first', () => {
    assert.deepEqual(off([2, 2, 2], [0, 1, 0]), [[0, 1]])
    assert.deepEqual(off([2, 2, 2], [0, 0, 0]), [[1, 1]])
  })
  it('is one that comes later but still fits', () => assert.deepEqual(off([3, 1, 2], [2, 1, 0]), [[1, 1]]))
  it('counts what each has in any case', () => assert.deepEqual(off([2, 2, 2], [0, 1, 2], [2, 0, 0]), [[1, 0]]))
})
