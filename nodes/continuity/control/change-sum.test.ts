import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import type { ContinuityCompensation } from '../domain/compensation.ts'
import { ChangeSum, dueBrl, type JudgedMonth } from './change-sum.ts'

const hourMs = 3_600_000
const rule = { validFrom: '2026-01-01', source: 'test' }
const paying = (amountBrl: number): ContinuityCompensation => {
  const money = { amountBrl, exactBrl: amountBrl, formula: '', inputs: {}, rule }
  return { ...money, items: [{ indicator: 'DIC', paid: true, money }] }
}
const month = (unitId: string, dicH: number, brl: number | null, pending: string | null = null): JudgedMonth => ({
  ...{
    unitId,
    month: '2026-03',
    dicMs: dicH * hourMs,
    fic: 1,
    dmicMs: dicH * hourMs,
    dicri: [],
    dise: [],
    parcels: {},
  },
  ...{ compensation: brl === null ? null : paying(brl), pending },
})

describe('the sum of changes', () => {
  it('adds cents, not binary fractions, and leaves alone what stays as it is', () => {
    const sum = new ChangeSum()
    for (const unitId of ['a', 'b', 'c']) sum.addUnit(month(unitId, 9, 0.1), month(unitId, 1, 0))
    sum.addUnit(month('same', 9, 7), month('same', 9, 7))
    const { deltaBrl, units } = sum.effect()
    assert.deepEqual([deltaBrl, units], [-0.3, 3])
  })

  it('shows the ten units with most, whichever way', () => {
    const sum = new ChangeSum()
    for (let n = 1; n <= 25; n++) sum.addUnit(month(`u-${n}`, 9, n), month(`u-${n}`, 1, n % 2 ? 0 : 2 * n))
    const shown = sum.effect()['greatestUnits'] as { unitId: string; deltaBrl: number }[]
    assert.deepEqual(
      shown.map(({ deltaBrl }) => deltaBrl),
      [-25, 24, -23, 22, -21, 20, -19, 18, -17, 16],
    )
  })

  it('counts what it cannot say apart, and says no amount where it can say none', () => {
    const sum = new ChangeSum()
    sum.addUnit(month('poor', 9, null, 'no VRC'), month('poor', 1, null, 'no VRC'))
    assert.deepEqual(
      [sum.effect().deltaBrl, sum.effect().notComputable],
      [null, 'of no unit it can be said what is due: no VRC'],
    )
    sum.addUnit(month('rich', 9, 5), month('rich', 1, 0))
    assert.deepEqual(
      [sum.effect().deltaBrl, sum.effect()['withoutAmount']],
      [-5, { count: 1, reasons: { 'no VRC': 1 } }],
    )
  })

  it('is nothing where nothing changes', () => {
    const { deltaBrl, units, greatestUnits } = new ChangeSum().effect()
    assert.deepEqual([deltaBrl, units, greatestUnits], [0, 0, []])
  })

  it('takes nothing to be due where nothing is held against anybody', () =>
    assert.deepEqual(
      [dueBrl({ compensation: null, pending: null }), dueBrl({ compensation: null, pending: 'x' })],
      [0, null],
    ))
})
