import assert from 'node:assert/strict'
import { commonEnds } from './unit-groups.ts'

describe('units that get supply back together', () => {
  const ends = (...pieces: [loss: string, until: number | null][]) =>
    commonEnds(
      pieces.map(([loss, until]) => ({ loss, until })),
      10,
    )

  it('have one end, where theirs differ by no more than clocks do', () =>
    assert.deepEqual(ends(['a', 100], ['a', 107], ['a', 110], ['a', 111]), [110, 110, 110, 111]))

  it('are apart from those of another loss, and from those that have none yet', () =>
    assert.deepEqual(ends(['a', 100], ['b', 105], ['a', null]), [100, 105, null]))
})
