import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { lineOf } from './run-conformance.ts'

// Whole runs are in flows/conformance.test.ts.
describe('a line of the conformance check', () => {
  it('says what was looked at, and what came of it', () => {
    assert.equal(
      lineOf({ check: 'clock', verdict: 'wrong', text: '7.0 s ahead of this machine' }),
      'WRONG   clock           7.0 s ahead of this machine',
    )
    assert.equal(lineOf({ check: 'restart', verdict: 'untried', text: 'x' }), '-       restart         x')
  })
})
