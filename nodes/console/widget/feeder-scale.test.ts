import assert from 'node:assert/strict'
import fc from 'fast-check'
import { chartOf } from './feeder-scale.ts'

const feeder = (feederId: string, ...loads: [string, number][]): Parameters<typeof chartOf>[0][number] => ({
  feederId,
  byType: loads.map(([type, kw]) => ({ type, kw, devices: 1 })),
})

describe('chartOf', () => {
  it('puts consumption right of zero and generation left of it, on round ends', () => {
    const { bars, zero, ticks } = chartOf([feeder('f', ['pv', -10], ['ev', 20], ['meter', 10])])
    assert.deepEqual(
      ticks.map(({ kw }) => kw),
      [-10, 0, 10, 20, 30],
    )
    assert.equal(zero, 25)
    assert.deepEqual(
      bars[0]!.segments.map(({ type, left, width }) => [type, left, width]),
      [
        ['meter', 25, 25],
        ['ev', 50, 50],
        ['pv', 0, 25],
      ],
    )
  })

  it('sums each side and the difference', () => {
    const { consumptionKw, generationKw, netKw } = chartOf([feeder('f', ['pv', -4], ['panel', -1], ['ev', 7])]).bars[0]!
    assert.deepEqual([consumptionKw, generationKw, netKw], [7, 5, 2])
  })

  it('lays out a field at rest', () => {
    const { bars, ticks } = chartOf([feeder('f', ['ev', 0])])
    assert.equal(bars[0]!.segments[0]!.width, 0)
    assert.deepEqual(
      ticks.map(({ kw }) => kw),
      [0, 1],
    )
  })

  it('never leaves the track, and never overlaps (property)', () => {
    const kw = fc.integer({ min: -5_000_000, max: 5_000_000 }).map((watts) => watts / 1_000)
    const feeders = fc.array(fc.array(kw, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(feeders, (loads) => {
        const { bars, ticks } = chartOf(
          loads.map((kws, index) => feeder(`f${index}`, ...kws.map((k, i) => [`t${i}`, k] as [string, number]))),
        )
        assert.ok(ticks.length >= 2 && ticks.length <= 9, `${ticks.length} ticks`)
        for (const { segments } of bars) {
          const drawn = segments.filter(({ width }) => width > 0).sort((a, b) => a.left - b.left)
          for (const [index, { left, width }] of drawn.entries()) {
            assert.ok(left >= -1e-6 && left + width <= 100 + 1e-6)
            const next = drawn[index + 1]
            if (next) assert.ok(left + width <= next.left + 1e-6)
          }
        }
      }),
    )
  })
})
