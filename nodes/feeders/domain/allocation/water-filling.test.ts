import assert from 'node:assert/strict'
import { problemOf } from './problem.fixture.ts'
import { layOut, lineCount } from './tree.ts'
import { fill, powerAt } from './water-filling.ts'
import type { Filling } from './water-filling.ts'

const tree = layOut(
  problemOf(
    [{ id: 'a' }, { id: 'b', parent: 'a' }],
    [
      { id: '1', feeder: 'b', kind: 'ev', phases: 'A', until: 9 },
      { id: '2', feeder: 'b', kind: 'ev', phases: 'B', until: 9 },
      { id: '3', feeder: 'a', kind: 'ev', phases: 'C', until: 9 },
    ],
  ),
)
const slotA = 0
const slotB = lineCount

interface Outcome {
  readonly powers: number[]
  readonly stoppedBy: number[]
  readonly off: [number, number][]
}

function filled(room: Record<number, number>, more: Partial<Filling> = {}): Outcome {
  const rooms = new Float64Array(2 * lineCount).fill(Infinity)
  for (const [slot, kw] of Object.entries(room)) rooms[Number(slot)] = kw
  const filling: Filling = {
    members: [0, 1, 2],
    floor: Float64Array.of(0, 0, 0),
    rate: Float64Array.of(1, 1, 1),
    start: Float64Array.of(0, 0, 0),
    until: Float64Array.of(9, 9, 9),
    room: rooms,
    need: null,
    joins: null,
    ...more,
  }
  const { level, stoppedBy, off } = fill(tree, filling)
  return {
    powers: filling.members.map((member) =>
      off.has(member) ? 0 : Math.round(powerAt(filling, member, level[tree.group[member]!]!) * 1e6) / 1e6,
    ),
    stoppedBy: filling.members.map((member) => stoppedBy[tree.group[member]!]!),
    off: [...off].sort(([one], [other]) => one - other),
  }
}

const rounded = (kw: number): number => Math.round(kw * 1e6) / 1e6

describe('water-filling', () => {
  it('gives all where there is room', () =>
    assert.deepEqual(filled({}), { powers: [9, 9, 9], stoppedBy: [-1, -1, -1], off: [] }))
  it('stops at the slot that is full first, and goes on elsewhere', () =>
    assert.deepEqual(filled({ [slotA]: 12, [slotB]: 4 }), {
      ...{ powers: [2, 2, 8], stoppedBy: [slotB, slotB, slotA], off: [] },
    }))
  it('goes by the rate', () =>
    assert.deepEqual(filled({ [slotA]: 12 }, { rate: Float64Array.of(1, 2, 3) }).powers, [2, 4, 6]))
  it('begins above the floor', () =>
    assert.deepEqual(
      filled({ [slotA]: 9 }, { floor: Float64Array.of(3, 0, 0), start: Float64Array.of(3, 0, 0) }).powers,
      [5, 2, 2],
    ))
  it('lets who has its least power wait until the others have as much', () => {
    const start = Float64Array.of(4, 0, 0)
    assert.deepEqual(filled({ [slotA]: 10 }, { start }).powers, [4, 3, 3])
    assert.deepEqual(filled({ [slotA]: 15 }, { start }).powers, [5, 5, 5])
  })
  it('leaves everybody at the start where there is not even room for that', () =>
    assert.deepEqual(filled({ [slotA]: 3 }, { start: Float64Array.of(2, 2, 0) }).powers, [2, 2, 0]))
  describe('of those who need a start to be on', () => {
    const start = Float64Array.of(2, 2, 2)
    const joins = Float64Array.of(2, 1, 2)
    const of = (kw: number, more: Partial<Filling> = {}) => {
      const { powers, off } = filled({ [slotA]: kw }, { start, joins, rate: Float64Array.of(1, 2, 1), ...more })
      return [powers, off]
    }
    it('lets everybody join whom the level comes to: 2 and 2 kW at their level 2, when the other has 4', () =>
      assert.deepEqual(of(8), [[2, 4, 2], []]))
    it('leaves off those for whom nothing is left then, and gives it to the others', () => {
      assert.deepEqual(of(7.9), [[7.9 / 3, 15.8 / 3, 0].map(rounded), [[2, slotA]]])
      assert.deepEqual(of(5), [
        [0, 5, 0],
        [
          [0, slotA],
          [2, slotA],
        ],
      ])
      assert.deepEqual(of(1), [
        [0, 0, 0],
        [
          [0, slotA],
          [1, slotA],
          [2, slotA],
        ],
      ])
    })
    it('lets one who joins earlier wait at its start until the level comes to it', () =>
      assert.deepEqual(of(5.5, { joins: Float64Array.of(1, 1, 2) }), [[2, 3.5, 0], [[2, slotA]]]))
    it('lets one who needs less join where there was too little for another', () =>
      assert.deepEqual(of(5, { start: Float64Array.of(3, 2, 1), joins: Float64Array.of(1.5, 1, 1.6) }), [
        [0, 10 / 3, 5 / 3].map(rounded),
        [[0, slotA]],
      ]))
    it('leaves off whoever is below a slot that others have filled', () =>
      assert.deepEqual(filled({ [slotA]: 9, [slotB]: 3 }, { start, joins: Float64Array.of(2, 1, 2) }).off, [
        [0, slotB],
      ]))
  })
  it('stops once what is needed is there, each need by those below it', () => {
    const need = new Float64Array(2 * lineCount)
    need[slotB] = 6
    assert.deepEqual(filled({}, { need }), { powers: [3, 3, 0], stoppedBy: [slotB, slotB, -1], off: [] })
    need[slotA] = 8
    assert.deepEqual(filled({}, { need }).powers, [3, 3, 2.666667])
  })
})
