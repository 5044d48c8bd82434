import assert from 'node:assert/strict'
import { Problem } from '../http/problem.ts'
import { givenInstant } from './period-name.ts'

describe('a bound of a period', () => {
  it('is an instant, or none', () => {
    assert.equal(givenInstant('validFrom', '2026-01-01T00:00:00-03:00'), Date.UTC(2026, 0, 1, 3))
    assert.deepEqual([givenInstant('validFrom', null), givenInstant('validFrom', undefined)], [null, null])
  })

  it('lies in the years that the registry takes', () => {
    for (const written of ['1899-12-31T23:59:59Z', '2200-01-01T00:00:00Z'])
      assert.throws(
        () => givenInstant('validTo', written),
        (error: unknown) => error instanceof Problem && error.status === 400 && error.message.length > 0,
      )
  })
})
