import assert from 'node:assert/strict'
import fc from 'fast-check'
import { lines, type FeederLimit } from './allocation/problem.ts'
import { withMeasurement, type ForecastState } from './base-forecast.ts'
import { onPhases } from './by-line.ts'
import { exceededLimits, type ConfiguredDevice, type ConfiguredFeeder } from './configuration.ts'

const limit = (limitKw: number, more: Partial<FeederLimit> = {}): FeederLimit[] =>
  (['import', 'export'] as const).map((direction) => ({
    ...{ line: 'total', direction, limitKw, source: 'registry', expiresAt: null },
    ...more,
  }))
const feeder = (
  feederId: string,
  limits: readonly FeederLimit[],
  parentFeederId: string | null = null,
): ConfiguredFeeder => ({
  ...{ feederId, parentFeederId, limits },
})
const falls = (feederId: string, fallbackKw: number, phases: ConfiguredDevice['phases'] = ['A', 'B', 'C']) => ({
  ...{ feederId, fallbackKw, phases },
})
/** Measured again and again, so that its margin is what a meter itself may be wrong by, 1 %. */
function forecast(feederId: string, kw: number, by: ForecastState['by'] = 'head'): [string, ForecastState] {
  let state: ForecastState | undefined
  for (let at = 1; at <= 12; at++)
    state = withMeasurement(state, { feederId, by, at, baseKw: onPhases(kw, ['A', 'B', 'C']), steered: [] }, 10)
  return [feederId, state!]
}
const told = (...question: Parameters<typeof exceededLimits>): string[] =>
  exceededLimits(...question).map(
    ({ feederId, line, direction, flowKw, limitKw, source }) =>
      `${feederId} ${line} ${direction} ${Math.round(flowKw * 1_000) / 1_000} > ${limitKw} ${source}`,
  )

describe('a feeder whose devices hear nothing', () => {
  it('carries their fallbacks and what nobody steers, or is told with line, direction and limit', () => {
    const feeders = [feeder('f', limit(50))]
    const kept = new Map([forecast('f', 40)])
    assert.deepEqual(told(feeders, [falls('f', 9)], kept), [])
    assert.deepEqual(told(feeders, [falls('f', 9), falls('f', 2)], kept), ['f total import 51.4 > 50 registry'])
  })

  it('counts what is below it, too', () => {
    const feeders = [feeder('p', limit(50)), feeder('a', limit(30), 'p'), feeder('b', [], 'p')]
    const kept = new Map([forecast('a', 20), forecast('b', 10), forecast('p', 10)])
    assert.deepEqual(told(feeders, [falls('a', 9), falls('b', 9)], kept), ['p total import 58.4 > 50 registry'])
  })

  it('counts once what is measured by its own units and by a head above', () => {
    const feeders = [feeder('p', limit(50)), feeder('a', limit(9), 'p')]
    assert.deepEqual(told(feeders, [], new Map([forecast('p', 40), forecast('a', 10, 'unit-meters')])), [
      'a total import 10.1 > 9 registry',
    ])
  })

  it('counts no generation against what is drawn, and no load that may be off against what is given', () => {
    const feeders = [feeder('f', limit(5))]
    assert.deepEqual(told(feeders, [falls('f', 6), falls('f', -5)], new Map()), ['f total import 6 > 5 registry'])
    assert.deepEqual(told(feeders, [falls('f', 4), falls('f', -7)], new Map()), ['f total export 7 > 5 registry'])
    assert.deepEqual(told(feeders, [falls('f', -7)], new Map([forecast('f', 3)])), [])
  })

  it('is told by phase', () =>
    assert.deepEqual(
      told([feeder('f', limit(4, { line: 'B' }))], [falls('f', 5, ['B']), falls('f', 9, ['A'])], new Map()),
      ['f B import 5 > 4 registry'],
    ))

  it('is held to the least of its limits', () =>
    assert.deepEqual(
      told([feeder('f', [...limit(9), ...limit(3, { source: 'limit:1' })])], [falls('f', 5)], new Map()),
      ['f total import 5 > 3 limit:1'],
    ))

  it('is beyond no limit that would hold more, and beyond by as much more as the limit is less (property)', () =>
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom('p', 'a', 'b'), fc.integer({ min: -20, max: 20 })), { maxLength: 12 }),
        ...([
          fc.integer({ min: -30, max: 60 }),
          fc.integer({ min: 0, max: 60 }),
          fc.integer({ min: 0, max: 20 }),
        ] as const),
        (fallbacks, baseKw, limitKw, less) => {
          const devices = fallbacks.map(([feederId, kw]) => falls(feederId, kw))
          const kept = new Map([forecast('p', baseKw)])
          const at = (kw: number) =>
            exceededLimits([feeder('p', limit(kw)), feeder('a', [], 'p'), feeder('b', [], 'a')], devices, kept)
          const looser = at(limitKw + less)
          const tighter = at(limitKw)
          for (const one of looser) {
            assert.ok(lines.includes(one.line) && one.beyondKw > 0)
            const other = tighter.find(({ direction }) => direction === one.direction)!
            assert.ok(Math.abs(other.beyondKw - one.beyondKw - less) < 1e-9)
          }
        },
      ),
    ))
})
