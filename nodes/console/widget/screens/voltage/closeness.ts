import type { Week } from './voltage-answers.ts'

/** How a week stands to its limits; `near`: at least 80 % of one is used, as the condition of a measurement has it. */
export type Closeness = 'above' | 'near' | 'within'

/** How close a week is to the limit that it is closest to. */
export function closenessOf(
  week: Pick<Week, 'drpPct' | 'drpLimitPct' | 'drpViolated' | 'drcPct' | 'drcLimitPct' | 'drcViolated'>,
): Closeness {
  if (week.drpViolated || week.drcViolated) return 'above'
  const share = Math.max(week.drpPct / week.drpLimitPct, week.drcPct / week.drcLimitPct)
  return share >= 0.8 ? 'near' : 'within'
}
