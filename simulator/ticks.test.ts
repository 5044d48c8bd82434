import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import { everyInterval } from './ticks.ts'

describe('the steps of the simulator', () => {
  it('lie on a clean grid, leave out what was slept through, and never repeat', async () => {
    const seen: number[] = []
    const began = Date.now()
    let skew = 0
    const stop = everyInterval(
      began,
      20,
      () => Date.now() + skew,
      (at) => seen.push(at - began),
    )
    await pause(70)
    skew = 10_000
    await pause(50)
    skew = 9_960
    await pause(60)
    stop()
    const count = seen.length
    await pause(50)
    assert.equal(seen.length, count)
    assert.equal(seen[0], 0)
    assert.ok(
      seen.every((at, index) => at % 20 === 0 && (index === 0 || at > seen[index - 1]!)),
      seen.join(),
    )
    assert.ok(count < 20, 'no burst after a sleep')
  })
})
