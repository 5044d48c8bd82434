import assert from 'node:assert/strict'
import fc from 'fast-check'
import { phaseIndicators, type WindowQuality } from './power-quality.ts'
import { qualityStatistics, type StatisticRules } from './quality-statistics.ts'

const rules: StatisticRules = { referenceV: 220, day: '2026-11-21', highVoltageDistortion: 'limited' }
const none = Object.fromEntries(
  phaseIndicators.map((one) => [one, [null, null, null]]),
) as unknown as WindowQuality['byPhase']
const window = (
  more: Partial<Omit<WindowQuality, 'byPhase'>> & { byPhase?: Partial<WindowQuality['byPhase']> },
): WindowQuality => ({
  ...{ start: 0, unbalancePct: null, power: null, powerFactor: null, frequencyHz: null },
  ...more,
  byPhase: { ...none, ...more.byPhase },
})
const week = (of: (n: number) => WindowQuality, count = 1_008): WindowQuality[] =>
  Array.from({ length: count }, (_, n) => of(n))
const of = (windows: readonly WindowQuality[], indicator: string, more: Partial<StatisticRules> = {}) =>
  qualityStatistics(windows, { ...rules, ...more }).indicators.find((one) => one.indicator === indicator)

describe('the 95 % statistics', () => {
  it('let 50 windows of 1,008 be above the limit, and not 51', () => {
    const bad = (count: number) => week((n) => window({ unbalancePct: n < count ? 9 : 3 }))
    const [complies, violates] = [50, 51].map((count) => of(bad(count), 'unbalance')!)
    assert.deepEqual([complies!.value, complies!.limit, complies!.violated], [3, 3, false])
    assert.deepEqual([violates!.value, violates!.limit, violates!.violated], [9, 3, true])
    assert.deepEqual([violates!.windows, violates!.complete, violates!.phase], [1_008, true, null])
  })

  it('are of the phase where they are greatest, each phase by itself', () => {
    const statistic = of(
      week((n) => window({ byPhase: { dtt: [n < 60 ? 12 : 4, n < 40 ? 20 : 6, null] } })),
      'dtt',
    )!
    assert.deepEqual(statistic.byPhase, { A: 12, B: 6 })
    assert.deepEqual([statistic.phase, statistic.value, statistic.limit, statistic.violated], ['A', 12, 10, true])
  })

  it('are not complete with fewer windows, counted of the phase with fewest', () => {
    const statistic = of(
      week((n) => window({ byPhase: { pst: [0.5, n === 0 ? null : 0.4, null] } })),
      'pst',
    )!
    assert.deepEqual([statistic.windows, statistic.complete, statistic.violated], [1_007, false, false])
  })

  for (const [referenceV, choice, limits] of [
    [127, 'limited', [3, 10, 2.5, 7.5, 6.5, 1]],
    [13_800, 'limited', [2, 8, 2, 6, 5, 1.5]],
    [138_000, 'limited', [2, 5, 1, 4, 3, 2]],
    [138_000, 'unlimited', [2, null, null, 4, 3, 2]],
    [230_000, 'limited', [null, null, null, null, null, null]],
  ] as const)
    it(`have at ${referenceV} V (${choice}) the limits ${limits.join(', ')}`, () => {
      const byPhase = Object.fromEntries(phaseIndicators.map((one) => [one, [1.75, null, null] as const]))
      const windows = [window({ unbalancePct: 1.75, byPhase })]
      const { indicators } = qualityStatistics(windows, { ...rules, referenceV, highVoltageDistortion: choice })
      assert.deepEqual(
        indicators.map(({ limit }) => limit),
        limits,
      )
      assert.deepEqual(
        indicators.map(({ violated }) => violated),
        limits.map((limit) => (limit === null ? null : 1.75 > limit)),
      )
      for (const { rule } of indicators) assert.match(rule.source, /PRODIST Módulo 8/)
    })

  it('are of nothing where nothing was measured', () =>
    assert.deepEqual(
      qualityStatistics(
        week(() => window({})),
        rules,
      ),
      { indicators: [], powerFactor: null, frequency: null },
    ))

  it('never fall when a window gets worse (property)', () => {
    const values = fc.array(fc.double({ min: 0, max: 50, noNaN: true }), { minLength: 1, maxLength: 200 })
    fc.assert(
      fc.property(values, fc.nat(), fc.double({ min: 0, max: 50, noNaN: true }), (some, at, more) => {
        const worse = some.map((one, n) => (n === at % some.length ? one + more : one))
        const value = (list: readonly number[]) =>
          of(
            list.map((unbalancePct) => window({ unbalancePct })),
            'unbalance',
          )!.value
        assert.ok(value(worse) >= value(some))
      }),
    )
  })
})

describe('the power factor of a time', () => {
  const factor = (activeKw: number, reactiveKvar: number) =>
    window({
      power: { activeKw, reactiveKvar },
      powerFactor: {
        ratio: Math.abs(activeKw) / Math.hypot(activeKw, reactiveKvar),
        reactive: reactiveKvar > 0 ? 'inductive' : 'capacitive',
      },
    })
  const windows = [factor(12, 0.1), factor(4, 3), factor(8, -6), factor(4, 3)]

  it('is that of its energy, with the lowest, and what is below the least', () => {
    const { powerFactor } = qualityStatistics(windows, { ...rules, referenceV: 13_800 })
    assert.equal(powerFactor!.overall!.ratio, 28 / Math.hypot(28, 0.1))
    assert.deepEqual([powerFactor!.windows, powerFactor!.lowest.ratio, powerFactor!.least], [4, 0.8, 0.92])
    assert.deepEqual(powerFactor!.below, { inductive: 2, capacitive: 1 })
  })

  it('is held against nothing at low voltage', () => {
    const { powerFactor } = qualityStatistics(windows, rules)
    assert.deepEqual([powerFactor!.least, powerFactor!.below], [null, null])
  })
})

describe('the frequency of a time', () => {
  it('has its extremes and mean, and the windows outside of normal', () => {
    const hertz = (mean: number) => window({ frequencyHz: { min: mean - 0.05, mean, max: mean + 0.05 } })
    const { frequency } = qualityStatistics([hertz(60), hertz(60.1), hertz(60.2), hertz(59.8), window({})], rules)
    assert.deepEqual([frequency!.windows, frequency!.outsideNormal, frequency!.normalHz], [4, 2, [59.9, 60.1]])
    assert.ok(Math.abs(frequency!.minHz - 59.75) < 1e-9 && Math.abs(frequency!.maxHz - 60.25) < 1e-9)
    assert.ok(Math.abs(frequency!.meanHz - 60.025) < 1e-9)
  })
})
