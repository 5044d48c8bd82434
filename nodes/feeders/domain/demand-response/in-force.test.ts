import assert from 'node:assert/strict'
import fc from 'fast-check'
import { aCall, hourMs, minuteMs, six } from './call.fixture.ts'
import type { DemandCall } from './call.ts'
import { demandInForce, nextChangeAfter } from './in-force.ts'

const feeders = [
  { feederId: 'root', parentFeederId: null, normalKw: 500, isLimited: true },
  { feederId: 'other', parentFeederId: null, normalKw: 300, isLimited: true },
  { feederId: 'f-1', parentFeederId: 'root', normalKw: 110, isLimited: true },
]
const limit = (limitKw: number) => ({ mode: 'limit', direction: 'import', limitKw, targetShedKw: null }) as const
/** The limit that holds on a feeder: the smallest. */
const holds = (calls: readonly DemandCall[], feederId: string, at: number) =>
  demandInForce(calls, feeders, at)
    .limits.filter((one) => one.feederId === feederId)
    .toSorted((one, other) => one.limitKw - other.limitKw)
    .map(({ limitKw, source }) => `${Math.round(limitKw * 10) / 10} ${source}`)[0]

describe('what demand response asks for at an instant', () => {
  it('a limit with its source and its end', () => {
    const { limits } = demandInForce([aCall()], feeders, six)
    assert.deepEqual(limits, [
      {
        ...{ feederId: 'f-1', line: 'total', direction: 'import', limitKw: 50, isSnapback: false, eventId: 1 },
        ...{ source: 'event:1', expiresAt: six + 2 * hourMs },
      },
    ])
  })

  it('of events that overlap the smallest limit holds, then the one that is left, then the return', () => {
    const inner = aCall({ eventId: 2, startsAt: six + hourMs, endsAt: six + 1.5 * hourMs, action: limit(30) })
    const at = (minutes: number) => holds([aCall(), inner], 'f-1', six + minutes * minuteMs)
    assert.deepEqual(
      [0, 60, 90, 120, 140, 170].map(at),
      // From the end of the inner one the feeder would return from 30 kW, to 43.3 first: less than the outer one lets it.
      ['50 event:1', '30 event:2', '43.3 snapback:2', '60 snapback:1', '80 snapback:1', undefined],
    )
  })

  it('one without a feeder is on each root by itself', () => {
    const { limits } = demandInForce([aCall({ feederId: null })], feeders, six)
    assert.deepEqual(
      limits.map(({ feederId, limitKw }) => [feederId, limitKw]),
      [
        ['root', 50],
        ['other', 50],
      ],
    )
  })

  it('where a feeder has no limit, it returns to that of the event and what all its devices can do', () => {
    const unlimited = [{ feederId: 'f-1', parentFeederId: null, normalKw: 60, isLimited: false }]
    const { limits } = demandInForce([aCall()], unlimited, six + 2 * hourMs)
    assert.deepEqual(
      limits.map(({ limitKw }) => limitKw),
      [60],
    )
  })

  it('a target to shed, which fades, and a price, which ends at once', () => {
    const shed = aCall({ action: { mode: 'shed', targetShedKw: 60 } })
    const price = aCall({
      eventId: 2,
      action: { mode: 'price', priceBrlPerKwh: 2, elasticity: -0.5, targetShedKw: null },
    })
    const during = demandInForce([shed, price], feeders, six)
    assert.deepEqual([during.sheds[0]!.targetShedKw, during.prices[0]!.priceBrlPerKwh], [60, 2])
    const after = demandInForce([shed, price], feeders, six + 2 * hourMs)
    assert.deepEqual([after.sheds.map(({ targetShedKw }) => targetShedKw), after.prices], [[50], []])
    assert.equal(after.sheds[0]!.source, 'snapback:1')
  })

  it('changes next at a beginning, an end, or a step of a return', () => {
    const at = (minutes: number, call = aCall()) => {
      const next = nextChangeAfter([call], six + minutes * minuteMs)
      return next === null ? null : (next - six) / minuteMs
    }
    assert.deepEqual(
      [-30, 0, 119, 120, 165, 170].map((minutes) => at(minutes)),
      [0, 120, 120, 130, 170, null],
    )
    assert.equal(at(0, aCall({ cancelledAt: six - 1 })), null)
  })

  it('the smallest limit of those in force always holds (property)', () => {
    const call = fc.record({
      start: fc.integer({ min: 0, max: 300 }),
      minutes: fc.integer({ min: 1, max: 300 }),
      cancelled: fc.option(fc.integer({ min: -10, max: 600 })),
      limitKw: fc.double({ min: 0, max: 200, noNaN: true }),
      snapback: fc.integer({ min: 0, max: 60 }),
    })
    fc.assert(
      fc.property(fc.array(call, { maxLength: 8 }), fc.integer({ min: -10, max: 700 }), (drawn, minutes) => {
        const calls = drawn.map(({ start, minutes, cancelled, limitKw, snapback }, eventId) =>
          aCall({
            ...{ eventId, startsAt: six + start * minuteMs, endsAt: six + (start + minutes) * minuteMs },
            ...{ cancelledAt: cancelled === null ? null : six + cancelled * minuteMs, action: limit(limitKw) },
            snapbackMs: snapback * minuteMs,
          }),
        )
        const at = six + minutes * minuteMs
        const active = calls.filter(
          ({ startsAt, endsAt, cancelledAt }) =>
            startsAt <= at && at < endsAt && (cancelledAt === null || at < cancelledAt),
        )
        const found = demandInForce(calls, feeders, at).limits
        const smallest = Math.min(...found.map(({ limitKw }) => limitKw))
        for (const { action } of active) assert.ok(action.mode === 'limit' && smallest <= action.limitKw)
        assert.ok(found.every(({ expiresAt }) => expiresAt! > at))
        assert.ok(found.every(({ isSnapback, limitKw }) => !isSnapback || limitKw <= 110))
        const next = nextChangeAfter(calls, at)
        // Nothing changes before the next change.
        if (next !== null && next > at + 1) assert.deepEqual(demandInForce(calls, feeders, next - 1).limits, found)
      }),
    )
  })
})
