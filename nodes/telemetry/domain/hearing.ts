/** What is known of whether the field can be heard, at a round. Instants are UTC milliseconds of the platform. */
export interface Ears {
  readonly now: number
  /** Of the machine, which nobody sets, ms. */
  readonly machineMs: number
  /** Why nothing is heard: the broker is away, or what came is not taken up yet. */
  readonly isDeaf: boolean
}

export interface Hearing {
  /** What devices send has been heard without a gap since then. */
  readonly since: number
  readonly last: Ears
}

/** Rounds that are further apart have missed something: the database was away, or somebody set the clock. */
const gapMs = 60_000

/**
 * Since when the field has been heard without a gap: no device was silent for longer than that, as far as anybody can tell.
 * @param before  the last time; undefined: it is the first one
 * @param rate    how fast the platform's clock passes, of the machine's pace
 */
export function hearingAfter(before: Hearing | undefined, ears: Ears, rate: number): Hearing {
  if (before === undefined || ears.isDeaf || before.last.isDeaf) return { since: ears.now, last: ears }
  const passedMs = ears.machineMs - before.last.machineMs
  const isSet = Math.abs(ears.now - before.last.now - rate * passedMs) > gapMs * Math.max(1, rate)
  return { since: passedMs > gapMs || isSet ? ears.now : before.since, last: ears }
}
