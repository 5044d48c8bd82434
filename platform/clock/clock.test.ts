import assert from 'node:assert/strict'
import { wallClock } from './clock.ts'

describe('the wall clock', () => {
  it('shows UTC milliseconds', () => {
    const before = Date.now()
    const now = wallClock.now()
    assert.ok(now >= before && now <= Date.now())
  })
})
