import assert from 'node:assert/strict'
import fc from 'fast-check'
import { answersFor, scopeOf, type Responsible } from './responsibility.ts'

const below = (feederId: string): string[] => ({ trunk: ['branch', 'twig'], branch: ['twig'] })[feederId] ?? []
const at = (feederId: string | null, area = 'voltage'): Responsible => ({ feederId, area })

describe('what somebody answers for', () => {
  it('is everything without any area', () => {
    assert.equal(scopeOf([], below), null)
    assert.ok(answersFor(null, at(null)))
  })

  it('is everything with an area of every feeder and whatever is said', () =>
    assert.ok(answersFor(scopeOf([{ feederIds: null, conditionAreas: null }], below), at(null))))

  it('is on a feeder and on those below it, and nowhere else', () => {
    const scope = scopeOf([{ feederIds: ['branch'], conditionAreas: null }], below)
    const inside = ['trunk', 'branch', 'twig', 'other', null].filter((feederId) => answersFor(scope, at(feederId)))
    assert.deepEqual(inside, ['branch', 'twig'])
  })

  it('is of an area of conditions, on whatever feeder or none', () => {
    const scope = scopeOf([{ feederIds: null, conditionAreas: ['voltage', 'solar'] }], below)
    assert.deepEqual(
      [at('other'), at(null), at('other', 'solar'), at('other', 'continuity')].map((alarm) => answersFor(scope, alarm)),
      [true, true, true, false],
    )
  })

  it('is what is of both, where an area names both', () => {
    const scope = scopeOf([{ feederIds: ['trunk'], conditionAreas: ['voltage'] }], below)
    assert.deepEqual(
      [at('twig'), at('twig', 'solar'), at('other'), at(null)].map((alarm) => answersFor(scope, alarm)),
      [true, false, false, false],
    )
  })

  it('is also what has escalated to their role, wherever it is; an area has no role', () => {
    const areas = [{ feederIds: ['branch'], conditionAreas: ['voltage'] }]
    const escalated = { ...at(null, 'solar'), escalatedTo: ['engineer', 'admin'] }
    assert.ok(answersFor(scopeOf(areas, below, 'engineer'), escalated))
    assert.ok(!answersFor(scopeOf(areas, below, 'operator'), escalated))
    assert.ok(!answersFor(scopeOf(areas, below), escalated))
    assert.ok(!answersFor(scopeOf(areas, below, 'engineer'), at(null, 'solar')))
    assert.equal(scopeOf([], below, 'engineer'), null)
  })

  it('is what any of several areas has, and no more (property)', () => {
    const some = (...words: string[]) => fc.option(fc.subarray(words, { minLength: 1 }), { nil: null })
    const area = fc.record({
      feederIds: some('trunk', 'branch', 'twig', 'other'),
      conditionAreas: some('voltage', 'solar'),
    })
    const alarm = fc.record({
      feederId: fc.constantFrom('trunk', 'branch', 'twig', 'other', 'last', null),
      area: fc.constantFrom('voltage', 'solar', 'continuity'),
    })
    fc.assert(
      fc.property(fc.array(area, { minLength: 1, maxLength: 3 }), alarm, (areas, { feederId, area: said }) => {
        const isInside = areas.some(
          ({ feederIds, conditionAreas }) =>
            (conditionAreas?.includes(said) ?? true) &&
            (feederIds?.some((each) => each === feederId || below(each).includes(feederId ?? '')) ?? true),
        )
        assert.equal(answersFor(scopeOf(areas, below), { feederId, area: said }), isInside)
      }),
    )
  })
})
