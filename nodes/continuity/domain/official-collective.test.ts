import assert from 'node:assert/strict'
import fc from 'fast-check'
import { collectiveCodes, reportedMonth as reportedBy, type ConjuntoMonth } from './official-collective.ts'
import { parcels } from './parcels.ts'

const hourMs = 3_600_000
const month = (units: number, shares: ConjuntoMonth['parcels']): ConjuntoMonth => ({
  ...{ conjunto: { id: '1', name: 'A' }, year: 2026, month: 3, units, parcels: shares },
})

const reportedMonth = (of: ConjuntoMonth) => reportedBy(of, 'rounded')

describe('what is reported of a conjunto and month', () => {
  it('is DEC and FEC of the parcels that are compared, and every parcel', () => {
    const { hundredths } = reportedMonth(
      month(1_000, {
        IP: { ms: 500 * hourMs, count: 250 },
        IND: { ms: 1_500 * hourMs, count: 1_000 },
        INE: { ms: 40_000 * hourMs, count: 900 },
      }),
    )
    assert.deepEqual(Object.keys(hundredths).toSorted(), collectiveCodes.toSorted())
    assert.deepEqual(
      ['NumCon', 'DEC', 'FEC', 'DECIP', 'FECIND', 'DECINE', 'FECXN'].map((code) => hundredths[code]),
      [100_000, 200, 125, 50, 100, 4_000, 0],
    )
  })

  it('is rounded half up, and exactly', () => {
    // 8.005 h as a float is 8.00499…
    assert.equal(reportedMonth(month(200, { IND: { ms: 1_601 * hourMs, count: 1 } })).hundredths.DEC, 801)
    assert.equal(reportedMonth(month(200, { IND: { ms: 0, count: 1 } })).hundredths.FEC, 1)
  })

  it('is cut where that is chosen', () => {
    const { hundredths } = reportedBy(month(200, { IND: { ms: 1_601 * hourMs, count: 399 } }), 'truncated')
    assert.deepEqual([hundredths.DEC, hundredths.FEC], [800, 199])
  })

  it('is nothing of a conjunto without units', () => assert.equal(reportedMonth(month(0, {})).hundredths.DEC, 0))

  it('has parcels that come to DEC and FEC but for their rounding (property)', () => {
    const share = fc.record({ ms: fc.nat(1e12), count: fc.nat(1e6) })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), share, share, (units, IP, IND) => {
        const { hundredths } = reportedMonth(month(units, { IP, IND }))
        for (const of of ['DEC', 'FEC'])
          assert.ok(Math.abs(hundredths[of]! - hundredths[`${of}IP`]! - hundredths[`${of}IND`]!) <= 1)
        assert.equal(parcels.length, 10)
      }),
    )
  })
})
