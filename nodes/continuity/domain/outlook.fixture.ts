import type { VoltageClass } from '../../../platform/regulation/voltage-class.ts'
import { compensationTermsOf, type CompensationTerms, type MonthIndicators } from './compensation.ts'
import { courseOf, type CivilMonth, type CourseChoices, type OutageCase, type OutageCourse } from './outage-course.ts'
import { nothing, type OutageUnit } from './outlook.ts'

export const hourMs = 3_600_000
/** Tuesday, 10 March 2026, 09:00 in São Paulo, UTC milliseconds. */
export const start = 1_773_144_000_000
/** March to May 2026 in São Paulo. */
export const months: readonly CivilMonth[] = [
  { month: '2026-03', from: 1_772_334_000_000, until: 1_775_012_400_000 },
  { month: '2026-04', from: 1_775_012_400_000, until: 1_777_604_400_000 },
  { month: '2026-05', from: 1_777_604_400_000, until: 1_780_282_800_000 },
]
/** 10 March. */
export const day = { from: start - 9 * hourMs, until: start + 15 * hourMs }
const usualChoices: CourseChoices = {
  'continuity-month-crossing': 'split',
  'continuity-event-month-crossing': 'start-month',
  'continuity-critical-day-crossing': 'start',
}

export const outageCourse = (
  outageCase: OutageCase = 'ordinary',
  { from = start, announcedUntil = null as number | null, choices = {} as Partial<CourseChoices> } = {},
): OutageCourse =>
  courseOf({ from, announcedUntil }, outageCase, months, '2026-03', day, { ...usualChoices, ...choices })

export interface UnitSettings {
  readonly voltageClass?: VoltageClass
  readonly limits?: { dicH?: number; fic?: number; dmicH?: number; dicriH?: number | null; diseH?: number | null }
  readonly vrcBrl?: number
  readonly before?: Partial<MonthIndicators>
}

/** Unless told otherwise: BT, DIC 8 h, VRC 60, other limits far away, nothing before. */
export function outageUnit({
  voltageClass = 'BT',
  limits = {},
  vrcBrl = 60,
  before = {},
}: UnitSettings = {}): OutageUnit {
  const known = new Map<string, CompensationTerms>()
  return {
    before: (month) => (month === months[0]!.month ? { ...nothing, ...before } : nothing),
    terms(month) {
      if (!known.has(month))
        known.set(
          month,
          compensationTermsOf({
            ...{ month, voltageClass, vrcBrl },
            limits: { dicH: 8, fic: 100, dmicH: 1_000, dicriH: 8, diseH: 24, source: 'test', ...limits },
            choices: {
              'continuity-compensated-value': 'whole',
              'continuity-compensation-cap': 'per-indicator',
              'continuity-individual-precision': 'exact',
            },
          }),
        )
      return known.get(month)!
    },
  }
}
