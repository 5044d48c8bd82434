import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { readRequest, requestHashOf } from './command-request.ts'
import { aRequest } from './requests.fixture.ts'

const now = Date.UTC(2026, 10, 21, 12)

describe('a request for a command', () => {
  it('expires as its class says, as it says itself, or at the instant it says', () => {
    const expiryOf = (of: Parameters<typeof aRequest>[0]) => (readRequest(aRequest(of), now).expiresAt - now) / 1_000
    assert.deepEqual(
      [expiryOf({}), expiryOf({ expiresInSeconds: 7 }), expiryOf({ expiresAt: '2026-11-21T09:01:00-03:00' })],
      [300, 7, 60],
    )
  })

  it('has the same hash whatever its key and the order of its fields, and another one for anything else', () => {
    const request = aRequest({ type: 'curtail', args: { p_limit_kw: 1, duration_s: 60 } })
    const { type, args, deviceId } = request
    assert.equal(
      requestHashOf({ idempotencyKey: 'another-key', args: { duration_s: 60, p_limit_kw: 1 }, type, deviceId }),
      requestHashOf(request),
    )
    const others = [
      { ...request, reason: 'why' },
      { ...request, expiresInSeconds: 60 },
      { ...request, deviceId: 'x' },
      { ...request, args: { ...args, duration_s: 61 } },
    ]
    assert.equal(new Set([request, ...others].map(requestHashOf)).size, 5)
    assert.equal(requestHashOf(aRequest({ args: {} })), requestHashOf(aRequest()))
  })

  it('names every argument at fault', () =>
    assert.throws(
      () => readRequest(aRequest({ type: 'curtail', args: { p_limit_kw: -1, duration_s: 1.5 } }), now),
      /body.args.p_limit_kw is -1: .*body.args.duration_s is 1.5/,
    ))
})
