import assert from 'node:assert/strict'
import fc from 'fast-check'
import {
  comparableHundredths,
  parcelHundredths,
  quotient,
  sumOfParcels,
  unionOf,
  yearHundredths,
  type ConjuntoMonth,
} from './collective.ts'
import { parcels } from './parcels.ts'

const hourMs = 3_600_000
const month = (conjuntoId: string, units: number, parcels: ConjuntoMonth['parcels']): ConjuntoMonth => ({
  ...{ conjuntoId, month: '2026-03', units, parcels },
})
const IND = (hours: number, count: number) => ({ IND: { ms: hours * hourMs, count } })

const share = fc.record({ ms: fc.nat(10 ** 12), count: fc.nat(10 ** 6) })
const shares = fc.dictionary(fc.constantFrom(...parcels), share)
const someMonth = fc.record({ units: fc.integer({ min: 1, max: 10 ** 6 }), parcels: shares })

describe('DEC and FEC', () => {
  it('of conjuntos together are their means weighted by units (vector D1)', () => {
    const [a, b] = [month('A', 1_000, IND(10_000, 1_000)), month('B', 3_000, IND(6_000, 3_000))]
    assert.deepEqual(comparableHundredths(a, 'rounded'), { decHundredths: 1_000, fecHundredths: 100 })
    assert.deepEqual(comparableHundredths(b, 'rounded'), { decHundredths: 200, fecHundredths: 100 })
    assert.deepEqual(comparableHundredths(unionOf('A+B', '2026-03', [a, b]), 'rounded'), {
      ...{ decHundredths: 400, fecHundredths: 100 },
    })
  })

  it('are compared with limits by what is internal: programmed and not', () => {
    const all = Object.fromEntries(parcels.map((parcel) => [parcel, { ms: 100 * hourMs, count: 100 }]))
    assert.deepEqual(comparableHundredths(month('A', 100, all), 'rounded'), { decHundredths: 200, fecHundredths: 200 })
  })

  it('have parcels that add up as they are published', () => {
    const each = { ms: 0.5 * 36_000 * 3, count: 0 }
    const added = comparableHundredths(month('A', 3, { IP: each, IND: each }), 'rounded')
    assert.equal(added?.decHundredths, 2 * parcelHundredths(each, 3, 'rounded')!.decHundredths)
  })

  it('are none where there are no units', () => {
    assert.equal(comparableHundredths(month('A', 0, {}), 'rounded'), null)
    assert.equal(yearHundredths([month('A', 0, {})], 'sum', 'rounded'), null)
    assert.equal(parcelHundredths({ ms: 1, count: 1 }, 0, 'rounded'), null)
  })

  it('of a year are the sum of the months, or weighted by their units', () => {
    const months = [month('A', 100, IND(100, 100)), month('A', 300, IND(900, 0))]
    assert.deepEqual(yearHundredths(months, 'sum', 'rounded'), { decHundredths: 400, fecHundredths: 100 })
    // (1.00 · 100 + 3.00 · 300) / 200
    assert.deepEqual(yearHundredths(months, 'weighted', 'rounded'), { decHundredths: 500, fecHundredths: 50 })
  })

  it('of a year are the same by both rules while the units stay (property)', () => {
    fc.assert(
      fc.property(
        fc.array(shares, { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 10 ** 5 }),
        (all, units) => {
          const months = all.map((parcels) => month('A', units, parcels))
          assert.deepEqual(yearHundredths(months, 'weighted', 'rounded'), yearHundredths(months, 'sum', 'rounded'))
        },
      ),
    )
  })

  it('of a union lie within those of its parts, and do not depend on their order (property)', () => {
    fc.assert(
      fc.property(fc.array(someMonth, { minLength: 1, maxLength: 6 }), (all) => {
        const conjuntos = all.map(({ units, parcels }, index) => month(`c-${index}`, units, parcels))
        const each = conjuntos.map((one) => comparableHundredths(one, 'rounded')!.decHundredths)
        const union = comparableHundredths(unionOf('all', '2026-03', conjuntos), 'rounded')!
        // Each parcel is rounded by itself: two parcels, half a hundredth each, on both sides.
        assert.ok(union.decHundredths >= Math.min(...each) - 2 && union.decHundredths <= Math.max(...each) + 2)
        assert.deepEqual(unionOf('all', '2026-03', conjuntos.toReversed()), unionOf('all', '2026-03', conjuntos))
      }),
    )
  })

  it('add up to the same whatever is added first (property)', () => {
    fc.assert(
      fc.property(fc.array(shares, { maxLength: 8 }), fc.nat(8), (all, at) => {
        const inParts = sumOfParcels([sumOfParcels(all.slice(0, at)), sumOfParcels(all.slice(at))])
        assert.deepEqual(inParts, sumOfParcels(all.toReversed()))
      }),
    )
  })
})

describe('a quotient of whole numbers', () => {
  it('is rounded half up, or truncated', () => {
    assert.deepEqual([quotient(5, 2, 'rounded'), quotient(5, 2, 'truncated'), quotient(7, 3, 'rounded')], [3, 2, 2])
  })

  it('is exact where binary fractions are not (property)', () => {
    fc.assert(
      fc.property(fc.nat(10 ** 9), fc.integer({ min: 1, max: 10 ** 6 }), (dividend, divisor) => {
        const exact = (BigInt(dividend) * 2n + BigInt(divisor)) / (BigInt(divisor) * 2n)
        assert.equal(quotient(dividend, divisor, 'rounded'), Number(exact))
      }),
    )
  })
})
