import { setImmediate as turn } from 'node:timers/promises'
import { machineClock } from '../../../platform/clock/clock.ts'

/** Longest that work goes on without letting others have a turn, ms. */
const mostMs = 10

/** Long work of a process that has other work to do: asked often, it lets others have a turn now and then. */
export class Breather {
  #since = machineClock.now()

  /** Whether it is time for others. */
  get isDue(): boolean {
    return machineClock.now() - this.#since > mostMs
  }

  async rest(): Promise<void> {
    if (!this.isDue) return
    await turn()
    this.#since = machineClock.now()
  }
}
