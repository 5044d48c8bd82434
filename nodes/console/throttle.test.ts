import assert from 'node:assert/strict'
import { NewestPerInterval, type Timers } from './throttle.ts'

interface Timer {
  at: number
  callback: () => void
}

class ManualTimers implements Timers<Timer> {
  time = 0
  readonly running = new Set<Timer>()

  now = (): number => this.time

  set(callback: () => void, delayMs: number): Timer {
    const timer = { at: this.time + delayMs, callback }
    this.running.add(timer)
    return timer
  }

  clear(timer: Timer): void {
    this.running.delete(timer)
  }

  advanceTo(time: number): void {
    for (const timer of [...this.running].sort((a, b) => a.at - b.at)) {
      if (timer.at > time) continue
      this.running.delete(timer)
      this.time = timer.at
      timer.callback()
    }
    this.time = time
  }
}

describe('NewestPerInterval, 1000 ms', () => {
  let timers: ManualTimers
  let delivered: [number, number][]
  let throttle: NewestPerInterval<number, Timer>

  beforeEach(() => {
    timers = new ManualTimers()
    delivered = []
    throttle = new NewestPerInterval(1000, (value) => delivered.push([timers.time, value]), timers)
  })

  it('delivers the first value at once', () => {
    throttle.offer(1)
    assert.deepEqual(delivered, [[0, 1]])
  })

  it('delivers the newest of a burst when the interval ends, once', () => {
    for (const value of [1, 2, 3, 4]) throttle.offer(value)
    timers.advanceTo(5000)
    assert.deepEqual(delivered, [
      [0, 1],
      [1000, 4],
    ])
    assert.equal(timers.running.size, 0)
  })

  it('passes one a second out of a hundred a second, and the last one of all', () => {
    for (let index = 0; index <= 300; index++) {
      timers.advanceTo(index * 10)
      throttle.offer(index)
    }
    timers.advanceTo(10_000)
    assert.deepEqual(delivered, [
      [0, 0],
      [1000, 99],
      [2000, 199],
      [3000, 299],
      [4000, 300],
    ])
  })

  it('does not delay values that come slower than the interval', () => {
    for (const at of [0, 1500, 3000]) {
      timers.advanceTo(at)
      throttle.offer(at)
    }
    assert.deepEqual(delivered, [
      [0, 0],
      [1500, 1500],
      [3000, 3000],
    ])
  })

  it('stops its timer when closed, and takes nothing after', () => {
    throttle.offer(1)
    throttle.offer(2)
    throttle.close()
    throttle.offer(3)
    assert.equal(timers.running.size, 0)
    timers.advanceTo(5000)
    assert.deepEqual(delivered, [[0, 1]])
  })
})
