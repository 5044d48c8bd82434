import assert from 'node:assert/strict'
import type { PlantSample, PlantSlot } from './plant-year.ts'
import { stampedBy } from './wrong-clock.ts'

/** Slots of one minute, in which each of two panels gives its minute as watts. */
const slots: PlantSlot[] = Array.from({ length: 6 }, (_, minute) => ({
  at: minute * 60_000,
  samples: new Map(['a', 'b'].map((id) => [id, { powerW: minute } as PlantSample])),
}))
const shown = (aheadMinutes: number, ids?: string[]) =>
  [...stampedBy(slots, aheadMinutes * 60_000, 60_000, ids)].map(({ at, samples }) => [
    ...[at / 60_000, samples.get('a')!.powerW, samples.get('b')!.powerW],
  ])

describe('a wrong clock', () => {
  it('ahead stamps with a later time what was measured before', () => {
    assert.deepEqual(shown(4), [
      [4, 0, 0],
      [5, 1, 1],
    ])
  })

  it('behind stamps with an earlier time', () => {
    assert.deepEqual(shown(-4), [
      [0, 4, 4],
      [1, 5, 5],
    ])
  })

  it('of one panel leaves the others alone', () => {
    assert.deepEqual(shown(4, ['b']), [
      [4, 4, 0],
      [5, 5, 1],
    ])
    assert.deepEqual(shown(-4, ['b']), [
      [0, 0, 4],
      [1, 1, 5],
    ])
  })

  it('that is right changes nothing', () => assert.deepEqual([...stampedBy(slots, 0, 60_000)], slots))
})
