import assert from 'node:assert/strict'
import { Ajv } from 'ajv'
import { LiveControl } from './live-control.ts'

describe('a device under control, on the live stream', () => {
  const at = '2026-11-21T12:00:00.000Z'
  const share = { at, powerKw: 4, deficitKw: 0, binding: 'wanted', limitFeederId: null, limitSource: null }
  const device = { deviceId: 'ev-1', feederId: 'f-1', ofUnit: false, setpointKw: 4, expiresAt: at, share }
  const check = new Ajv({ formats: { 'date-time': true } }).compile(LiveControl)

  it('has a setpoint, or a share, or both', () => {
    for (const one of [device, { ...device, share: null }, { ...device, setpointKw: null, expiresAt: null }])
      assert.ok(check(one), JSON.stringify(check.errors))
  })

  it('is bound by what the control loop knows', () =>
    assert.ok(!check({ ...device, share: { ...share, binding: 'chance' } })))
})
