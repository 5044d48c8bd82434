import assert from 'node:assert/strict'
import { problemOf } from './form-problem.ts'

describe('what a form came to', () => {
  for (const [status, retryAfter, kind, waitSeconds] of [
    [401, null, 'wrong', 0],
    [401, '2', 'wrong', 2],
    [429, '7', 'tooMany', 7],
    [429, '0.3', 'tooMany', 1],
    [429, '99999', 'tooMany', 3_600],
    [429, 'Sat, 21 Nov 2026 10:00:00 GMT', 'tooMany', 0],
    [429, '-4', 'tooMany', 0],
    [503, '5', 'away', 5],
    [500, null, 'away', 0],
    [502, null, 'unreachable', 0],
    [403, null, 'refused', 0],
    [400, null, 'weak', 0],
  ] as const)
    it(`is ${kind}, wait ${waitSeconds} s, for ${status} with Retry-After ${retryAfter}`, () =>
      assert.deepEqual(problemOf({ status, retryAfter }, { 400: 'weak', 401: 'wrong' }), { kind, waitSeconds }))

  it('is a server that does not answer where there is no answer', () =>
    assert.deepEqual(problemOf(undefined, {}), { kind: 'unreachable', waitSeconds: 0 }))
})
