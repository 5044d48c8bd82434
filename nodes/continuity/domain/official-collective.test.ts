import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { ConjuntoMonth } from './collective.ts'
import { collectiveCodes, reportedMonth } from './official-collective.ts'

const hourMs = 3_600_000
const conjunto = { id: '1', name: 'A' }
const month = (units: number, shares: ConjuntoMonth['parcels']): ConjuntoMonth => ({
  ...{ conjuntoId: '1', month: '2026-03', units, parcels: shares },
})

describe('what is reported of a conjunto and month', () => {
  it('is DEC and FEC of the parcels that are compared, and every parcel', () => {
    const { hundredths, ...at } = reportedMonth(
      conjunto,
      month(1_000, {
        IP: { ms: 500 * hourMs, count: 250 },
        IND: { ms: 1_500 * hourMs, count: 1_000 },
        INE: { ms: 40_000 * hourMs, count: 900 },
      }),
      'rounded',
    )
    assert.deepEqual(at, { conjunto, year: 2026, month: 3 })
    assert.deepEqual(Object.keys(hundredths).toSorted(), collectiveCodes.toSorted())
    assert.deepEqual(
      ['NumCon', 'DEC', 'FEC', 'DECIP', 'FECIND', 'DECINE', 'FECXN'].map((code) => hundredths[code]),
      [100_000, 200, 125, 50, 100, 4_000, 0],
    )
  })

  it('is only their number of no units', () =>
    assert.deepEqual(reportedMonth(conjunto, month(0, {}), 'rounded').hundredths, { NumCon: 0 }))

  it('adds up: DEC and FEC are those of their parcels (property)', () => {
    const share = fc.record({ ms: fc.nat(1e12), count: fc.nat(1e6) })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), share, share, (units, IP, IND) => {
        const { hundredths } = reportedMonth(conjunto, month(units, { IP, IND }), 'rounded')
        for (const of of ['DEC', 'FEC']) assert.equal(hundredths[of], hundredths[`${of}IP`]! + hundredths[`${of}IND`]!)
      }),
    )
  })
})
