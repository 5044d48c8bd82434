import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { UnitOutage } from './interruption.ts'
import { leastOutageMs, outagesOf, type OutageChoices } from './outages.ts'

const usual: OutageChoices = {
  'continuity-short-outages': 'contiguous-whole',
  'continuity-restored-briefly': 'separate',
}
const out = (interruptionId: number, from: number, until: number | null): UnitOutage => ({
  ...{ unitId: 'unit-1', interruptionId, from, until },
})
const spans = (pieces: readonly UnitOutage[], choices: Partial<OutageChoices> = {}, now = 10_000_000) =>
  outagesOf(pieces, now, { ...usual, ...choices }).map(({ from, until }) => [from, until])

describe('outages of a unit', () => {
  it('leave out 179 seconds and count 180 (vector T1)', () => {
    assert.deepEqual(spans([out(1, 0, 179_000)]), [])
    assert.deepEqual(spans([out(1, 0, 179_999)]), [])
    assert.deepEqual(spans([out(1, 0, 180_000)]), [[0, 180_000]])
  })

  it('go on from one interruption into the next without a gap, and count as a whole', () => {
    const [outage] = outagesOf([out(2, 100_000, 200_000), out(1, 0, 100_000)], 0, usual)
    assert.deepEqual([outage!.from, outage!.until], [0, 200_000])
    assert.deepEqual(
      outage!.pieces.map(({ interruptionId }) => interruptionId),
      [1, 2],
    )
  })

  it('count piece by piece where the option says so', () => {
    const choices = { 'continuity-short-outages': 'each-piece' } as const
    assert.deepEqual(spans([out(1, 0, 170_000), out(2, 170_000, 400_000)], choices), [[170_000, 400_000]])
  })

  it('are two where supply was back for a moment, or one where the option says so', () => {
    const pieces = [out(1, 0, 200_000), out(2, 379_999, 600_000)]
    assert.deepEqual(spans(pieces), [
      [0, 200_000],
      [379_999, 600_000],
    ])
    const joined = { 'continuity-restored-briefly': 'joined' } as const
    assert.deepEqual(spans(pieces, joined), [[0, 600_000]])
    assert.equal(spans([out(1, 0, 200_000), out(2, 380_000, 600_000)], joined).length, 2)
  })

  it('last until now', () => {
    assert.deepEqual(spans([out(1, 0, null)], {}, 500_000), [[0, 500_000]])
    assert.deepEqual(spans([out(1, 0, null)], {}, 100_000), [])
    assert.deepEqual(spans([out(1, 600_000, null)], {}, 500_000), [])
  })

  const pieces = fc
    .array(fc.tuple(fc.nat(5_000), fc.option(fc.integer({ min: 1, max: 2_000 })), fc.integer({ min: 1, max: 9 })), {
      maxLength: 12,
    })
    .map((all) => all.map(([from, long, id]) => out(id, from * 1_000, long === null ? null : (from + long) * 1_000)))
  const choices = fc.record({
    'continuity-short-outages': fc.constantFrom('contiguous-whole', 'each-piece'),
    'continuity-restored-briefly': fc.constantFrom('separate', 'joined'),
  }) as fc.Arbitrary<OutageChoices>

  it('are the same in whatever order pieces come, and however often (property)', () => {
    fc.assert(
      fc.property(pieces, choices, fc.infiniteStream(fc.nat()), (all, choice, order) => {
        const doubled = [...all, ...all].map((each) => [order.next().value as number, each] as const)
        const shuffled = doubled.toSorted(([one], [other]) => one - other).map(([, each]) => each)
        assert.deepEqual(outagesOf(shuffled, 8_000_000, choice), outagesOf(all, 8_000_000, choice))
      }),
    )
  })

  it('do not overlap, are long enough, and are filled by their pieces (property)', () => {
    fc.assert(
      fc.property(pieces, choices, (all, choice) => {
        let before = -Infinity
        for (const outage of outagesOf(all, 8_000_000, choice)) {
          assert.ok(outage.from >= before && outage.until - outage.from >= leastOutageMs)
          before = outage.until
          let at = outage.from
          for (const { from, until } of outage.pieces) {
            assert.equal(from, at)
            at = until
          }
          assert.equal(at, outage.until)
        }
      }),
    )
  })
})
