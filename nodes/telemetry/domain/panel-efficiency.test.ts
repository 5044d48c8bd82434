import assert from 'node:assert/strict'
import fc from 'fast-check'
import { dailyEfficiency } from './panel-efficiency.ts'

const hourMs = 3_600_000
// Days as in São Paulo, three hours behind UTC.
const start = Date.parse('2026-11-20T03:00:00Z')
const days = { dayOf: (instant: number) => new Date(instant - 3 * hourMs).toISOString().slice(0, 10) }
const edges = Array.from({ length: 49 }, (_, n) => start + n * hourMs)
const hours = (first: number, ...watts: number[]) => watts.map((meanW, n) => ({ interval: first + n, meanW }))

describe('efficiency of a panel', () => {
  it('is its energy by that of its rating over the hours with readings, a civil day at a time', () => {
    const generation = [...hours(10, 100, 300, 200), ...hours(23, 0), ...hours(24, 400)]
    assert.deepEqual(dailyEfficiency(generation, edges, days, 400, Infinity), [
      { date: '2026-11-21', energyWh: 400, hoursWithReadings: 1, efficiencyPct: 100 },
      { date: '2026-11-20', energyWh: 600, hoursWithReadings: 4, efficiencyPct: 37.5 },
    ])
  })

  it('counts the running hour up to now', () => {
    const now = edges[11]! + hourMs / 2
    assert.deepEqual(dailyEfficiency(hours(10, 100, 300), edges, days, 400, now), [
      { date: '2026-11-20', energyWh: 250, hoursWithReadings: 1.5, efficiencyPct: (250 / 600) * 100 },
    ])
  })

  it('says nothing of days without readings', () =>
    assert.deepEqual(dailyEfficiency([], edges, days, 400, Infinity), []))

  it('is a hundred at the rating, and none at zero, however many hours there are (property)', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000 }), fc.integer({ min: 1, max: 24 }), (ratedW, count) => {
        const at = (w: number) =>
          dailyEfficiency(hours(0, ...Array<number>(count).fill(w)), edges, days, ratedW, Infinity)[0]!
        assert.ok(Math.abs(at(ratedW).efficiencyPct - 100) < 1e-9)
        assert.equal(at(0).efficiencyPct, 0)
      }),
    )
  })
})
