import assert from 'node:assert/strict'
import fc from 'fast-check'
import { defaultPolicy, priorityServices } from './restoration-policy.ts'
import { rankOutages, tierOf, type Rankable } from './restoration-ranking.ts'

const nobody = { safety: 0, life_support: 0, essential: 0 }
const outage = (interruptionId: number, of: Partial<Rankable> = {}): Rankable => ({
  ...{ interruptionId, startedAt: 0, unitsOut: 1, services: nobody, avoidedCents: 0, ...of },
})
const ranked = (outages: Rankable[], tiers = defaultPolicy.tiers) =>
  rankOutages(outages, { tiers }).map(({ interruptionId }) => interruptionId)

describe('whom to restore first', () => {
  const outages = [
    outage(1, { avoidedCents: 900_000 }),
    outage(2, { services: { ...nobody, essential: 3 } }),
    outage(3, { services: { ...nobody, life_support: 1 } }),
    outage(4, { services: { safety: 1, life_support: 0, essential: 9 } }),
    outage(5, { avoidedCents: 5, unitsOut: 7 }),
  ]
  it('is safety, then life support, then essential services, then by money', () =>
    assert.deepEqual(ranked(outages), [4, 3, 2, 1, 5]))

  it('is as the policy says', () => {
    assert.deepEqual(ranked(outages, ['essential']), [2, 4, 1, 5, 3])
    assert.deepEqual(ranked(outages, []), [1, 5, 2, 3, 4])
  })

  it('is, for the same money, the more units, then who waits longest', () =>
    assert.deepEqual(
      ranked([outage(1, { startedAt: 5 }), outage(2, { startedAt: 4 }), outage(3, { unitsOut: 2 })]),
      [3, 2, 1],
    ))

  const anyOutages = fc.uniqueArray(
    fc.record({
      interruptionId: fc.nat(1_000),
      startedAt: fc.nat(3),
      unitsOut: fc.nat(3),
      services: fc.record({ safety: fc.nat(1), life_support: fc.nat(1), essential: fc.nat(1) }),
      avoidedCents: fc.nat(3),
    }),
    { selector: ({ interruptionId }) => interruptionId },
  )
  it('does not depend on the order in which outages are told, and puts no tier behind another (property)', () =>
    fc.assert(
      fc.property(anyOutages, fc.shuffledSubarray([...priorityServices]), (some, tiers) => {
        const order = ranked(some, tiers)
        assert.deepEqual(ranked(some.toReversed(), tiers), order)
        const found = rankOutages(some, { tiers }).map(({ services }) => tierOf(services, { tiers }))
        assert.deepEqual(
          found,
          found.toSorted((a, b) => a - b),
        )
      }),
    ))
})
