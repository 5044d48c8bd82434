import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'mocha'
import { bodyHashOf } from './body-hash.ts'

describe('the hash of what is sent', () => {
  const body = { deviceId: 'der-1', type: 'curtail', args: { p_limit_kw: 2, duration_s: 60 }, expiresAt: 0 } as const

  it('is SHA-256 of its canonical JSON', () => {
    const text =
      '{"args":{"duration_s":60,"p_limit_kw":2},"deviceId":"der-1","expiresAt":"1970-01-01T00:00:00.000Z","type":"curtail"}'
    assert.equal(bodyHashOf(body), createHash('sha256').update(text).digest('hex'))
  })

  it('is another one for anything else', () => {
    const others = [
      { ...body, deviceId: 'der-2' },
      { ...body, type: 'set_limit' as const },
      { ...body, args: { p_limit_kw: 2, duration_s: 61 } },
      { ...body, expiresAt: 1 },
    ]
    assert.equal(new Set([body, ...others].map(bodyHashOf)).size, 5)
  })
})
