import type { SwitchReport } from './surroundings.ts'

/** Switches report every minute: after five nobody knows any more how one stands. `read_now` asks it. */
export const freshForMs = 5 * 60_000

/** Whether a report says how the switch stands now. @param now  UTC milliseconds */
export const isTrusted = ({ at, quality }: SwitchReport, now: number): boolean =>
  (quality === 'good' || quality === 'late') && Math.abs(now - at) <= freshForMs
