import assert from 'node:assert/strict'
import { matchInterruptions, type KnownInterruption, type UnitGroup } from './interruption-match.ts'

const group = (element: string, takenAt: number, until: number | null): UnitGroup => ({
  ...{ loss: `${element}@${takenAt}`, element, takenAt, until },
})
const known = (interruptionId: number, of: UnitGroup, free = true): KnownInterruption => ({
  interruptionId,
  ...of,
  free,
})
const matched = (
  groups: readonly UnitGroup[],
  those: readonly KnownInterruption[],
  votes: Record<number, Record<number, number>> = {},
) => {
  const counted = new Map(
    Object.entries(votes).map(([place, of]) => [
      Number(place),
      new Map(Object.entries(of).map(([id, count]) => [Number(id), count])),
    ]),
  )
  const found = matchInterruptions(groups, those, counted, 10)
  return groups.map((_, place) => found.get(place) ?? 'new')
}

describe('the interruption that a group of units is', () => {
  it('is the one of its loss and end', () =>
    assert.deepEqual(
      matched([group('sw', 0, 50), group('sw', 0, 90)], [known(1, group('sw', 0, 90)), known(2, group('sw', 0, 50))]),
      [2, 1],
    ))

  it('is the one that lasted, for those who get supply back last; others are new', () => {
    const lasting = known(1, group('sw', 0, null))
    assert.deepEqual(matched([group('sw', 0, 50), group('sw', 0, null)], [lasting]), ['new', 1])
    assert.deepEqual(matched([group('sw', 0, 50), group('sw', 0, 90)], [lasting]), ['new', 1])
  })

  it('is the one that ended about then', () =>
    assert.deepEqual(matched([group('sw', 0, 55)], [known(1, group('sw', 0, 50), false)]), [1]))

  it('is none that others still are', () =>
    assert.deepEqual(matched([group('sw', 0, 70)], [known(1, group('sw', 0, 50), false)]), ['new']))

  it('is the one that most of its units were in, whatever it is called now', () =>
    assert.deepEqual(
      matched(
        [group('transformer t1', 0, null)],
        [known(1, group('unit a', 0, null)), known(2, group('unit b', 0, null))],
        { 0: { 1: 1, 2: 3 } },
      ),
      [2],
    ))

  it('is the one of the same switch, when it turned out to have been turned a little earlier', () =>
    assert.deepEqual(matched([group('sw', 5, 50)], [known(1, group('sw', 8, 50)), known(2, group('sw', 60, 70))]), [1]))

  it('is new otherwise', () =>
    assert.deepEqual(matched([group('sw', 5, 50)], [known(1, group('other', 5, 50))]), ['new']))
})
