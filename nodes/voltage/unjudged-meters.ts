import type { Unjudged } from './window-computation.ts'

/** Meters that are remembered; of what lies beyond nobody is told. */
const mostKnown = 10_000
/** Meters that a line names. */
const mostNamed = 20

/** Meters with readings that no window or no band could be made of: each is told of once, and again where its reason changes. */
export class UnjudgedMeters {
  #reasons = new Map<string, string>()

  get size(): number {
    return this.#reasons.size
  }

  /** @returns a line a reason, of those that are new */
  tell(meters: readonly Unjudged[]): string[] {
    const fresh = new Map<string, string[]>()
    for (const { deviceId, reason } of meters) {
      if (this.#reasons.get(deviceId) === reason) continue
      if (!this.#reasons.has(deviceId) && this.#reasons.size >= mostKnown) continue
      this.#reasons.set(deviceId, reason)
      fresh.set(reason, [...(fresh.get(reason) ?? []), deviceId])
    }
    return [...fresh].map(([reason, deviceIds]) => {
      const named = deviceIds.slice(0, mostNamed).join(', ')
      const more = deviceIds.length > mostNamed ? ` and ${deviceIds.length - mostNamed} more` : ''
      return `voltage of ${named}${more} cannot be judged: ${reason}`
    })
  }
}
