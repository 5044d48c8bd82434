/** For how long an alarm may be put aside, as the page offers it: minutes. */
export const shelvingMinutes = [5, 15, 30, 60, 120, 240, 480, 1440, 4320, 10_080] as const

/** What of it a class lets be. @param mostMs  longest of the class, ms; undefined: not known, and the server decides */
export function offeredMinutes(mostMs: number | undefined): readonly number[] {
  const most = mostMs === undefined ? Infinity : mostMs / 60_000
  const offered = shelvingMinutes.filter((minutes) => minutes <= most)
  // A class may be stricter than all of them.
  return offered.length > 0 ? offered : [Math.max(1, Math.floor(most))]
}
