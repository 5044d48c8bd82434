import assert from 'node:assert/strict'
import fc from 'fast-check'
import { told } from './csv.fixture.ts'
import { Faults } from './faults.ts'
import type { Period } from './network.ts'
import { mergePeriods, type PeriodKind } from './periods.ts'

interface Place extends Period {
  readonly id: string
  readonly where: string
}
const place = (id: string, where: string, valid_from: number, valid_to = Infinity): Place => ({
  ...{ id, where, valid_from, valid_to },
})
const kind: PeriodKind<Place> = {
  nameOf: ({ id }) => id,
  groupsOf: ({ id }) => [id],
  describe: ({ id, where }) => `${id} is at ${where}`,
  named: 'this id and beginning',
}
function merge(known: readonly Place[], ...given: readonly Place[]) {
  const faults = new Faults()
  const lines = given.map((period, index) => ({ ...period, line: index + 2 }))
  return { ...mergePeriods('places.csv', lines, known, kind, faults), faults: told(faults) }
}
const after = (known: readonly Place[], { changes }: ReturnType<typeof merge>): Place[] => [
  ...known.filter((one) => !changes.some(({ was }) => was === one)),
  ...changes.map(({ now }) => now),
]

describe('periods of a file', () => {
  it('end what they follow, correct what they begin with, and leave the rest', () => {
    const known = [place('a', 'north', -Infinity), place('b', 'north', 0), place('c', 'north', 0, 5)]
    const merged = merge(known, place('a', 'south', 7), place('b', 'south', 0), place('c', 'south', 5))
    assert.deepEqual([merged.added, merged.changed, merged.unchanged, merged.faults], [2, 1, 0, []])
    assert.deepEqual(merged.closed, [place('a', 'north', -Infinity, 7)])
    assert.deepEqual(after(known, merged), [
      ...[place('c', 'north', 0, 5), place('a', 'north', -Infinity, 7)],
      ...[place('a', 'south', 7), place('b', 'south', 0), place('c', 'south', 5)],
    ])
  })

  it('do not begin within one that has its end', () =>
    assert.deepEqual(merge([place('a', 'north', 0, 5)], place('a', 'south', 4)).faults, [
      'places.csv line 2: overlaps what the registry knows: a is at north from 1970-01-01T00:00:00.000Z to 1970-01-01T00:00:00.005Z',
    ]))

  it('accepted once change nothing a second time, and none ever overlap (property)', () => {
    const given = fc.array(
      fc
        .record({
          id: fc.constantFrom('a', 'b'),
          where: fc.constantFrom('north', 'south'),
          from: fc.constantFrom(-Infinity, 0, 1, 2, 3, 4, 5),
          lasts: fc.option(fc.integer({ min: 1, max: 3 })),
        })
        .map(({ id, where, from, lasts }) =>
          place(id, where, from, lasts === null ? Infinity : (from === -Infinity ? 0 : from) + lasts),
        ),
      { maxLength: 4 },
    )
    fc.assert(
      fc.property(given, given, (first, second) => {
        let known: Place[] = []
        for (const lines of [first, second]) {
          const merged = merge(known, ...lines)
          if (merged.faults.length > 0) continue
          known = after(known, merged)
          for (const one of known)
            for (const other of known)
              if (one !== other && one.id === other.id)
                assert.ok(one.valid_to <= other.valid_from || other.valid_to <= one.valid_from)
          assert.deepEqual(merge(known, ...lines).changes, [])
        }
      }),
      { numRuns: 500 },
    )
  })
})
