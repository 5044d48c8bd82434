import assert from 'node:assert/strict'
import { courseOf } from './course.ts'
import { problemOf } from './problem.fixture.ts'
import { layOut, lineCount } from './tree.ts'

describe('the course of a filling', () => {
  const tree = layOut(
    problemOf(
      [
        { id: 'a', import: 9 },
        { id: 'b', parent: 'a', import: 3, limits: [{ line: 'A', kw: 2 }] },
      ],
      [{ id: 'ev', feeder: 'b', kind: 'ev', phases: 'AB', until: 7 }],
    ),
  )
  const most = Float64Array.of(5)
  const present = Uint8Array.of(1)

  it('has the rooms that all below could fill, and how much of each kW comes there', () => {
    const { slots, bound, places, shares } = courseOf(tree, most, present, tree.most, null, 1e-9)
    // 5 kW do not fill the 9 of a; they could fill the 3 of b, and half of them the 2 of its phase A.
    assert.deepEqual(
      [slots, bound],
      [
        [lineCount, lineCount + 1],
        [3, 2],
      ],
    )
    assert.deepEqual(
      [places, shares],
      [
        [0, 1],
        [1, 0.5],
      ],
    )
  })
  it('has nothing where all have room', () =>
    assert.deepEqual(courseOf(tree, Float64Array.of(2.5), present, tree.most, null, 1e-9).slots, []))
  it('has needs after the rooms', () => {
    const need = new Float64Array(tree.most.length)
    need[0] = 4
    const { slots, needsFrom, bound } = courseOf(tree, most, present, tree.most, need, 1e-9)
    assert.deepEqual([slots, needsFrom, bound], [[lineCount, lineCount + 1, 0], 2, [3, 2, 4]])
  })
})
