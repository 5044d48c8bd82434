import assert from 'node:assert/strict'
import { continuityCompensationOf, type CompensationBasis } from './compensation.ts'
import {
  compensationCodes,
  compensationIndexes,
  paymentsOf,
  reportedFor,
  unitGroupOf,
  type PaidCompensation,
} from './official-compensation.ts'

describe('compensation in official files', () => {
  it('has the codes of the regulator, and no others', () => {
    const form = /^(PG|QT)U(C|G)(AT|MTU|MTNU|BTU|BTNU)(A|T|DC|DS)?$/
    for (const code of compensationCodes) assert.match(code, form)
    assert.equal(new Set(compensationCodes).size, 100)
  })

  it('of 2 payments of R$ 27.94 for DISE in urban low voltage is PGUCBTUDS 27.94 and QTUCBTUDS 2', () => {
    const paid: PaidCompensation = {
      ...{ conjunto: { id: '1', name: 'A' }, year: 2026, month: 3 },
      ...{ holder: 'consumer', group: 'BTU', for: 'dise', cents: 2_794, payments: 2 },
    }
    const values = [...compensationIndexes([paid])].map(({ code, hundredths }) => [code, hundredths])
    assert.deepEqual(values, [
      ['PGUCBTUDS', 2_794],
      ['QTUCBTUDS', 200],
    ])
  })
})

describe('what of a compensation is for what', () => {
  const month = (basis: Partial<CompensationBasis> = {}): CompensationBasis => ({
    ...{ month: '2026-03', voltageClass: 'BT', vrcBrl: 60 },
    limits: { dicH: 8, fic: 5, dmicH: 6, dicriH: 8, diseH: 24, source: 'a test' },
    choices: {
      'continuity-compensated-value': 'whole',
      'continuity-compensation-cap': 'per-indicator',
      'continuity-individual-precision': 'exact',
    },
    ...basis,
  })
  const hourMs = 3_600_000
  const unitMonth = {
    ...{ dicMs: 10 * hourMs, fic: 6, dmicMs: 7 * hourMs },
    dicri: [{ interruptionId: 1, ms: 20 * hourMs }],
    dise: [{ interruptionId: 2, ms: 30 * hourMs }],
  }

  it('comes to the amount, cut once: 27.94 + 23.01 + 34.52 is 85.47', () => {
    const payments = paymentsOf(continuityCompensationOf({ ...month(), unitMonth }))
    assert.deepEqual(payments, {
      month: { cents: 2_794, payments: 1 },
      dicri: { cents: 2_301, payments: 1 },
      dise: { cents: 3_452, payments: 1 },
    })
  })

  it('comes to it under a cap of the whole month, too', () => {
    const choices = { ...month().choices, 'continuity-compensation-cap': 'per-month' } as const
    const longest = { ...unitMonth, dicMs: 400 * hourMs }
    const payments = paymentsOf(continuityCompensationOf({ ...month({ choices }), unitMonth: longest }))
    assert.deepEqual(
      Object.values(payments).reduce((sum, { cents }) => sum + cents, 0),
      108_000,
    )
  })

  it('is nothing of nothing', () => {
    const none = { dicMs: 0, fic: 0, dmicMs: 0, dicri: [], dise: [] }
    assert.deepEqual(paymentsOf(continuityCompensationOf({ ...month(), unitMonth: none })), {})
  })

  it('is by class and area', () => {
    assert.deepEqual(
      [unitGroupOf('AT', null), unitGroupOf('MT', 'non_urban'), unitGroupOf('BT', 'urban'), unitGroupOf('BT', null)],
      ['AT', 'MTNU', 'BTU', 'BTU'],
    )
  })

  for (const [group, month, kinds] of [
    ['AT', '2026-03', ['month']],
    ['AT', '2021-12', ['month', 'dicri']],
    ['BTU', '2025-12', ['month', 'dicri']],
    ['MTNU', '2026-01', ['month', 'dicri', 'dise']],
  ] as const)
    it(`of ${group} in ${month} is ${kinds.join(', ')}`, () => assert.deepEqual(reportedFor(group, month), kinds))
})
