import type { Week } from './voltage-answers.ts'
import { weekWindows } from './week-strip.ts'

/** How a week stands to its limits; `near`: at least 80 % of the windows that one allows are used, as the condition of a measurement has it. */
export type Closeness = 'above' | 'near' | 'within'

/** Windows that a limit allows, of 1,008. @param limitPct  %, violated above it */
const allowedBy = (limitPct: number): number => Math.floor((limitPct * weekWindows) / 100)

/** How close a week is to the limit that it is closest to. */
export function closenessOf(
  week: Pick<
    Week,
    'precariousWindows' | 'drpLimitPct' | 'drpViolated' | 'criticalWindows' | 'drcLimitPct' | 'drcViolated'
  >,
): Closeness {
  if (week.drpViolated || week.drcViolated) return 'above'
  const isNear =
    week.precariousWindows >= 0.8 * allowedBy(week.drpLimitPct) ||
    week.criticalWindows >= 0.8 * allowedBy(week.drcLimitPct)
  return isNear ? 'near' : 'within'
}
