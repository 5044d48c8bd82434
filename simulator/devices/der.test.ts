import assert from 'node:assert/strict'
import { defaultSize, fieldOf } from '../field.ts'
import { derPayload, type DerSpec, type DerState } from './der.ts'

const spec: DerSpec = fieldOf(defaultSize).pvs[0]!
const state: DerState = { at: Date.UTC(2026, 0, 15, 12), powerKw: -3.2, measuredKw: -3.2004567 }

describe('the payload of a distributed energy resource', () => {
  it('says who it is, where it hangs, and what its meter shows', () => {
    assert.deepEqual(derPayload('pv', spec, state), {
      deviceId: 'pv-001',
      type: 'pv',
      timestamp: '2026-01-15T12:00:00.000Z',
      p_actual_kw: -3.2,
      site_id: 'house-01',
      p_max_kw: 5,
      feeder_id: 'feeder-01',
      parent_feeder_id: 'feeder-00',
      priority: 10,
      is_physical: false,
    })
  })

  it('names a setpoint only while it is steered, also one of zero', () => {
    assert.ok(!('p_setpoint_kw' in derPayload('pv', spec, state)))
    assert.equal(derPayload('pv', spec, { ...state, targetKw: 0 }).p_setpoint_kw, 0)
    assert.equal(derPayload('pv', spec, { ...state, targetKw: -1.23456 }).p_setpoint_kw, -1.235)
  })

  it('never shows a negative zero', () => {
    const { p_actual_kw } = derPayload('pv', spec, { ...state, measuredKw: -0.0001 })
    assert.ok(Object.is(p_actual_kw, 0))
  })
})
