import assert from 'node:assert/strict'
import type { CompensationChoices, MonthIndicators } from './compensation.ts'
import { dueOf, type UnitBasis } from './due.ts'

const hourMs = 3_600_000
const choices: CompensationChoices = {
  'continuity-compensated-value': 'whole',
  'continuity-compensation-cap': 'per-indicator',
  'continuity-individual-precision': 'exact',
}
const basis = (of: Partial<UnitBasis> = {}): UnitBasis => ({
  ...{ unitId: 'u', conjuntoId: 'C1', voltageClass: 'BT', area: 'urban', vrcBrl: 60, pending: null },
  limits: { dicH: 8, fic: 5, dmicH: 6, dicriH: 8, diseH: 24, source: 'entered' },
  ...of,
})
const out = (hours: number): MonthIndicators => ({
  ...{ dicMs: hours * hourMs, fic: hours > 0 ? 1 : 0, dmicMs: hours * hourMs, dicri: [], dise: [] },
})
const due = (of: Partial<UnitBasis>, month: MonthIndicators) => {
  const { compensation, pending } = dueOf(basis(of), '2026-03', month, choices)
  return [compensation?.amountBrl ?? null, pending]
}

describe('what is due to a unit', () => {
  const withoutBase = { vrcBrl: null, pending: 'no base' }
  const withoutLimits = { limits: null, vrcBrl: null, pending: 'no limits' }
  const event = { interruptionId: 1, ms: hourMs }

  it('is its compensation', () => assert.deepEqual(due({}, out(10)), [27.94, null]))
  it('is nothing within the limits', () => assert.deepEqual(due({}, out(5)), [0, null]))
  it('waits for a monetary base where a limit is passed', () =>
    assert.deepEqual(due(withoutBase, out(10)), [null, 'no base']))
  it('waits for no monetary base within the limits', () => assert.deepEqual(due(withoutBase, out(5)), [0, null]))
  it('waits for limits where there was an outage', () =>
    assert.deepEqual(due(withoutLimits, out(0.05)), [null, 'no limits']))
  it('waits for limits also where the outage was an event alone', () => {
    assert.deepEqual(due(withoutLimits, { ...out(0), dicri: [event] }), [null, 'no limits'])
    assert.deepEqual(due(withoutLimits, { ...out(0), dise: [event] }), [null, 'no limits'])
  })
  it('waits for nothing without an outage', () => assert.deepEqual(due(withoutLimits, out(0)), [null, null]))
  it('waits for a rule where none is known for the month', () => {
    const { compensation, pending } = dueOf(basis(), '2009-12', out(10), choices)
    assert.equal(compensation, null)
    assert.match(pending!, /^no rule for compensation of continuity is known on 2009-12-01/)
  })
})
