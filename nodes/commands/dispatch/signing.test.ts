import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { describe, it } from 'mocha'
import { deviceKey, signed } from './signing.ts'

const secret = 'the secret of an installation, long enough'
const message = {
  command_id: '7b0c5e2a-3a55-4c8e-9a0e-2f6f4e3c1d10',
  control_number: 1_000_000_007,
  phase: 'operate',
  type: 'open',
  args: {},
  expires_at: '2026-11-21T12:00:00.000Z',
} as const

describe('signing commands', () => {
  it('derives a key of 32 bytes for each device: the same ever after, another one for another device or secret', () => {
    assert.equal(deviceKey(secret, 'SW-1').length, 32)
    assert.deepEqual(deviceKey(secret, 'SW-1'), deviceKey(secret, 'SW-1'))
    assert.notDeepEqual(deviceKey(secret, 'SW-1'), deviceKey(secret, 'SW-2'))
    assert.notDeepEqual(deviceKey(secret, 'SW-1'), deviceKey(`${secret}!`, 'SW-1'))
  })

  it('is what a device computes that knows its key and the page on the protocol', () => {
    const key = deviceKey(secret, 'SW-1')
    const lines = `SW-1\n${message.command_id}\n1000000007\noperate\nopen\n2026-11-21T12:00:00.000Z`
    const expected = createHmac('sha256', key).update(lines).digest('base64url')
    assert.deepEqual(signed(secret, 'SW-1', message), { ...message, signature: expected })
  })

  it('does not fit a message of which anything was changed', () => {
    const { signature } = signed(secret, 'SW-1', message)
    assert.notEqual(signed(secret, 'SW-1', { ...message, type: 'close' }).signature, signature)
    assert.notEqual(signed(secret, 'SW-2', message).signature, signature)
  })
})
