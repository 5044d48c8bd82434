import type { Rejected } from '../../platform/wire/reasons.ts'
import type { Clock } from '../../platform/clock/clock.ts'

const samplesPerHour = 10
const hourMs = 3_600_000

/**
 * Decides which rejected payloads are kept: all while there is room, then a sample per reason and device and hour.
 * Counting is not its business: counts are exact in any case.
 */
export class QuarantineBudget {
  #bytes = 0
  #maxBytes: number
  #clock: Clock
  #samples = new Map<string, number>()
  #hour = 0

  constructor(maxBytes: number, clock: Clock) {
    this.#maxBytes = maxBytes
    this.#clock = clock
  }

  /** Bytes that stand in the database: read at start and after each clean-up. */
  set bytes(bytes: number) {
    this.#bytes = bytes
  }

  get bytes(): number {
    return this.#bytes
  }

  /** @param deviceId of a registered device, or '' */
  keeps(rejected: Rejected, deviceId: string): boolean {
    const bytes = rejected.payload.length + rejected.topic.length + rejected.detail.length + rowOverheadBytes
    if (this.#bytes + bytes > this.#maxBytes && !this.#isSample(`${rejected.reason}/${deviceId}`)) return false
    this.#bytes += bytes
    return true
  }

  #isSample(key: string): boolean {
    const hour = Math.floor(this.#clock.now() / hourMs)
    if (hour !== this.#hour) {
      this.#hour = hour
      this.#samples.clear()
    }
    const taken = this.#samples.get(key) ?? 0
    this.#samples.set(key, taken + 1)
    return taken < samplesPerHour
  }
}

/** What a row costs beside its texts. */
const rowOverheadBytes = 100
