import assert from 'node:assert/strict'
import fc from 'fast-check'
import { Fences, readControl, validSetpointKw } from './control.ts'

describe('a setpoint on der/control', () => {
  for (const [payload, setpoint] of [
    ['{"p_setpoint_kw": 3.5}', { kw: 3.5 }],
    ['{"p_setpoint_kw": -2, "reason": "peak"}', { kw: -2 }],
    ['{"p_setpoint_kw": 1, "expires_at": 1768000000000}', { kw: 1, expiresAt: 1768000000000 }],
    ['{"p_setpoint_kw": 1, "expires_at": "2026-01-09T20:06:40-03:00"}', { kw: 1, expiresAt: 1768000000000 }],
    ['{"p_setpoint_kw": 1, "fencing_token": 7}', { kw: 1, fencingToken: 7 }],
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
    '{"p_setpoint_kw": 1, "fencing_token": 0.5}',
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

  it('of a controller that has lost its lease is not followed, each device by what it has seen', () => {
    const fences = new Fences()
    assert.equal(fences.refusal('ev-1', { kw: 3, fencingToken: 7 }), undefined)
    assert.equal(fences.refusal('ev-1', { kw: 2, fencingToken: 7 }), undefined)
    assert.equal(fences.refusal('ev-1', { kw: 3, fencingToken: 8 }), undefined)
    assert.equal(
      fences.refusal('ev-1', { kw: 11, fencingToken: 7 }),
      'fencing_token 7 is lower than 8, which it has seen',
    )
    assert.equal(fences.refusal('ev-2', { kw: 11, fencingToken: 7 }), undefined)
    assert.equal(fences.refusal('ev-1', { kw: 1 }), undefined)
  })

  it('holds until it expires', () => {
    assert.equal(validSetpointKw({ kw: 3, expiresAt: 100 }, 99), 3)
    assert.equal(validSetpointKw({ kw: 3, expiresAt: 100 }, 100), undefined)
    assert.equal(validSetpointKw({ kw: 3 }, 1e15), 3)
    assert.equal(validSetpointKw(undefined, 0), undefined)
  })
})
