import type { ClockSetting } from '../wire/clock.ts'
import { lastSimulatedInstant } from '../wire/clock.ts'

/** Something that shows a time, ms. Everything that decides by time takes one, so that a test can hold it still. */
export interface Clock {
  now(): number
}

/**
 * Time as it passes for the machine, ms from an arbitrary beginning: deadlines, lags, pauses. No simulation moves it,
 * and neither does somebody who sets the wall's clock.
 */
export const machineClock: Clock = { now: () => performance.now() }

/** The wall's time, UTC milliseconds, whatever is simulated: logins, tokens, audit. */
export const wallClock: Clock = { now: () => Date.now() }

/**
 * What time it is for the platform, UTC milliseconds: the wall's, until a simulation sets another one. Age checks,
 * windows, partitions and retention ask it, and hand its instant to the database.
 */
export class PlatformClock implements Clock {
  #machine: Clock
  #simulated: (ClockSetting & { since: number }) | undefined

  constructor(machine: Clock = machineClock) {
    this.#machine = machine
  }

  /** Whole milliseconds. */
  now(): number {
    if (!this.#simulated) return Date.now()
    const { at, rate, since } = this.#simulated
    return Math.min(lastSimulatedInstant, at + Math.floor(rate * (this.#machine.now() - since)))
  }

  /** The simulation that it follows, as last set; undefined while it shows the wall's time. */
  get simulated(): ClockSetting | undefined {
    if (!this.#simulated) return undefined
    const { at, rate } = this.#simulated
    return { at, rate }
  }

  /** Whether it shows the time: one that is to follow a simulation does once that has set it. @param which  the setting `CLOCK` */
  isSet(which: 'wall' | 'simulated'): boolean {
    return which === 'wall' || this.#simulated !== undefined
  }

  /** From now on it shows `at`, and moves on from there at `rate`. Without a setting it shows the wall's time again. */
  set(setting: ClockSetting | undefined): void {
    this.#simulated = setting && { ...setting, since: this.#machine.now() }
  }
}

/** The one of this process. Only a simulation sets it (`CLOCK=simulated`). */
export const platformClock = new PlatformClock()
