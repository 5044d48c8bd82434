const isoWithOffset = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/

/**
 * Reads an instant as devices write it: ISO 8601 with an offset, or epoch milliseconds.
 * @returns UTC milliseconds, whole; undefined where it is neither (no offset, 31 February, a fraction of nothing)
 */
export function parseInstant(written: string | number): number | undefined {
  if (typeof written === 'number') return Math.abs(written) <= lastInstant ? Math.round(written) : undefined
  if (!isoWithOffset.test(written) || !isCalendarDay(written)) return undefined
  const instant = Date.parse(written.replace(',', '.'))
  return Number.isFinite(instant) ? instant : undefined
}

/** Writes an instant for the outside: ISO 8601, UTC. */
export function formatInstant(instant: number): string {
  return new Date(instant).toISOString()
}

/** The farthest from 1970 that a calendar reaches, ms (ECMA-262, time values). */
const lastInstant = 8.64e15

/** `Date.parse` rolls 31 February over to March: a device that sends it has a broken clock, and must hear so. */
function isCalendarDay(written: string): boolean {
  const day = Number(written.slice(8, 10))
  // Every month has so many.
  if (day <= 28) return true
  const [year, month] = [Number(written.slice(0, 4)), Number(written.slice(5, 7))]
  const date = new Date(Date.UTC(year, month - 1, day))
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}
