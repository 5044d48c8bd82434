import assert from 'node:assert/strict'
import { historyOf } from './history.fixture.ts'
import { wearOf } from './wear.ts'

const near = (found: number, wanted: number, by: number): void =>
  assert.ok(Math.abs(found - wanted) < by, `${found} is not ${wanted} ± ${by}`)
const levelNow = (wear: NonNullable<ReturnType<typeof wearOf>>): number =>
  wear.level.centreRatio + wear.slope.mean * (wear.lastDay - wear.level.centreDay)

describe('how a panel wears', () => {
  it('dirt between rains: its slope, its level, what is clean, and how often and how well rain washes', () => {
    const wear = wearOf(
      historyOf((index) => 0.96 - 0.002 * (index % 40), 180),
      [],
    )!
    near(wear.slope.mean, -0.002, 0.0005)
    near(levelNow(wear), 0.96 - 0.002 * 19, 0.01)
    near(wear.clean, 0.96, 0.015)
    assert.equal(wear.fault, 0)
    assert.equal(wear.recoveries.count, 2)
    assert.equal(wear.recoveries.days, 90)
    assert.ok(wear.recoveries.shares.every((share) => share > 0.8))
    near(wear.usualSlope.mean, -0.002, 0.0006)
  })

  it('a fault is no dirt: it stands until a step takes it back', () => {
    const broken = historyOf((index) => (index < 60 ? 0.95 : 0.63), 90)
    near(wearOf(broken, [])!.fault, 0.32, 0.03)
    near(wearOf(broken, [])!.clean, 0.95, 0.02)
    const mended = [...broken, ...historyOf(() => 0.95, 120).slice(90)]
    assert.equal(wearOf(mended, [])!.fault, 0)
    assert.equal(wearOf(mended, [])!.recoveries.count, 0)
  })

  it('a cleaning that is noted is no rain', () => {
    const days = historyOf((index) => 0.96 - 0.002 * (index % 40), 80)
    assert.equal(wearOf(days, [])!.recoveries.count, 1)
    const noted = wearOf(days, [{ day: 1_039, what: 'cleaning' }])!
    assert.equal(noted.recoveries.count, 0)
    assert.deepEqual(
      noted.resets.map(({ day, cause }) => [day, cause]),
      [[1_040, 'visit']],
    )
  })

  it('work that no day has followed did what it is for', () => {
    const days = historyOf((index) => (index < 50 ? 0.95 : 0.7) - 0.001 * index, 90)
    const before = wearOf(days, [])!
    const cleaned = wearOf(days, [{ day: 1_090, what: 'cleaning' }])!
    near(levelNow(cleaned), before.clean - before.fault, 1e-9)
    const mended = wearOf(days, [{ day: 1_090, what: 'repair' }])!
    assert.equal(mended.fault, 0)
    near(levelNow(mended), levelNow(before) + before.fault, 1e-9)
  })

  it('a panel that was replaced has no past', () => {
    const days = historyOf((index) => (index < 60 ? 0.6 : 0.98), 90)
    const wear = wearOf(days, [{ day: 1_060, what: 'replacement' }])!
    assert.equal(wear.days, 29)
    assert.deepEqual([wear.fault, wear.resets], [0, []])
  })

  it('is not known of fewer than 10 days, nor of the day of a visit', () => {
    assert.equal(
      wearOf(
        historyOf(() => 0.9, 9),
        [],
      ),
      null,
    )
    assert.equal(
      wearOf(
        historyOf(() => 0.9, 10),
        [{ day: 1_003, what: 'cleaning' }],
      ),
      null,
    )
    assert.notEqual(
      wearOf(
        historyOf(() => 0.9, 10),
        [],
      ),
      null,
    )
  })
})
