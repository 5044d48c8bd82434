import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { Allowance } from './allowance.ts'

describe('how much a client may say', () => {
  it('thirty messages at once, then three a second', () => {
    const allowance = new Allowance(0)
    const takes = (now: number): number => {
      let taken = 0
      while (allowance.take(now)) taken++
      return taken
    }
    assert.equal(takes(0), 30)
    assert.equal(takes(2_000), 6)
    assert.equal(takes(1_000_000), 30)
  })
})
