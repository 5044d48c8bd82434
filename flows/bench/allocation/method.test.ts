import assert from 'node:assert/strict'
import fc from 'fast-check'
import { describe, it } from 'mocha'
import { wholeSteps } from './method.ts'

describe('whole steps', () => {
  it('are the most within', () => {
    assert.equal(wholeSteps(1.29, 0.1), 1.2)
    assert.equal(wholeSteps(0.1 * 3, 0.1), 0.3)
  })

  it('are never a step away (property)', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e4, noNaN: true }), fc.constantFrom(0.01, 0.1, 0.25, 1), (kw, step) => {
        assert.ok(wholeSteps(kw, step) <= kw + 1e-6 && wholeSteps(kw, step) > kw - step - 1e-6)
      }),
    )
  })
})
