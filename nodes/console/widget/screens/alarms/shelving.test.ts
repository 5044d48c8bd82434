import assert from 'node:assert/strict'
import { offeredMinutes, shelvingMinutes } from './shelving.ts'

describe('how long an alarm may be put aside', () => {
  it('is what its class lets be', () => {
    assert.deepEqual(offeredMinutes(30 * 60_000), [5, 15, 30])
    assert.deepEqual(offeredMinutes(31 * 60_000), [5, 15, 30])
  })

  it('is anything where the class is not known, for the server decides', () => {
    assert.deepEqual(offeredMinutes(undefined), shelvingMinutes)
  })

  it('is the whole of what a very strict class lets be', () => {
    assert.deepEqual(offeredMinutes(3.5 * 60_000), [3])
    assert.deepEqual(offeredMinutes(10_000), [1])
  })
})
