import assert from 'node:assert/strict'
import fc from 'fast-check'
import { countingFailures, delayAfter, delayRules, waitMs } from './login-delay.ts'

const { pair, user, address } = delayRules
const minute = 60_000

describe('the delay of logins', () => {
  for (const [rule, name, table] of [
    [
      pair,
      'pair',
      [
        [0, 0],
        [3, 0],
        [4, 1],
        [5, 2],
        [6, 4],
        [13, 512],
        [14, 900],
        [1_000, 900],
        [1e9, 900],
      ],
    ],
    [
      user,
      'user',
      [
        [10, 0],
        [11, 1],
        [12, 2],
        [16, 32],
        [17, 60],
        [1_000, 60],
      ],
    ],
    [
      address,
      'address',
      [
        [30, 0],
        [31, 1],
        [36, 32],
        [37, 60],
        [100_000, 60],
      ],
    ],
  ] as const)
    for (const [count, seconds] of table)
      it(`is ${seconds} s after ${count} failures by ${name}`, () =>
        assert.equal(delayAfter(rule, count), seconds * 1_000))

  const anyRule = fc.constantFrom(pair, user, address)
  const count = fc.nat(2_000)

  it('never shrinks with another failure, and never exceeds its bound (property)', () => {
    fc.assert(
      fc.property(anyRule, count, (rule, count) => {
        assert.ok(delayAfter(rule, count) <= delayAfter(rule, count + 1))
        assert.ok(delayAfter(rule, count) <= rule.mostMs)
      }),
    )
  })

  it('is waited for from the last failure on, and never longer than itself, wherever the clock goes (property)', () => {
    const at = fc.integer({ min: 0, max: 4e12 })
    fc.assert(
      fc.property(anyRule, count, at, at, (rule, count, lastAt, now) => {
        const wait = waitMs(rule, { count, lastAt }, now)
        assert.ok(wait >= 0 && wait <= delayAfter(rule, count))
        if (now >= lastAt + rule.mostMs) assert.equal(wait, 0)
        if (now === lastAt) assert.equal(wait, delayAfter(rule, count))
      }),
    )
  })

  it('gets shorter as time passes (property)', () => {
    fc.assert(
      fc.property(anyRule, count, fc.nat(3_600_000), fc.nat(3_600_000), (rule, count, since, more) => {
        const failures = { count, lastAt: 0 }
        assert.ok(waitMs(rule, failures, since) >= waitMs(rule, failures, since + more))
      }),
    )
  })

  it('begins anew when nothing has failed for long enough', () => {
    const failures = { count: 50, lastAt: 0 }
    assert.equal(countingFailures(pair, failures, 60 * minute), 50)
    assert.equal(countingFailures(pair, failures, 60 * minute + 1), 0)
    assert.equal(countingFailures(pair, undefined, 0), 0)
    assert.equal(waitMs(pair, undefined, 0), 0)
  })
})
