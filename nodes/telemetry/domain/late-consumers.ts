import type { LateConsumer } from './telemetry-conditions.ts'

/** How a follower of a log stands. Instants are UTC milliseconds. */
export interface ConsumerStanding {
  readonly batchesBehind: number
  /** When the oldest commit that it has not taken was committed; null: it has taken all. */
  readonly oldestAt: number | null
  /** Null: it has not made a round yet. */
  readonly lastSuccessAt: number | null
}

/**
 * Consumers that are behind by more than the limit; those that were said to be until they are behind by less than half of it.
 * @param rate  how fast the clock passes, of the wall's pace: what takes a second takes so many of the clock's
 */
export function lateConsumers(
  consumers: readonly (readonly [name: string, standing: ConsumerStanding])[],
  wasSaid: (name: string) => boolean,
  limitMs: number,
  rate: number,
  now: number,
): readonly LateConsumer[] {
  return consumers.flatMap(([name, { oldestAt, batchesBehind }]) => {
    const behindMs = oldestAt === null ? 0 : (now - oldestAt) / Math.max(1, rate)
    return behindMs > (wasSaid(name) ? limitMs / 2 : limitMs)
      ? [{ name, behindMs, limitMs, batches: batchesBehind, sinceAt: oldestAt! }]
      : []
  })
}
