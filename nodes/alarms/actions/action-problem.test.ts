import assert from 'node:assert/strict'
import { problemOfOutcome } from './action-problem.ts'

describe('the problem of an attempt that was refused', () => {
  for (const [code, status] of [
    ['unknown-alarm', 404],
    ['wrong-role', 403],
    ['foreign-area', 403],
    ['end-needed', 400],
    ['stale-occurrence', 409],
    ['beyond-shelving-limit', 409],
  ] as const)
    it(`${code} is ${status}, with the reason and the code`, () => {
      const refused = { alarmId: 7, key: null, action: 'shelve', outcome: 'refused', code } as const
      const problem = problemOfOutcome({ ...refused, problem: 'for a reason', state: null, occurrence: null })
      const { status: is, message: detail, code: why } = problem
      assert.deepEqual([is, detail, why], [status, 'for a reason', code])
    })
})
