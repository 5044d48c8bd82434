/** Time of the field where it is not the wall's: it runs from an instant on, some seconds in each of ours. */
export class SimulatedTime {
  readonly speed: number
  readonly #machine: () => number
  #at: number
  #since: number

  /**
   * @param at       where it begins, UTC milliseconds
   * @param speed    its seconds per second of ours
   * @param machine  a clock that only goes on, ms
   */
  constructor(at: number, speed: number, machine: () => number = () => performance.now()) {
    this.speed = speed
    this.#machine = machine
    this.#at = at
    this.#since = machine()
  }

  /** Whole milliseconds, UTC. */
  now(): number {
    return Math.floor(this.#at + (this.#machine() - this.#since) * this.speed)
  }

  /** It is `at` now, and goes on from there. */
  set(at: number): void {
    this.#at = at
    this.#since = this.#machine()
  }
}

/** So many steps at once, before others get their turn. */
const STEPS_PER_TURN = 50
/** Falling behind by less, ms of ours, is made up for. */
const TOLERANCE_MS = 1_000

/**
 * Steps through simulated time, and leaves no step out: when the machine or the broker does not keep up, time waits
 * for them.
 * @param start    instant of the first step, UTC milliseconds
 * @param isReady  whether there is room for what another step sends
 * @param onWait   time had to be set back, to the step that comes next
 * @returns stops it
 */
export function everyStep(
  start: number,
  intervalMs: number,
  time: SimulatedTime,
  isReady: () => boolean,
  onStep: (at: number) => void,
  onWait: () => void,
): () => void {
  let next = start
  let stopped = false
  let timer = setTimeout(turn, 0)

  function turn(): void {
    for (let steps = 0; steps < STEPS_PER_TURN && !stopped && next <= time.now() && isReady(); steps++) {
      onStep(next)
      next += intervalMs
    }
    if (stopped) return
    if (time.now() - next > TOLERANCE_MS * time.speed) {
      time.set(next)
      onWait()
    }
    const waitMs = (next - time.now()) / time.speed
    timer = setTimeout(turn, Math.min(1_000, Math.max(1, waitMs)))
  }

  return () => {
    stopped = true
    clearTimeout(timer)
  }
}
