import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { DatabaseError } from 'pg'
import { DatabaseUnavailable } from '../storage/database.ts'
import { problemOf } from './faults.ts'
import { Problem } from './problem.ts'

const databaseError = (code: string): DatabaseError =>
  Object.assign(new DatabaseError('duplicate key value "hunter2"', 0, 'error'), { code })

describe('whatever was thrown', () => {
  const heard = (thrown: unknown) => {
    const log: string[] = []
    const problem = problemOf(thrown, 'GET /api/x', (entry) => log.push(entry))
    return { problem, log, told: JSON.stringify(problem) }
  }

  it('is told as it is, where it is a problem', () => {
    const problem = new Problem(404)
    assert.deepEqual([heard(problem).problem, heard(problem).log], [problem, []])
  })

  it('is a database that is away, where it is', () => {
    for (const thrown of [new DatabaseUnavailable('connect 10.0.0.7'), databaseError('57014')]) {
      const { problem, log, told } = heard(thrown)
      assert.deepEqual([problem.status, log], [503, []])
      assert.doesNotMatch(told, /10\.0/)
    }
  })

  for (const [code, status] of [
    ['23505', 409],
    ['23503', 409],
    ['23514', 400],
    ['22003', 400],
    ['22P02', 400],
    ['42601', 500],
  ] as const) {
    it(`is ${status} to the caller and an entry in the log, where the database refuses with ${code}`, () => {
      const { problem, log, told } = heard(databaseError(code))
      assert.equal(problem.status, status)
      assert.ok(log[0]!.startsWith(`${problem.reference} GET /api/x: `))
      assert.doesNotMatch(told, /hunter2/)
    })
  }

  it('is a reference to the caller, and one line of bounded length in the log', () => {
    for (const thrown of [new Error('x'.repeat(10_000)), 'a text', undefined, null, { a: 1 }]) {
      const { problem, log, told } = heard(thrown)
      assert.equal(problem.status, 500)
      assert.ok(told.includes(problem.reference!) && log[0]!.startsWith(problem.reference!))
      assert.ok(log[0]!.length <= 4_000 && !log[0]!.includes('\n'))
      assert.doesNotMatch(told, /xxx|a text|\.js/)
    }
  })
})
