import assert from 'node:assert/strict'
import { outside, Supply } from './supply.ts'

/** A source at section 1, and a ring of 1, 2 and 3. */
const ring = () => new Supply(4, [[outside, 1], [1, 2], [2, 3], [3, 1]]) // prettier-ignore

describe('supply that is kept up', () => {
  it('comes to what is joined with a source, and to nothing else', () => {
    const supply = ring()
    assert.deepEqual(supply.close(1, 7), [])
    assert.deepEqual(supply.close(0, 7), [
      { section: 1, before: 0, after: 7 },
      { section: 2, before: 0, after: 7 },
    ])
    assert.deepEqual(
      [1, 2, 3].map((section) => supply.phasesOf(section)),
      [7, 7, 0],
    )
  })

  it('stays where there is another way, and goes where there is none, phase by phase', () => {
    const supply = ring()
    for (const link of [0, 1, 2, 3]) supply.close(link, 7)
    assert.deepEqual(supply.open(1, 3), [])
    assert.deepEqual(supply.open(3, 2), [
      { section: 3, before: 7, after: 5 },
      { section: 2, before: 7, after: 5 },
    ])
    assert.deepEqual(supply.close(1, 2).length, 2)
    assert.deepEqual(
      [1, 2, 3].map((section) => supply.phasesOf(section)),
      [7, 7, 7],
    )
  })

  it('does not change by what is open or closed already', () => {
    const supply = ring()
    supply.close(0, 7)
    assert.deepEqual([supply.close(0, 5), supply.open(1, 7), supply.close(2, 7)], [[], [], []])
  })
})
