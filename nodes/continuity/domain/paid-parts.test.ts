import assert from 'node:assert/strict'
import fc from 'fast-check'
import { continuityCompensationOf, type CompensationBasis } from './compensation.ts'
import { paidParts } from './paid-parts.ts'

const hourMs = 3_600_000
const basis: CompensationBasis = {
  ...{ month: '2026-03', voltageClass: 'BT', vrcBrl: 60 },
  limits: { dicH: 8, fic: 5, dmicH: 6, dicriH: 8, diseH: 24, source: 'entered' },
  choices: {
    'continuity-compensated-value': 'whole',
    'continuity-compensation-cap': 'per-indicator',
    'continuity-individual-precision': 'exact',
  },
}
const events = (hours: readonly number[]) =>
  hours.map((h, index) => ({ interruptionId: index + 1, ms: Math.round(h * hourMs) }))
const compensation = (dic: number, dicri: readonly number[], dise: readonly number[], other = {}) =>
  continuityCompensationOf({
    ...{ ...basis, ...other },
    unitMonth: { dicMs: Math.round(dic * hourMs), fic: 1, dmicMs: 0, dicri: events(dicri), dise: events(dise) },
  })

describe('what a compensation is paid for', () => {
  it('is the month, and each event', () => {
    assert.deepEqual(paidParts(compensation(10, [20, 7, 20], [30])), [
      { kind: 'month', cents: 2_794, payments: 1 },
      // Together 46.0273…: with what the month left of its cent.
      { kind: 'dicri', cents: 4_603, payments: 2 },
      { kind: 'dise', cents: 3_452, payments: 1 },
    ])
  })

  it('is nothing where nothing is due', () => assert.deepEqual(paidParts(compensation(8, [], [])), []))

  it('ends at the cap of the month', () => {
    const choices = { ...basis.choices, 'continuity-compensation-cap': 'per-month' }
    assert.deepEqual(paidParts(compensation(300, [300], [40], { choices })), [
      { kind: 'month', cents: 83_835, payments: 1 },
      { kind: 'dicri', cents: 24_165, payments: 1 },
      { kind: 'dise', cents: 0, payments: 1 },
    ])
  })

  it('adds up to the amount, and no part of it is negative (property)', () => {
    const hours = fc.double({ min: 0, max: 700, noNaN: true })
    const several = fc.array(hours, { maxLength: 4 })
    const other = fc.record({
      vrcBrl: fc.double({ min: 0, max: 1e5, noNaN: true }),
      choices: fc.record({
        'continuity-compensated-value': fc.constantFrom('whole', 'excess'),
        'continuity-compensation-cap': fc.constantFrom('per-indicator', 'per-month'),
        'continuity-individual-precision': fc.constant('exact'),
      }),
    })
    fc.assert(
      fc.property(hours, several, several, other, (dic, dicri, dise, choice) => {
        const money = compensation(dic, dicri, dise, choice)
        const parts = paidParts(money)
        assert.equal(
          parts.reduce((sum, { cents }) => sum + cents, 0),
          Math.round(money.amountBrl * 100),
        )
        assert.ok(parts.every(({ cents }) => Number.isInteger(cents) && cents >= 0))
      }),
    )
  })
})
