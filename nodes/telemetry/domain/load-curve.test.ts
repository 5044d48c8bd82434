import assert from 'node:assert/strict'
import fc from 'fast-check'
import { curveFigures, demandMinutes, figuresOf, intervalEdges, windowStart } from './load-curve.ts'

const quarterMs = 900_000
const edges = [0, 1, 2, 3, 4].map((n) => n * quarterMs)
const curve = (...kw: (number | null)[]) =>
  kw.flatMap((totalKw, interval) => (totalKw === null ? [] : [{ interval, totalKw }]))

describe('figures of a load curve', () => {
  it('are energy, peak, mean and load factor', () => {
    // 10, 20, 30, 20 kW for a quarter of an hour each.
    assert.deepEqual(figuresOf(curve(10, 20, 30, 20), edges, 1e9), {
      ...{ energyKwh: 20, peakKw: 30, peakAt: 2 * quarterMs, meanKw: 20, loadFactor: 20 / 30, knownHours: 1 },
    })
  })

  it('count only what is known', () => {
    assert.deepEqual(figuresOf(curve(null, 8, null, 4), edges, 1e9), {
      ...{ energyKwh: 3, peakKw: 8, peakAt: quarterMs, meanKw: 6, loadFactor: 0.75, knownHours: 0.5 },
    })
  })

  it('take the running interval up to now', () => {
    const { energyKwh, knownHours, meanKw } = figuresOf(curve(12, 12), edges, quarterMs + 300_000)
    assert.deepEqual([energyKwh, knownHours, meanKw], [4, 1 / 3, 12])
  })

  it('have no load factor where generation prevails, and none of anything without readings', () => {
    assert.equal(figuresOf(curve(-5, -3), edges, 1e9).loadFactor, null)
    assert.deepEqual(figuresOf([], edges, 1e9), {
      ...{ energyKwh: 0, peakKw: null, peakAt: null, meanKw: null, loadFactor: null, knownHours: 0 },
    })
  })

  it('have a mean that no interval makes impossible, and energy as mean by time (property)', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -500, max: 500 }), { minLength: 1, maxLength: 4 }), (kw) => {
        const { energyKwh, peakKw, meanKw, knownHours } = figuresOf(curve(...kw), edges, 1e9)
        assert.equal(peakKw, Math.max(...kw))
        assert.ok(meanKw! <= peakKw && meanKw! >= Math.min(...kw))
        assert.ok(Math.abs(energyKwh - meanKw! * knownHours) < 1e-9)
      }),
    )
  })
})

describe('a load curve in buckets', () => {
  const hours = [0, 4, 8].map((n) => n * quarterMs)

  it('is divided into demands, cut where a bucket ends and no longer than now', () => {
    assert.deepEqual(intervalEdges(hours, quarterMs, 5.5 * quarterMs), [
      ...[0, 1, 2, 3, 4, 5, 6].map((n) => n * quarterMs),
    ])
    assert.deepEqual(intervalEdges([0, 20, 40], 15, 100), [0, 15, 20, 35, 40])
  })

  it('has figures as a whole and by bucket, types added up', () => {
    const edges = [0, 1, 2, 3, 4, 5, 6].map((n) => n * quarterMs)
    const loads = [
      ...[{ interval: 5, totalKw: 40 }, { interval: 0, totalKw: 30 }], // prettier-ignore
      ...[{ interval: 0, totalKw: -10 }, { interval: 1, totalKw: 4 }], // prettier-ignore
    ]
    const { whole, parts } = curveFigures(loads, edges, hours, 6 * quarterMs)
    assert.deepEqual([whole.energyKwh, whole.peakKw, whole.knownHours], [16, 40, 0.75])
    assert.deepEqual(
      parts.map(({ at, energyKwh, peakKw }) => [at, energyKwh, peakKw]),
      [
        [0, 6, 20],
        [4 * quarterMs, 10, 40],
      ],
    )
  })

  it('has demands of a quarter of an hour, of an hour where days are told by hours, and no longer than a bucket', () => {
    assert.deepEqual([demandMinutes('hour', 60), demandMinutes('hour', 5), demandMinutes('day', 30)], [15, 5, 15])
    assert.deepEqual([demandMinutes('day', 60), demandMinutes('week', 60), demandMinutes('month', 1_440)], [60, 60, 60])
    assert.equal(demandMinutes('week', 30), undefined)
  })
})

describe('a calendar period', () => {
  // São Paulo: three hours behind UTC. 21 November 2026 is a Saturday.
  const days = {
    startOf: (day: string) => Date.parse(`${day}T03:00:00Z`),
    dayOf: (instant: number) => new Date(instant - 3 * 3_600_000).toISOString().slice(0, 10),
    mondayOf: (day: string) => (day < '2026-11-16' ? '2026-11-09' : '2026-11-16'),
  }
  for (const [window, now, start] of [
    ['hour', '2026-11-21T15:59:59.999Z', '2026-11-21T15:00:00.000Z'],
    ['day', '2026-11-21T02:59:59.999Z', '2026-11-20T03:00:00.000Z'],
    ['day', '2026-11-21T03:00:00Z', '2026-11-21T03:00:00.000Z'],
    ['week', '2026-11-21T12:00:00Z', '2026-11-16T03:00:00.000Z'],
    ['week', '2026-11-16T03:00:00Z', '2026-11-16T03:00:00.000Z'],
    ['week', '2026-11-16T02:59:59Z', '2026-11-09T03:00:00.000Z'],
    ['month', '2026-12-01T02:00:00Z', '2026-11-01T03:00:00.000Z'],
  ] as const) {
    it(`${window} at ${now} began at ${start}`, () =>
      assert.equal(new Date(windowStart(window, Date.parse(now), days)).toISOString(), start))
  }
})
