import type { Unjudged } from './window-computation.ts'

/** Meters that are remembered; of what lies beyond nobody is told. */
const mostKnown = 10_000
/** Meters that a line names. */
const mostNamed = 20

/** A meter that has not been met with again for so long is in order by now, or silent, ms. */
const keptMs = 86_400_000

/** Meters with readings that no window or no band could be made of: each is told of once, and again where its reason changes. */
export class UnjudgedMeters {
  #reasons = new Map<string, { reason: string; seenAt: number }>()

  get size(): number {
    return this.#reasons.size
  }

  /** Forgets those that have not been met with for a day. @param now  UTC milliseconds */
  forgetSilent(now: number): void {
    for (const [deviceId, { seenAt }] of this.#reasons)
      if (Math.abs(now - seenAt) > keptMs) this.#reasons.delete(deviceId)
  }

  /**
   * @param now  UTC milliseconds
   * @returns a line a reason, of those that are new
   */
  tell(meters: readonly Unjudged[], now: number): string[] {
    const fresh = new Map<string, string[]>()
    for (const { deviceId, reason } of meters) {
      const known = this.#reasons.get(deviceId)
      if (!known && this.#reasons.size >= mostKnown) continue
      this.#reasons.set(deviceId, { reason, seenAt: now })
      if (known?.reason === reason) continue
      fresh.set(reason, [...(fresh.get(reason) ?? []), deviceId])
    }
    return [...fresh].map(([reason, deviceIds]) => {
      const named = deviceIds.slice(0, mostNamed).join(', ')
      const more = deviceIds.length > mostNamed ? ` and ${deviceIds.length - mostNamed} more` : ''
      return `voltage of ${named}${more} cannot be judged: ${reason}`
    })
  }
}
