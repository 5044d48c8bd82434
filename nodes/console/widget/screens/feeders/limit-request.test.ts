import assert from 'node:assert/strict'
import { limitRequest, rightFor, typedNumber, type LimitForm } from './limit-request.ts'

const form: LimitForm = {
  ...{ value: '12,5', unit: 'kw', line: 'total', direction: 'import', duration: '60', reason: ' Runs hot ' },
}

describe('a limit as somebody fills it in', () => {
  it('is sent with its duration, or without an end', () => {
    const asked = { value: 12.5, unit: 'kw', line: 'total', direction: 'import', reason: 'Runs hot' }
    assert.deepEqual(limitRequest(form), { body: { ...asked, durationMinutes: 60 } })
    assert.deepEqual(limitRequest({ ...form, duration: 'lasting' }), { body: asked })
  })

  it('names the fields that are not filled in', () => {
    assert.deepEqual(limitRequest({ ...form, value: '', reason: ' ' }), { faults: ['value', 'reason'] })
    assert.deepEqual(limitRequest({ ...form, value: '-1' }), { faults: ['value'] })
    assert.deepEqual(limitRequest({ ...form, value: '1000000.1' }), { faults: ['value'] })
    assert.deepEqual(limitRequest({ ...form, value: '0' }), {
      body: { value: 0, unit: 'kw', line: 'total', direction: 'import', reason: 'Runs hot', durationMinutes: 60 },
    })
  })

  it('takes numbers with a comma or a point, and nothing else for a number', () => {
    assert.deepEqual(
      ['1,5', '1.5', '-2', '1e3', '', '1.2.3', '12kW'].map((text) => typedNumber(text)),
      [1.5, 1.5, -2, undefined, undefined, undefined, undefined],
    )
  })
})

describe('the right that taking a limit back takes', () => {
  const validFrom = '2026-11-21T12:00:00Z'
  it('is to operate for what ends within seven days', () => {
    assert.equal(rightFor({ validFrom, validUntil: '2026-11-28T12:00:00Z', schedule: null }), 'operate')
    assert.equal(rightFor({ validFrom, validUntil: '2026-11-28T12:00:01Z', schedule: null }), 'configure-feeders')
  })
  it('is to configure feeders for what lasts, or is in windows of the week', () => {
    assert.equal(rightFor({ validFrom, validUntil: null, schedule: null }), 'configure-feeders')
    const schedule = { days: [1], from: '18:00', until: '21:00' }
    assert.equal(rightFor({ validFrom, validUntil: '2026-11-22T12:00:00Z', schedule }), 'configure-feeders')
  })
})
