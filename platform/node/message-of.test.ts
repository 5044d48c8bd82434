import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { asError, messageOf } from './message-of.ts'

describe('what was thrown', () => {
  it('is put into words, whatever it is', () => {
    assert.equal(messageOf(new Error('no feeder')), 'no feeder')
    assert.equal(messageOf('no feeder'), 'no feeder')
    assert.equal(messageOf(undefined), 'undefined')
  })

  it('becomes an error, or stays the one it is', () => {
    const error = new RangeError('out of range')
    assert.equal(asError(error), error)
    assert.equal(asError('no feeder').message, 'no feeder')
  })
})
