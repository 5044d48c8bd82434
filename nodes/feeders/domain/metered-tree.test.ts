import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { FeederSeen } from './base-load.ts'
import { nothing } from './by-line.ts'
import { lostShareOf, MeteredTree } from './metered-tree.ts'

const minute = 60_000
const seen = (feederId: string, parentFeederId: string | null, headAt?: number): FeederSeen => ({
  ...{ feederId, parentFeederId, unitMeters: undefined, steeredKw: nothing, unsureKw: nothing },
  head: headAt === undefined ? undefined : { at: headAt, intervalMs: 0, isMean: false, powerKw: nothing },
})
const state = { by: 'head' } as never

describe('how far a measurement is lost', () => {
  for (const [ageMinutes, share] of [
    [0, 0],
    [2, 0],
    [3, 0.1],
    [7, 0.5],
    [12, 1],
    [600, 1],
    [-3, 0.1],
  ] as const)
    it(`${ageMinutes} intervals later: ${share}`, () =>
      assert.ok(Math.abs(lostShareOf(0, ageMinutes * minute, minute) - share) < 1e-12))

  it('only grows with its age (property)', () =>
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.integer({ min: 1, max: 1_000_000 }), (one, more, intervalMs) =>
        assert.ok(lostShareOf(0, one + more, intervalMs) >= lostShareOf(0, one, intervalMs)),
      ),
    ))
})

describe('what a head measures', () => {
  const now = 100 * minute
  //  r ── a ── c ── d        heads: r, a (lost), d; e has none, and g was never heard within memory
  //  │    └─── e             b has none
  //  └─ b ── g
  const feeders = [
    ...[seen('r', null, now), seen('a', 'r', 0), seen('b', 'r'), seen('c', 'a'), seen('d', 'c', now)],
    ...[seen('e', 'a'), seen('g', 'b', 0)],
  ]
  const tree = new MeteredTree(feeders, new Map([['a', state]]), now, minute)
  const names = (of: readonly FeederSeen[]): string =>
    of
      .map(({ feederId }) => feederId)
      .toSorted()
      .join(' ')
  const zone = (feederId: string): string[] => {
    const { own, heard, lost } = tree.zoneOf(feeders.find((feeder) => feeder.feederId === feederId)!)
    return [names(own), names(heard), names(lost)]
  }

  it('ends at the heads below that are heard, and has what those measured that are lost', () => {
    assert.deepEqual(zone('r'), ['b g r', 'd', 'a'])
    assert.deepEqual(zone('a'), ['a c e', 'd', ''])
    assert.deepEqual(zone('d'), ['d', '', ''])
  })

  it('is none of one that nobody remembers', () =>
    assert.deepEqual(
      [tree.hasHead('g'), tree.hasHead('a'), tree.hears('a'), tree.hears('r')],
      [false, true, false, true],
    ))

  it('is looked at from the leaves', () => {
    const order = tree.fromLeaves.map(({ feederId }) => feederId)
    for (const { feederId, parentFeederId } of feeders)
      if (parentFeederId !== null) assert.ok(order.indexOf(feederId) < order.indexOf(parentFeederId))
    assert.equal(order.length, feeders.length)
  })
})
