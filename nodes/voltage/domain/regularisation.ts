import type { RegulationChoices } from '../../../platform/regulation/options.ts'

/** The calendar of a unit's zone: days are `YYYY-MM-DD`, instants UTC milliseconds. */
export interface Calendar {
  /** First instant of a day. */
  startOf(day: string): number | undefined
  dayOf(instant: number): string
  /** The day so many days after one. */
  shift(day: string, days: number): string
}

/** The result in force of a complete measurement. Instants are UTC milliseconds. */
export interface MeasuredResult {
  readonly measurementId: number
  readonly version: number
  readonly startedAt: number
  readonly endedAt: number
  /** Reference voltage of the unit, V. */
  readonly referenceV: number
  readonly drpPct: number
  readonly drcPct: number
  readonly drpViolated: boolean
  readonly drcViolated: boolean
}

/** A violation: the measurement that found it, those that found it again, and the one that complied, where there is one. */
export interface Violation {
  readonly opening: MeasuredResult
  /** In their order, the opening one first. */
  readonly violating: readonly MeasuredResult[]
  readonly closing?: MeasuredResult
}

/** What is uncertain about a violation and what is due for it. */
export type ViolationChoices = Pick<RegulationChoices, (typeof violationChoiceKeys)[number]>
export const violationChoiceKeys = [
  'voltage-k2-high-voltage',
  'voltage-eusd-month',
  'voltage-compensation-begins',
  'voltage-violation-ends',
  'voltage-last-month',
  'voltage-compensated-units',
  'voltage-regularisation-days-drp',
  'voltage-regularisation-days-drc',
] as const satisfies readonly (keyof RegulationChoices)[]

const violates = ({ drpViolated, drcViolated }: MeasuredResult): boolean => drpViolated || drcViolated

/** The violations of a unit, from the results of its measurements, in whatever order they are given. At most the last one lasts. */
export function violationsOf(results: readonly MeasuredResult[]): Violation[] {
  const violations: Violation[] = []
  let open: MeasuredResult[] = []
  const inOrder = results.toSorted(
    (one, other) => one.endedAt - other.endedAt || one.measurementId - other.measurementId,
  )
  for (const result of inOrder) {
    if (violates(result)) open.push(result)
    else if (open.length > 0) {
      violations.push({ opening: open[0]!, violating: open, closing: result })
      open = []
    }
  }
  if (open.length > 0) violations.push({ opening: open[0]!, violating: open })
  return violations
}

/** Civil days by which a violation is to be put right; null for an indicator that was not violated. */
export interface Deadlines {
  readonly drp: string | null
  readonly drc: string | null
}

/** Counted from the day on which the measurement ended that found it. */
export function deadlinesOf(
  { endedAt, drpViolated, drcViolated }: Pick<MeasuredResult, 'endedAt' | 'drpViolated' | 'drcViolated'>,
  choices: ViolationChoices,
  calendar: Calendar,
): Deadlines {
  const day = calendar.dayOf(endedAt)
  return {
    drp: drpViolated ? calendar.shift(day, choices['voltage-regularisation-days-drp']) : null,
    drc: drcViolated ? calendar.shift(day, choices['voltage-regularisation-days-drc']) : null,
  }
}

/** The first of the two. */
export const firstDeadline = ({ drp, drc }: Deadlines): string =>
  [drp, drc].filter((day) => day !== null).toSorted()[0]!

/** When a violation ended, UTC milliseconds; undefined while it lasts. @param workDoneAt  when work was done on it */
export function violationEnd(
  { opening, closing }: Violation,
  workDoneAt: readonly number[],
  choices: ViolationChoices,
): number | undefined {
  if (!closing) return undefined
  if (choices['voltage-violation-ends'] === 'compliant-measurement') return closing.endedAt
  const proven = workDoneAt.filter((at) => at >= opening.endedAt && at <= closing.startedAt)
  return proven.length > 0 ? Math.max(...proven) : closing.endedAt
}

/** A month for which compensation is due, `YYYY-MM`. */
export interface DueMonth {
  readonly month: string
  /** The last measurement that found the violation. */
  readonly basis: MeasuredResult
  /** The month whose charge is the base. */
  readonly eusdMonth: string
  /** Where not all of the month counts: its days that do, and all. */
  readonly part?: { readonly days: number; readonly of: number }
}

/**
 * The months of a violation whose compensation stands firm: the first one at once, the others when they are over or the violation
 * is, in their order.
 * @param until  up to when windows are known, UTC milliseconds
 */
export function dueMonths(
  violation: Violation,
  workDoneAt: readonly number[],
  choices: ViolationChoices,
  until: number,
  calendar: Calendar,
): DueMonth[] {
  const end = violationEnd(violation, workDoneAt, choices)
  const endDay = end === undefined ? undefined : calendar.dayOf(end)
  const first = beginDay(violation, choices, calendar)
  if (endDay !== undefined && endDay < first) return []
  const due: DueMonth[] = []
  for (let month = monthOf(first); endDay === undefined || month <= monthOf(endDay); month = nextMonth(month)) {
    const isFirst = month === monthOf(first) && calendar.startOf(first)! <= until
    const isFirm =
      endDay !== undefined ||
      monthEnd(month, calendar) <= until ||
      (isFirst && choices['voltage-last-month'] === 'whole')
    if (!isFirm) break
    const part = endDay !== undefined && month === monthOf(endDay) ? lastPart(endDay, choices, calendar) : undefined
    if (part?.days !== 0) due.push({ month, ...basisOf(violation, month, choices, calendar), ...(part && { part }) })
  }
  return due
}

/** First day for whose month compensation is due. */
function beginDay(
  { opening }: { readonly opening: Parameters<typeof deadlinesOf>[0] },
  choices: ViolationChoices,
  calendar: Calendar,
): string {
  if (choices['voltage-compensation-begins'] === 'measurement-month') return calendar.dayOf(opening.endedAt)
  return calendar.shift(firstDeadline(deadlinesOf(opening, choices, calendar)), 1)
}

function lastPart(endDay: string, choices: ViolationChoices, calendar: Calendar): DueMonth['part'] {
  if (choices['voltage-last-month'] === 'whole') return undefined
  const of = Number(calendar.shift(`${nextMonth(monthOf(endDay))}-01`, -1).slice(8))
  return { days: choices['voltage-last-month'] === 'none' ? 0 : Number(endDay.slice(8)), of }
}

function basisOf({ opening, violating }: Violation, month: string, choices: ViolationChoices, calendar: Calendar) {
  const known = violating.filter(({ endedAt }) => monthOf(calendar.dayOf(endedAt)) <= month)
  const basis = known.at(-1) ?? opening
  return { basis, eusdMonth: eusdMonthOf(basis, month, choices, calendar) }
}

/**
 * The month whose charge is the base of a compensation.
 * @param basis  the measurement that it follows from
 * @param month  that it is due for
 */
function eusdMonthOf(
  { startedAt, endedAt }: Pick<MeasuredResult, 'startedAt' | 'endedAt'>,
  month: string,
  choices: ViolationChoices,
  calendar: Calendar,
): string {
  const monthAt = (instant: number): string => monthOf(calendar.dayOf(instant))
  return {
    'measurement-end': () => monthAt(endedAt),
    'measurement-start': () => monthAt(startedAt),
    'each-month': () => month,
  }[choices['voltage-eusd-month']]()
}

/**
 * The month whose charge would be the base of what a measurement makes due first, were it to find both limits broken.
 * @param measured  from when to when it is taken, UTC milliseconds
 * @param lasts     whether a violation lasts that an earlier one found
 */
export function expectedEusdMonth(
  measured: Pick<MeasuredResult, 'startedAt' | 'endedAt'>,
  lasts: boolean,
  choices: ViolationChoices,
  calendar: Calendar,
): string {
  const opening = { ...measured, drpViolated: true, drcViolated: true }
  const first = lasts ? calendar.dayOf(measured.endedAt) : beginDay({ opening }, choices, calendar)
  return eusdMonthOf(measured, monthOf(first), choices, calendar)
}

/** When more will be due of a violation that lasts, UTC milliseconds: when the month is over. @param until  as of `dueMonths` */
export const nextDue = (until: number, calendar: Calendar): number => monthEnd(monthOf(calendar.dayOf(until)), calendar)

/** The month `YYYY-MM` of a day. */
export const monthOf = (day: string): string => day.slice(0, 7)

/** The month after one, both `YYYY-MM`. */
export function nextMonth(month: string): string {
  const [year, number] = month.split('-').map(Number)
  return number === 12 ? `${year! + 1}-01` : `${month.slice(0, 4)}-${String(number! + 1).padStart(2, '0')}`
}

/** First instant after a month `YYYY-MM`, UTC milliseconds. */
const monthEnd = (month: string, calendar: Calendar): number => calendar.startOf(`${nextMonth(month)}-01`)!
