import assert from 'node:assert/strict'
import fc from 'fast-check'
import { readControl, validSetpointKw } from './control.ts'

describe('a setpoint on der/control', () => {
  for (const [payload, setpoint] of [
    ['{"p_setpoint_kw": 3.5}', { kw: 3.5 }],
    ['{"p_setpoint_kw": -2, "reason": "peak"}', { kw: -2 }],
    ['{"p_setpoint_kw": 1, "expires_at": 1768000000000}', { kw: 1, expiresAt: 1768000000000 }],
    ['{"p_setpoint_kw": 1, "expires_at": "2026-01-09T20:06:40-03:00"}', { kw: 1, expiresAt: 1768000000000 }],
  ] as const) {
    it(payload, () => assert.deepEqual(readControl(payload), { is: 'setpoint', setpoint }))
  }

  it('an emptied retained message releases', () => assert.deepEqual(readControl(''), { is: 'released' }))

  for (const payload of [
    'off',
    '3.5',
    'null',
    '[]',
    '[{"p_setpoint_kw": 3.5}]',
    '{}',
    '{"p_setpoint_kw": "3.5"}',
    '{"p_setpoint_kw": null}',
    '{"p_setpoint_kw": 1e9}',
    '{"p_setpoint_kw": 1, "expires_at": "2026-01-09T20:06:40"}',
    '{"p_setpoint_kw": 1, "expires_at": "soon"}',
    '{"p_setpoint_kw":\n',
  ]) {
    it(`refuses ${JSON.stringify(payload)} in one line`, () => {
      const message = readControl(payload)
      assert.ok(message.is === 'refused' && !message.reason.includes('\n'))
    })
  }

  it('never throws (property)', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.string({ unit: 'binary' })), (text) => void readControl(text)),
    )
  })

  it('holds until it expires', () => {
    assert.equal(validSetpointKw({ kw: 3, expiresAt: 100 }, 99), 3)
    assert.equal(validSetpointKw({ kw: 3, expiresAt: 100 }, 100), undefined)
    assert.equal(validSetpointKw({ kw: 3 }, 1e15), 3)
    assert.equal(validSetpointKw(undefined, 0), undefined)
  })
})
