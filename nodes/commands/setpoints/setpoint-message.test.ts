import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { setpointsOf } from './setpoint-message.ts'

const now = Date.UTC(2026, 2, 2, 12)
const minuteMs = 60_000
const of = (payload: unknown) => setpointsOf(payload, 15 * minuteMs, now)

describe('a payload of setpoints', () => {
  it('is one, or several, each with its end', () => {
    assert.deepEqual(of({ deviceId: 'bat-1', powerKw: 2 }), [
      { deviceId: 'bat-1', powerKw: 2, expiresAt: now + 15 * minuteMs, reason: null },
    ])
    const [first, second, third] = of([
      { deviceId: 'a', powerKw: 1, minutes: 0.5, reason: 'peak' },
      { deviceId: 'b', powerKw: -1, expiresAt: '2026-03-02T10:00:00-03:00' },
      { deviceId: 'c', powerKw: null, minutes: 5 },
    ])
    assert.deepEqual([first!.expiresAt, first!.reason], [now + 30_000, 'peak'])
    assert.equal(second!.expiresAt, Date.UTC(2026, 2, 2, 13))
    assert.deepEqual([third!.powerKw, third!.expiresAt], [null, null])
  })

  it('says under which lease it is set', () =>
    assert.deepEqual(of({ deviceId: 'a', powerKw: 1, fencing: { lease: 'feeders/f-1', token: 7 } })[0]!.fencing, {
      lease: 'feeders/f-1',
      token: 7,
    }))

  for (const [payload, words] of [
    [{ deviceId: 'a', powerKw: 1, fencing: { lease: 'x' } }, /^payload.fencing.token is missing$/],
    [{ deviceId: 'a', powerKw: 1, fencing: { lease: 'x', token: 0 } }, /^payload.fencing.token is 0: it must be >= 1$/],
    [undefined, /^payload is undefined: it must be object/],
    [{ powerKw: 1 }, /^payload.deviceId is missing$/],
    [{ deviceId: 'a b', powerKw: 1 }, /^payload.deviceId is "a b"/],
    [{ deviceId: 'a' }, /^payload.powerKw is missing$/],
    [{ deviceId: 'a', powerKw: '2' }, /^payload.powerKw is "2": it takes kW, or null for none$/],
    [{ deviceId: 'a', powerKw: NaN }, /^payload.powerKw is NaN/],
    [{ deviceId: 'a', powerKw: 1, minutes: 0 }, /^payload.minutes is 0: it must be > 0$/],
    [{ deviceId: 'a', powerKw: 1, minutes: 1, expiresAt: now }, /has expiresAt and minutes: it takes one of them$/],
    [
      { deviceId: 'a', powerKw: 1, expiresAt: '2026-03-02T10:00' },
      /^payload.expiresAt is "2026-03-02T10:00": it takes/,
    ],
    [{ deviceId: 'a', powerKw: 1, expiresAt: {} }, /^payload.expiresAt is {}: it takes an instant/],
    [
      { deviceId: 'a', powerKw: 1, user: 'admin' },
      /^payload.user is not taken: who acts is never what a message says$/,
    ],
    [
      [
        { deviceId: 'a', powerKw: 1 },
        { deviceId: 'b', kw: 1 },
      ],
      /^payload\[1\]/,
    ],
    [Array.from({ length: 1_001 }, () => ({ deviceId: 'a', powerKw: 1 })), /has 1001 setpoints: it takes 1000 at most/],
  ] as const)
    it(`says what is wrong: ${words.source}`, () =>
      assert.throws(() => of(payload), { name: 'BadSetpoint', message: words }))
})
