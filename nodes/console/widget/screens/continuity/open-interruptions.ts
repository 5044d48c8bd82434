import type { LiveInterruption } from '../../../../../platform/wire/live.ts'

/** Interruptions that last, the first to restore first; those of which nothing is worked out yet come last, the oldest first. */
export const lastingByRank = (interruptions: Iterable<LiveInterruption>): LiveInterruption[] =>
  [...interruptions]
    .filter(({ endedAt }) => endedAt === null)
    .toSorted(
      (one, other) =>
        (one.outlook?.rank ?? Infinity) - (other.outlook?.rank ?? Infinity) ||
        byText(one.startedAt, other.startedAt) ||
        one.interruptionId - other.interruptionId,
    )

/** Interruptions that ended within the last hour, the newest end first. */
export const endedLately = (interruptions: Iterable<LiveInterruption>): LiveInterruption[] =>
  [...interruptions]
    .filter(({ endedAt }) => endedAt !== null)
    .toSorted((one, other) => byText(other.endedAt!, one.endedAt!) || other.interruptionId - one.interruptionId)

const byText = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)

/** What an outage costs as it stands: by the case that most of its units count by; null: it does not count, or nobody knows. */
export function costsOf({ outlook }: LiveInterruption) {
  if (!outlook || outlook.standing === 'uncounted') return null
  return outlook.costs[outlook.standing]
}

/** Changes when the supply of sections may have: something began, ended, or came back in part. */
export const supplyMark = (interruptions: Iterable<LiveInterruption>): string =>
  [...interruptions]
    .map(({ interruptionId, unitsOut, endedAt }) => `${interruptionId} ${unitsOut} ${endedAt}`)
    .toSorted()
    .join('\n')
