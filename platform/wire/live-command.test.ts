import assert from 'node:assert/strict'
import { Ajv } from 'ajv'
import { LiveCommand } from './live-command.ts'
import { Instant, nullable, words } from './live-fields.ts'

describe('a command on the live stream', () => {
  const command = {
    ...{ commandId: 'c-1', deviceId: 'sw-1', feederId: null, ofUnit: false, type: 'open', args: { p_limit_kw: 5 } },
    ...{ state: 'queued', stateSince: '2026-03-02T12:00:00Z', stateReason: null, isInFlight: false },
    ...{ isQuarantined: false, requestedBy: 'ana', requestedAt: '2026-03-02T12:00:00Z', reason: null },
    ...{ expiresAt: '2026-03-02T12:10:00Z', attempts: 0, approvalId: null },
  }
  const valid = new Ajv({ strict: false, formats: { 'date-time': true } }).compile(LiveCommand)

  it('says all there is to say of it', () => {
    assert.ok(valid(command), JSON.stringify(valid.errors))
    for (const name of Object.keys(command)) assert.ok(!valid({ ...command, [name]: undefined }), name)
    assert.ok(!valid({ ...command, state: 'draft' }))
  })

  it('has fields of which null says something, and others that are one of some words', () => {
    const either = new Ajv({ strict: false, formats: { 'date-time': true } }).compile(nullable(Instant, 'when'))
    assert.deepEqual([either(null), either('2026-03-02T12:00:00Z'), either(5)], [true, true, false])
    assert.deepEqual(words('a', 'b').enum, ['a', 'b'])
  })
})
