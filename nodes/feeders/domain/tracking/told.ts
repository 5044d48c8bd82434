/** What a device was told, from an instant on. Instants are UTC milliseconds, power kW at the terminals, consumption positive. */
export interface Told {
  readonly at: number
  /** Null: it was let go. */
  readonly powerKw: number | null
  /** When it is over unless something newer comes; null where it was let go. */
  readonly expiresAt: number | null
}

/** Less than this is off, kW. */
const offKw = 0.01

/** A stretch of time in which a device had one setpoint. */
interface Stretch {
  readonly from: number
  readonly to: number
  readonly powerKw: number
}

/** When which setpoint was in force, in the order of time: the newest wins, and none holds beyond its end. */
export function stretchesOf(told: readonly Told[], from: number, to: number): readonly Stretch[] {
  return told.flatMap(({ at, powerKw, expiresAt }, index) => {
    if (powerKw === null) return []
    const begin = Math.max(at, from)
    const end = Math.min(told[index + 1]?.at ?? Infinity, expiresAt ?? Infinity, to)
    return end > begin ? [{ from: begin, to: end, powerKw }] : []
  })
}

/** Mean setpoint of each minute by its beginning, kW: of those minutes only in which one was in force all the time. */
export function meanSetpoints(stretches: readonly Stretch[], from: number, to: number): ReadonlyMap<number, number> {
  const minutes = new Map<number, { ms: number; kwMs: number }>()
  for (const stretch of stretches) {
    const first = from + Math.floor((stretch.from - from) / minuteMs) * minuteMs
    for (let minute = first; minute < stretch.to; minute += minuteMs) {
      const ms = Math.min(stretch.to, minute + minuteMs) - Math.max(stretch.from, minute)
      const sum = minutes.get(minute) ?? { ms: 0, kwMs: 0 }
      minutes.set(minute, { ms: sum.ms + ms, kwMs: sum.kwMs + ms * stretch.powerKw })
    }
  }
  const whole = [...minutes].filter(([minute, { ms }]) => ms >= minuteMs && minute + minuteMs <= to)
  return new Map(whole.map(([minute, { ms, kwMs }]) => [minute, kwMs / ms]))
}

export const minuteMs = 60_000

/**
 * How often a device was told to change between drawing, resting and feeding. What it does while it has no setpoint is its own
 * business: no switch.
 */
export function switchesOf(stretches: readonly Stretch[]): number {
  let [switches, before] = [0, undefined as number | undefined]
  for (const { powerKw } of stretches) {
    const state = Math.abs(powerKw) < offKw ? 0 : Math.sign(powerKw)
    if (before !== undefined && state !== before) switches++
    before = state
  }
  return switches
}
