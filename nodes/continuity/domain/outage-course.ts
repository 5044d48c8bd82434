/** What an outage would be counted as: by DIC, FIC and DMIC; as the event of a critical day (DICRI); of an emergency (DISE). */
export const outageCases = ['ordinary', 'criticalDay', 'emergency'] as const
export type OutageCase = (typeof outageCases)[number]

/** A stretch of time on the line of UTC milliseconds: its end is not of it. */
export interface Stretch {
  readonly from: number
  readonly until: number
}

/** A civil month of a conjunto, `YYYY-MM`. */
export interface CivilMonth extends Stretch {
  readonly month: string
}

/** What of an outage counts in one month and in one way, whenever it ends. */
export interface Share {
  readonly outageCase: OutageCase
  /** What lies in it counts, as far as the outage goes. */
  readonly counts: Stretch
  /** Ends for which it counts at all. */
  readonly ends: Stretch
  /** Whether the outage's beginning counts with it: one interruption of FIC. */
  readonly begins: boolean
}

/** What of an outage counts in a month. */
export interface MonthShares {
  readonly month: string
  readonly shares: readonly Share[]
}

/** How an outage that lasts will be counted, as a function of its end. */
export interface OutageCourse {
  /** Beginning of the outage, joined with what it continues, UTC milliseconds. */
  readonly from: number
  /** It is none before: what is shorter than three minutes does not count. */
  readonly countsFrom: number
  /** It is programmed and announced: DMIC leaves it out if it ends by then. */
  readonly announcedUntil: number | null
  readonly months: readonly MonthShares[]
}

type MonthCrossing = 'split' | 'start-month' | 'end-month'

/** How what is uncertain is decided: options of these names. */
export interface CourseChoices {
  readonly 'continuity-month-crossing': MonthCrossing
  readonly 'continuity-event-month-crossing': MonthCrossing
  readonly 'continuity-critical-day-crossing': 'start' | 'split'
}

/** What is shorter does not count (PRODIST Módulo 8 v14, item 177), ms. */
export const leastMs = 180_000

/**
 * How an outage that lasts will be counted.
 * @param months       civil months from that of its beginning on, as far as anybody looks
 * @param thisMonth    of the months before it only what an end now can still change is told
 * @param criticalDay  the civil day of the outage's beginning
 */
export function courseOf(
  outage: { readonly from: number; readonly announcedUntil: number | null },
  outageCase: OutageCase,
  months: readonly CivilMonth[],
  thisMonth: string,
  criticalDay: Stretch,
  choices: CourseChoices,
): OutageCourse {
  const { from, announcedUntil } = outage
  const dayOnly = outageCase === 'criticalDay' && choices['continuity-critical-day-crossing'] === 'split'
  const divided = (share: Omit<Share, 'outageCase'>): Share[] => {
    if (!dayOnly) return [{ ...share, outageCase }]
    const { counts } = share
    const before = { from: counts.from, until: Math.min(counts.until, criticalDay.until) }
    const after = { from: Math.max(counts.from, criticalDay.until), until: counts.until }
    return [
      { ...share, outageCase, counts: before },
      { ...share, outageCase: 'ordinary' as const, counts: after, begins: false },
    ].filter(({ counts: { from: begin, until } }) => begin < until)
  }
  return {
    ...{ from, announcedUntil, countsFrom: from + leastMs },
    months: sharesOf(from, months, choices[crossingOf(outageCase)])
      .filter(({ month, share }) => month >= thisMonth || isOpen(share))
      .map(({ month, share }) => ({ month, shares: divided(share) })),
  }
}

/** An end now is still within it. */
const isOpen = ({ counts, ends }: Pick<Share, 'counts' | 'ends'>): boolean =>
  counts.until === Infinity && ends.until === Infinity

const crossingOf = (outageCase: OutageCase) =>
  outageCase === 'ordinary' ? 'continuity-month-crossing' : 'continuity-event-month-crossing'

function sharesOf(
  from: number,
  months: readonly CivilMonth[],
  crossing: MonthCrossing,
): { readonly month: string; readonly share: Omit<Share, 'outageCase'> }[] {
  const whole = { from, until: Infinity }
  if (crossing === 'start-month')
    return [{ month: months[0]!.month, share: { counts: whole, ends: whole, begins: true } }]
  return months.map(({ month, ...bounds }, index) => {
    const within = { from: Math.max(from, bounds.from), until: bounds.until }
    if (crossing === 'end-month') return { month, share: { counts: whole, ends: within, begins: true } }
    return { month, share: { counts: within, ends: { from: within.from, until: Infinity }, begins: index === 0 } }
  })
}

/** What of a share counts where the outage ends at `end`, ms. */
export function countedMs({ counts, ends }: Share, end: number): number {
  if (end < ends.from || end >= ends.until) return 0
  return Math.max(0, Math.min(end, counts.until) - counts.from)
}
