import { hourMs, minuteMs } from './durations.ts'

/** When a root cause explains what is noticed elsewhere. */
export const explaining = {
  /** What is noticed dates back to the last word from there: so long before the cause it may seem to have begun. */
  noticedBeforeMs: hourMs,
  /** When the cause has ended, what it explained has so long to end by itself: devices start, sessions come back. */
  settlingMs: 10 * minuteMs,
} as const

/** What may be explained. */
export interface Explainable {
  /** Kinds of causes, as `area/kind`, by the master alarm table: the first one that holds explains it. */
  readonly explainedBy: readonly string[]
  /** Since when it is so, UTC milliseconds. */
  readonly since: number
}

/** A cause that holds where it was noticed. */
export interface HoldingCause {
  /** As `area/kind`. */
  readonly kind: string
  readonly since: number
  readonly rootAlarmId: number
}

/**
 * The alarm that explains it; null: none does, and it is an alarm of its own.
 * @param causes  that hold at its place, and of which alarms stand
 */
export function rootOf({ explainedBy, since }: Explainable, causes: readonly HoldingCause[]): number | null {
  const explains = causes.filter((cause) => since >= cause.since - explaining.noticedBeforeMs)
  for (const kind of explainedBy) {
    const root = explains.find((cause) => cause.kind === kind)
    if (root) return root.rootAlarmId
  }
  return null
}
