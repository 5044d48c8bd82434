import assert from 'node:assert/strict'
import fc from 'fast-check'
import { lastSimulatedInstant } from '../wire/clock.ts'
import { PlatformClock } from './clock.ts'

const newYear = Date.UTC(2008, 0, 1)

describe('the clock of the platform', () => {
  let machine = 0
  const clockAt = (at: number, rate: number): PlatformClock => {
    machine = 12_345.678
    const clock = new PlatformClock({ now: () => machine })
    clock.set({ at, rate })
    return clock
  }

  it('is set where it is the wall’s, or a simulation has set it', () => {
    const clock = new PlatformClock()
    assert.deepEqual([clock.isSet('wall'), clock.isSet('simulated')], [true, false])
    clock.set({ at: 0, rate: 1 })
    assert.equal(clock.isSet('simulated'), true)
  })

  it('shows the time of the wall, until it is told another one', () => {
    const clock = new PlatformClock()
    const before = Date.now()
    const now = clock.now()
    assert.ok(now >= before && now <= Date.now())
    assert.equal(clock.simulated, undefined)
  })

  it('goes on from the instant it was set to, as fast as it was told', () => {
    const clock = clockAt(newYear, 60)
    assert.equal(clock.now(), newYear)
    machine += 1_000
    assert.equal(clock.now(), newYear + 60_000)
    assert.deepEqual(clock.simulated, { at: newYear, rate: 60 })
  })

  it('stands still at rate 0', () => {
    const clock = clockAt(newYear, 0)
    machine += 3_600_000
    assert.equal(clock.now(), newYear)
  })

  it('goes back when it is told so, and to the wall when the simulation is over', () => {
    const clock = clockAt(newYear, 1)
    clock.set({ at: newYear - 1, rate: 0 })
    assert.equal(clock.now(), newYear - 1)
    clock.set(undefined)
    assert.ok(Math.abs(clock.now() - Date.now()) < 1_000)
  })

  it('comes to the end of the calendar and stays there', () => {
    const clock = clockAt(lastSimulatedInstant - 1_000, 1_000_000)
    machine += 10_000
    assert.equal(clock.now(), lastSimulatedInstant)
  })

  it('shows whole milliseconds, and never goes back by itself (property)', () => {
    const rate = fc.double({ min: 0, max: 1_000_000, noNaN: true })
    const steps = fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }))
    fc.assert(
      fc.property(rate, steps, (rate, steps) => {
        const clock = clockAt(newYear, rate)
        let before = newYear
        for (const step of steps) {
          machine += step
          const now = clock.now()
          assert.ok(Number.isInteger(now) && now >= before)
          before = now
        }
      }),
    )
  })
})
