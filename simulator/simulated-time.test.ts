import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import { everyStep, SimulatedTime } from './simulated-time.ts'

describe('simulated time', () => {
  it('begins where it is told, and runs as fast as it is told', () => {
    let machine = 500
    const time = new SimulatedTime(1_000_000, 60, () => machine)
    assert.equal(time.now(), 1_000_000)
    machine += 1_500
    assert.equal(time.now(), 1_090_000)
    time.set(7)
    assert.equal(time.now(), 7)
  })

  it('leaves no step out, whoever cannot keep up', async () => {
    const steps: number[] = []
    let ready = true
    let waits = 0
    const time = new SimulatedTime(0, 10_000)
    const stop = everyStep(
      0,
      10_000,
      time,
      () => ready,
      (at) => steps.push(at),
      () => waits++,
    )
    while (steps.length < 5) await pause(1)
    ready = false
    const seen = steps.length
    while (waits === 0) await pause(10)
    assert.equal(steps.length, seen)
    assert.ok(time.now() < steps.at(-1)! + 10_000_000, 'time stands still meanwhile')
    ready = true
    while (steps.length < seen + 5) await pause(1)
    stop()
    const last = steps.length
    await pause(20)
    assert.equal(steps.length, last)
    assert.ok(steps.every((at, index) => at === index * 10_000))
  })
})
