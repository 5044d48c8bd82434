import assert from 'node:assert/strict'
import { steadyClock, wallClock } from './clock.ts'

describe('the wall clock', () => {
  it('shows UTC milliseconds', () => {
    const before = Date.now()
    const now = wallClock.now()
    assert.ok(now >= before && now <= Date.now())
  })
})

describe('the steady clock', () => {
  it('never goes back', () => {
    const before = steadyClock.now()
    assert.ok(steadyClock.now() >= before)
  })
})
