import assert from 'node:assert/strict'
import { instrumentValues, type Supply } from './instrument.ts'

const calm: Supply = { volts: [127, 127, 127], loading: 0.5, ripple: [0, 0, 0], endsTenMinutes: true }
const measured = (more: Partial<Supply> = {}) => instrumentValues({ ...calm, ...more })

describe('an instrument of voltage quality', () => {
  it('sees no unbalance in equal phases, and less than their differences in unequal ones', () => {
    assert.equal(measured().unbalance_pct, 0)
    // One phase 3 % low: negative sequence of 1 % of the positive one.
    const { unbalance_pct } = measured({ volts: [127 * 0.97, 127, 127] })
    assert.ok(Math.abs(unbalance_pct! - 1.01) < 0.001, `${unbalance_pct}`)
    assert.equal(measured({ volts: [0, 0, 0] }).unbalance_pct, 0)
  })

  it('sees more distortion under load, its parts within the whole and each phase its own', () => {
    const [idle, loaded] = [measured({ loading: 0.1 }), measured({ loading: -1 })]
    assert.ok(loaded.dtt_a_pct! > idle.dtt_a_pct!)
    const { dtt_b_pct, dttp_b_pct, dtti_b_pct, dtt3_b_pct } = measured({ ripple: [0, 2, 0] })
    assert.ok(Math.abs(dtt_b_pct! - Math.hypot(dttp_b_pct!, dtti_b_pct!, dtt3_b_pct!)) < 0.002)
    assert.ok(dtt_b_pct! > measured().dtt_b_pct! && dtt_b_pct! < 10)
  })

  it('tells flicker where ten minutes end, and not in between', () => {
    assert.ok(measured({ ripple: [0, 0, -2] }).pst_c_pu! > measured().pst_c_pu!)
    assert.ok(!('pst_a_pu' in measured({ endsTenMinutes: false })))
  })
})
