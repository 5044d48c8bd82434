import type { FieldEvent, Reading } from '../../../platform/wire/reading.ts'

/**
 * Holds a reading against the one that is already stored for the same device and instant.
 * @param stored  its measures and words by name; null for those it does not have
 * @returns undefined where they say the same (a duplicate), else what differs (a conflict)
 */
export function differenceFrom(
  reading: Reading,
  stored: Record<string, unknown>,
  measures: readonly string[],
  words: readonly string[],
): string | undefined {
  for (const name of measures) {
    const before = stored[name] ?? undefined
    const now = reading.values[name]
    if (before !== now) return `${name} was ${String(before)}, now ${String(now)}`
  }
  for (const name of words) {
    const before = stored[name] ?? undefined
    const now = reading.labels?.[name]
    if (before !== now) return `${name} was ${String(before)}, now ${String(now)}`
  }
  return undefined
}

const tellingOfEvents = ['type', 'at', 'magnitudePu', 'durationS'] as const

/**
 * Holds an event against the one that is already stored under its number.
 * @returns undefined where they are the same, else what differs
 */
export function eventDifferenceFrom(
  event: FieldEvent,
  stored: Pick<FieldEvent, (typeof tellingOfEvents)[number]> | undefined,
): string | undefined {
  const name = tellingOfEvents.find((one) => stored?.[one] !== event[one])
  return name && `event ${event.eventId}: ${name} was ${String(stored?.[name])}, now ${String(event[name])}`
}
