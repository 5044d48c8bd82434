import type { ReportedInterruption } from './official-interruption.ts'
import type { Parcel } from './parcels.ts'
import type { ParcelShare } from './individual.ts'
import { shiftMonth } from './month.ts'

/** In which months an interruption that crosses months counts (option continuity-month-crossing). */
export type MonthCrossing = 'split' | 'start-month' | 'end-month'

/** What the lines of a conjunto and month come to by themselves. */
export interface Recount {
  readonly units: number
  readonly parcels: Readonly<Partial<Record<Parcel, ParcelShare>>>
}

/**
 * Customer time and count by parcel, from the lines of one conjunto that were read: each as a whole or, split by month,
 * what of it is of its month.
 * @param instantOf  UTC milliseconds of what the clocks of the conjunto showed; undefined where they never do
 */
export function recountOf(
  lines: Iterable<ReportedInterruption>,
  crossing: MonthCrossing,
  instantOf: (text: string) => number | undefined,
): Recount {
  const parcels: Partial<Record<Parcel, { ms: number; count: number }>> = {}
  let units = 0
  for (const line of lines) {
    units = Math.max(units, line.unitsOfConjunto)
    const parcel = parcelOfLine(line)
    if (parcel === null) continue
    const { ms, begins } = shareOf(line, crossing, instantOf)
    const share = (parcels[parcel] ??= { ms: 0, count: 0 })
    share.ms += ms * line.unitsOut
    share.count += begins ? line.unitsOut : 0
  }
  return { units, parcels }
}

function shareOf(
  { from, until, year, month }: ReportedInterruption,
  crossing: MonthCrossing,
  instantOf: (text: string) => number | undefined,
): { ms: number; begins: boolean } {
  const at = (text: string): number => instantOf(text) ?? NaN
  if (crossing !== 'split' || month === null) return { ms: at(until) - at(from), begins: true }
  const here = `${year}-${String(month).padStart(2, '0')}`
  const [first, next] = [`${here}-01 00:00:00`, `${shiftMonth(here, 1)}-01 00:00:00`]
  const begins = from >= first
  return { ms: at(until < next ? until : next) - at(begins ? from : first), begins }
}

/** The parcel that a line is of: one reason a line is all that a file has, so external ones on a critical day are not told apart. */
function parcelOfLine({ reason, programmed }: ReportedInterruption): Parcel | null {
  switch (reason) {
    case 'none':
      return programmed ? 'IP' : 'IND'
    case 'critical-day':
      return programmed ? 'IPC' : 'INC'
    case 'emergency-chi':
    case 'emergency-decree':
      return 'INE'
    case 'rationing':
    case 'load-shedding':
      return 'INO'
    case 'external-origin':
      return programmed ? 'XP' : 'XN'
    case 'unit-installation':
    case 'unit-interest':
    case 'suspension':
      return null
  }
}
