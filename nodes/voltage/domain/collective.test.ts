import assert from 'node:assert/strict'
import fc from 'fast-check'
import { collectiveOf, type SampleResult } from './collective.ts'

const result = (nlp: number, nlc: number): SampleResult => ({
  ...{ drpPct: (100 * nlp) / 1_008, drcPct: (100 * nlc) / 1_008, drcViolated: nlc > 5 },
})

describe('the collective indicators of a sample', () => {
  it('are means, and the share of units with critical voltage', () => {
    // ΣDRP = 100 · (31 + 50 + 0 + 3)/1008, ΣDRC = 100 · (6 + 20 + 0 + 1)/1008.
    const { nl, nc, drpePct, drcePct, iccPct } = collectiveOf(
      [result(31, 6), result(50, 20), result(0, 0), result(3, 1)],
      'any-critical',
    )!
    assert.deepEqual([nl, nc, iccPct], [4, 3, 75])
    assert.ok(Math.abs(drpePct - 2.083333) < 1e-6)
    assert.ok(Math.abs(drcePct - 0.669643) < 1e-6)
  })

  it('count only violations as critical, where the option says so', () =>
    assert.equal(collectiveOf([result(31, 6), result(50, 20), result(0, 0), result(3, 1)], 'violated')!.iccPct, 50))

  it('are none where nothing was measured', () => assert.equal(collectiveOf([], 'any-critical'), undefined))

  const sample = fc.array(
    fc.tuple(fc.nat(500), fc.nat(500)).map(([nlp, nlc]) => result(nlp, nlc)),
    { minLength: 1, maxLength: 40 },
  )

  it('do not depend on the order (property)', () =>
    fc.assert(
      fc.property(sample, (of) =>
        assert.deepEqual(collectiveOf(of.toReversed(), 'any-critical'), collectiveOf(of, 'any-critical')),
      ),
    ))

  it('lie between the least and the greatest of the sample (property)', () =>
    fc.assert(
      fc.property(sample, (of) => {
        const { drpePct, iccPct } = collectiveOf(of, 'any-critical')!
        const values = of.map(({ drpPct }) => drpPct)
        assert.ok(drpePct >= Math.min(...values) - 1e-9 && drpePct <= Math.max(...values) + 1e-9)
        assert.ok(iccPct >= 0 && iccPct <= 100)
      }),
    ))
})
