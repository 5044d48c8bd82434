import assert from 'node:assert/strict'
import fc from 'fast-check'
import { indicatorsOf, type BandCounts } from './indicators.ts'
import { publishedPct } from './percentages.ts'

const day = '2026-11-21'
const none = [null, null, null] as const
const onePhase = (nlp: number, nlc: number): BandCounts => ({
  precarious: [nlp, null, null],
  critical: [nlc, null, null],
})

describe('DRP and DRC', () => {
  it('take their maxima over the phases apart, as in the letter of Energisa Paraíba (V1)', () => {
    const counts: BandCounts = { precarious: [45, 62, 81], critical: [122, 151, 94] }
    const { drpPct, drcPct, ...rest } = indicatorsOf(counts, day)
    assert.deepEqual([drpPct.toFixed(4), drcPct.toFixed(4)], ['8.0357', '14.9802'])
    assert.deepEqual(rest, { nlp: 81, nlc: 151, nlpPhase: 'C', nlcPhase: 'B', drpViolated: true, drcViolated: true })
    const each = [0, 1, 2].map((phase) => {
      const of = indicatorsOf(onePhase(counts.precarious[phase]!, counts.critical[phase]!), day)
      return `${publishedPct(of.drpPct, 'truncated')}/${publishedPct(of.drcPct, 'truncated')}`
    })
    assert.deepEqual(each, ['4.46/12.1', '6.15/14.98', '8.03/9.32'])
  })

  it('violate above their limits, and not at what the limits allow (V2, V2b, V2c)', () => {
    for (const [nlp, nlc, drp, drc, violated] of [
      [30, 5, '2.9762', '0.4960', [false, false]],
      [31, 6, '3.0754', '0.5952', [true, true]],
      [31, 5, '3.0754', '0.4960', [true, false]],
      [30, 6, '2.9762', '0.5952', [false, true]],
    ] as const) {
      const { drpPct, drcPct, drpViolated, drcViolated } = indicatorsOf(onePhase(nlp, nlc), day)
      assert.deepEqual([drpPct.toFixed(4), drcPct.toFixed(4)], [drp, drc])
      assert.deepEqual([drpViolated, drcViolated], violated)
    }
  })

  it('of a thesis: 36 critical of 1,008 are 3.5714 % (V5)', () => {
    assert.equal(indicatorsOf(onePhase(0, 36), day).drcPct.toFixed(4), '3.5714')
  })

  it('are nothing where nothing transgressed, and name no phase', () => {
    for (const counts of [onePhase(0, 0), { precarious: none, critical: none }])
      assert.deepEqual(indicatorsOf(counts, day), {
        ...{ nlp: 0, nlc: 0, nlpPhase: null, nlcPhase: null, drpPct: 0, drcPct: 0 },
        ...{ drpViolated: false, drcViolated: false },
      })
  })

  it('are not made of what is no count', () => {
    assert.throws(
      () => indicatorsOf({ precarious: [0, 1_009, null], critical: none }, day),
      (error) => error instanceof RangeError && /precarious windows of phase B: 1009 .* 0 to 1008/.test(error.message),
    )
    for (const count of [-1, 0.5, NaN]) assert.throws(() => indicatorsOf(onePhase(0, count), day), RangeError)
  })

  it('do not depend on which phase is which (property)', () => {
    const count = fc.option(fc.nat(504))
    fc.assert(
      fc.property(fc.tuple(count, count, count), fc.tuple(count, count, count), ([a, b, c], [d, e, f]) => {
        const some = indicatorsOf({ precarious: [a, b, c], critical: [d, e, f] }, day)
        const same = indicatorsOf({ precarious: [c, a, b], critical: [d, f, e] }, day)
        assert.deepEqual([some.drpPct, some.drcPct], [same.drpPct, same.drcPct])
        assert.equal(some.nlp, Math.max(a ?? 0, b ?? 0, c ?? 0))
        assert.equal(some.nlc, Math.max(d ?? 0, e ?? 0, f ?? 0))
      }),
    )
  })
})
