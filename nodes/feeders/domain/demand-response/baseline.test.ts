import assert from 'node:assert/strict'
import fc from 'fast-check'
import { baselineOf, hoursFor, mostAdjustment, partsOf, type Baseline, type BaselineQuestion } from './baseline.ts'
import { civilIn } from './civil.fixture.ts'
import { hourMs, minuteMs, six } from './call.fixture.ts'

const civil = civilIn(-3)
const dayMs = 24 * hourMs
const question = (of: Partial<BaselineQuestion> = {}): BaselineQuestion => ({
  ...{ startsAt: six, endsAt: six + 2 * hourMs, called: new Set<string>(), civil },
  ...of,
})
const found = (baseline: ReturnType<typeof baselineOf>): Baseline => {
  assert.ok(!('reason' in baseline), JSON.stringify(baseline))
  return baseline
}

describe('the baseline of an event', () => {
  it('has a part for each hour that the event touches', () => {
    const parts = partsOf(six + 10 * minuteMs, six + 130 * minuteMs)
    assert.deepEqual(
      parts.map(({ from, to }) => [(from - six) / minuteMs, (to - six) / minuteMs]),
      [
        [10, 60],
        [60, 120],
        [120, 130],
      ],
    )
  })

  it('is the mean of the same hour of the ten last like days', () => {
    // Each working day back has one kW more: 1 on Friday the 20th, 2 on Thursday … 10 on Monday the 9th.
    const kw = new Map<number, number>()
    const days = likeWorkingDays(12)
    for (const [index, day] of days.entries())
      for (const hour of [15, 16, 17, 18, 19, 20]) kw.set(civil.instantOf(`${day} ${hour}:00:00`)!, index + 1)
    for (const hour of [15, 16]) kw.set(civil.instantOf(`2026-11-23 ${hour}:00:00`)!, 5.5)
    const baseline = found(baselineOf(question(), (hour) => kw.get(hour)))
    assert.deepEqual(
      baseline.parts.map(({ meanKw, baselineKw }) => [meanKw, baselineKw]),
      [
        [5.5, 5.5],
        [5.5, 5.5],
      ],
    )
    assert.deepEqual([baseline.days, baseline.adjustmentKw], [days.slice(0, 10), 0])
  })

  it('is shifted by the level of the two hours that end an hour before, by a fifth at most', () => {
    const level = (kw: number) => (hour: number) => (civil.dayOf(hour) === '2026-11-23' ? kw : 100)
    assert.equal(found(baselineOf(question(), level(110))).adjustmentKw, 10)
    assert.equal(found(baselineOf(question(), level(170))).adjustmentKw, 100 * mostAdjustment)
    assert.equal(found(baselineOf(question(), level(10))).parts[0]!.baselineKw, 80)
    // What is done in the hour before, to be ready for it, changes nothing.
    const prepared = (hour: number) => (hour === six - hourMs ? 900 : 100)
    assert.equal(found(baselineOf(question(), prepared)).adjustmentKw, 0)
  })

  it('is not shifted where something else was called for on the same day, or the level is not known', () => {
    const called = question({ called: new Set(['2026-11-23']) })
    assert.match(found(baselineOf(called, () => 100)).unadjusted!, /something else/)
    const unmeasured = (hour: number) => (civil.dayOf(hour) === '2026-11-23' ? undefined : 100)
    assert.match(found(baselineOf(question(), unmeasured)).unadjusted!, /not measured/)
  })

  it('nobody can say where fewer than three like days were measured', () => {
    const days = new Set(likeWorkingDays(2))
    const baseline = baselineOf(question(), (hour) => (days.has(civil.dayOf(hour)) ? 5 : undefined))
    assert.match('reason' in baseline ? baseline.reason : '', /fewer than 3 like days/)
  })

  it('asks for all hours that it may need, and for no other', () => {
    const asked = new Set(hoursFor(question()))
    baselineOf(question(), (hour) => {
      assert.ok(asked.has(hour))
      return 1
    })
    assert.equal(asked.size, 15 * 4 + 2)
  })

  it('ignores what was taken on days of events (property)', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.double({ min: -1e4, max: 1e4, noNaN: true }), (nth, kw) => {
        const day = likeWorkingDays(nth).at(-1)!
        const of = (other: number) => (hour: number) =>
          civil.dayOf(hour) === day ? other : 40 + ((hour / hourMs) % 24)
        const asked = question({ called: new Set([day]) })
        assert.deepEqual(baselineOf(asked, of(kw)), baselineOf(asked, of(0)))
        const baseline = found(baselineOf(asked, of(kw)))
        assert.ok(!baseline.days.includes(day))
        for (const { hours } of baseline.parts) assert.ok(hours.every((hour) => hour < six - dayMs / 2))
      }),
      { numRuns: 40 },
    )
  })
})

function likeWorkingDays(count: number): string[] {
  const days: string[] = []
  for (let back = 1; days.length < count; back++) {
    const day = civil.shift('2026-11-23', -back)
    const isWeekend = [5, 6].some((after) => civil.shift(civil.mondayOf(day), after) === day)
    if (!isWeekend) days.push(day)
  }
  return days
}
