import { shiftMonth } from '../domain/month.ts'

const dayMs = 86_400_000

/**
 * Months in which something between two instants (UTC milliseconds) may count, whatever the zone, and whatever the options say
 * of what crosses into another month: those that it lies in, with a day on either side.
 */
export function monthsAround(from: number, until: number): string[] {
  const monthOf = (at: number): string => new Date(at).toISOString().slice(0, 7)
  const last = monthOf(until + dayMs)
  const months: string[] = []
  for (let month = monthOf(from - dayMs); month <= last; month = shiftMonth(month, 1)) months.push(month)
  return months
}
