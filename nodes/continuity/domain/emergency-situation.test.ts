import assert from 'node:assert/strict'
import fc from 'fast-check'
import { customerHours, judgeCustomerHours, unitsMonthOf } from './emergency-situation.ts'

const day = '2026-03-10'

describe('customer-hours of an event', () => {
  for (const [units, limitH] of [
    [85_000, 138_762],
    [1_000_000, 328_831],
    [5_000_000, 577_581],
  ] as const)
    it(`must reach ${limitH} h where the distributor has ${units} units`, () => {
      assert.equal(Math.round(judgeCustomerHours(0, units, day).limitH), limitH)
      assert.equal(judgeCustomerHours(limitH - 1, units, day).reached, false)
      assert.equal(judgeCustomerHours(limitH + 1, units, day).reached, true)
    })

  it('that reach the limit are enough', () => {
    const { limitH } = judgeCustomerHours(0, 85_000, day)
    assert.ok(judgeCustomerHours(limitH, 85_000, day).reached)
  })

  it('say by which rule, and where it is written', () =>
    assert.match(judgeCustomerHours(1, 1, day).rule.source, /Módulo 1/))

  it('are refused for a number of units that is none', () => {
    for (const units of [0, -1, 1.5, NaN]) assert.throws(() => judgeCustomerHours(1, units, day), RangeError)
  })

  const from = Date.UTC(2026, 2, 10)
  const hour = 3_600_000

  it('are of all units, up to now where it lasts', () => {
    const outages = [
      { from, until: from + 2 * hour, units: 10 },
      { from: from + hour, until: null, units: 1 },
      { from: from + 5 * hour, until: null, units: 1 },
    ]
    assert.equal(customerHours(outages, from + 4 * hour), 23)
    assert.equal(customerHours([], from), 0)
  })

  it('grow with time and with units (property)', () => {
    const span = fc.record({
      from: fc.integer({ min: from, max: from + 100 * hour }),
      until: fc.constant(null),
      units: fc.integer({ min: 1, max: 100_000 }),
    })
    fc.assert(
      fc.property(fc.array(span), span, fc.nat(100 * hour), (outages, another, later) => {
        const now = from + 200 * hour
        assert.ok(customerHours(outages, now + later) >= customerHours(outages, now))
        assert.ok(customerHours([...outages, another], now) > customerHours(outages, now))
      }),
    )
  })
})

describe('the units that the limit goes by', () => {
  it('are those of October of the year before', () => {
    assert.equal(unitsMonthOf('2026-03-10'), '2025-10')
    assert.equal(unitsMonthOf('2026-12-31'), '2025-10')
  })
})
