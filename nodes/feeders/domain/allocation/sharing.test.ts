import assert from 'node:assert/strict'
import { problemOf } from './problem.fixture.ts'
import { atRest, causes, importOrShed, mostOf, raise, roomFor } from './sharing.ts'
import { layOut } from './tree.ts'

describe('an allocation in the making', () => {
  const problem = problemOf(
    [{ id: 'F', import: 10 }],
    [
      { id: '1', feeder: 'F', kind: 'ev', until: 7 },
      { id: '2', feeder: 'F', kind: 'pv', from: -2 },
    ],
    [{ id: 't', feeder: 'F', until: 3 }],
  )
  const tree = layOut(problem)

  it('begins with the sun and nobody charging', () => assert.deepEqual([...atRest(tree).powers], [0, -2]))
  it('counts shed targets where it is told to', () => {
    assert.equal(mostOf(tree, false)[0], 10)
    assert.equal(mostOf(tree, true)[0], 3)
    assert.equal(importOrShed(tree, 0), causes.shed)
    assert.equal(importOrShed(tree, 1), causes.import)
  })
  it('leaves room for others, and writes down what stopped whom', () => {
    const sharing = atRest(tree)
    const room = roomFor(sharing, [0], mostOf(tree, true))
    assert.equal(room[0], 5)
    const nothing = new Float64Array(2)
    raise(sharing, {
      members: [0],
      floor: nothing,
      rate: tree.weight,
      start: nothing,
      until: sharing.bounds.wanted,
      room,
      need: null,
      joins: null,
    })
    assert.deepEqual([sharing.powers[0], sharing.cause[0], sharing.slot[0]], [5, causes.shed, 0])
  })
})
