import assert from 'node:assert/strict'
import { hourMs, six } from './call.fixture.ts'
import { deliveredIn } from './delivered.ts'

const part = (index: number, baselineKw: number) => ({
  from: six + index * hourMs,
  to: six + (index + 1) * hourMs,
  baselineKw,
})
const measured = (actualKw: number | null, coverage = 1) => ({ actualKw, coverage })

describe('the energy that is given up', () => {
  it('is the baseline less what was taken, hour by hour', () => {
    const half = { from: six + 2 * hourMs, to: six + 2.5 * hourMs, baselineKw: 40 }
    const delivered = deliveredIn(
      [part(0, 100), part(1, 90), half],
      [60, 70, 20].map((kw) => measured(kw)),
      'import',
    )
    assert.deepEqual(delivered, { baselineKwh: 210, actualKwh: 140, deliveredKwh: 70, coverage: 1 })
  })

  it('what was taken more in one hour counts against it, and in all it is never below zero', () => {
    const kwhOf = (actual: readonly number[]) => {
      const delivered = deliveredIn(
        [part(0, 100), part(1, 100)],
        actual.map((kw) => measured(kw)),
        'import',
      )
      return 'reason' in delivered ? delivered.reason : delivered.deliveredKwh
    }
    assert.equal(kwhOf([50, 120]), 30)
    assert.equal(kwhOf([120, 120]), 0)
  })

  it('of a limit for export it is what was fed in less', () => {
    const delivered = deliveredIn([part(0, -80)], [measured(-50)], 'export')
    assert.ok(!('reason' in delivered))
    assert.equal(delivered.deliveredKwh, 30)
  })

  it('nobody can say where less than half of an hour was measured', () => {
    const parts = [part(0, 100), part(1, 100)]
    const said = deliveredIn(parts, [measured(50), measured(50, 0.4)], 'import')
    assert.deepEqual(said, { reason: 'only 40 % of hour 2 of the event was measured', coverage: 0.7 })
    assert.ok('reason' in deliveredIn(parts, [measured(null, 0), measured(50)], 'import'))
  })
})
