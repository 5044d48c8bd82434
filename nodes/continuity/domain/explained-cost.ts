import type { ExplainedMoney } from '../../../platform/regulation/money.ts'
import { continuityCompensationOf, type CompensationBasis, type ContinuityCompensation } from './compensation.ts'
import { compensationRuleIn } from './compensation-rules.ts'
import type { OutageCourse } from './outage-course.ts'
import { costCents, countedMonth, type OutageUnit } from './outlook.ts'

/** What an outage costs a unit, so that it can be calculated again. */
export interface ExplainedCost extends ExplainedMoney {
  /** Each month that it touches: what would be due with the outage in it, and what is without. */
  readonly months: readonly {
    readonly month: string
    readonly withOutage: ContinuityCompensation
    readonly without: ContinuityCompensation
  }[]
}

/**
 * `costCents` with its reasons.
 * @param basis  what goes for every month
 */
export function explainedCost(
  unit: OutageUnit,
  basis: Omit<CompensationBasis, 'month'>,
  course: OutageCourse,
  interruptionId: number,
  end: number,
): ExplainedCost {
  const months = course.months.flatMap((month) => {
    const before = unit.before(month.month)
    const { indicators, dicriMs, diseMs } = countedMonth(before, course, month, end)
    const event = (ms: number) => (ms > 0 ? [{ interruptionId, ms }] : [])
    const unitMonth = {
      ...indicators,
      dicri: [...indicators.dicri, ...event(dicriMs)],
      dise: [...indicators.dise, ...event(diseMs)],
    }
    const due = (of: typeof unitMonth | typeof before) =>
      continuityCompensationOf({ ...basis, month: month.month, unitMonth: of })
    const [withOutage, without] = [due(unitMonth), due(before)]
    return withOutage.exactBrl === without.exactBrl ? [] : [{ month: month.month, withOutage, without }]
  })
  const amountBrl = costCents(unit, course, end) / 100
  return {
    amountBrl,
    exactBrl: months.reduce((sum, { withOutage, without }) => sum + withOutage.exactBrl - without.exactBrl, 0),
    formula: 'Σ months: due with the outage − due without it, each truncated to cents',
    inputs: Object.fromEntries(
      months.flatMap(({ month, withOutage, without }) => [
        [`with ${month}`, withOutage.amountBrl],
        [`without ${month}`, without.amountBrl],
      ]),
    ),
    rule: ruleOf(course.months[0]!.month),
    months,
  }
}

/** What an outage costs all its units together. @param inputs  who and until when */
export const explainedSum = (cents: number, month: string, inputs: ExplainedMoney['inputs']): ExplainedMoney => ({
  ...{ amountBrl: cents / 100, exactBrl: cents / 100, inputs, rule: ruleOf(month) },
  formula: 'Σ units, Σ months: due if it ends at `end` − due without it, each truncated to cents',
})

function ruleOf(month: string): ExplainedMoney['rule'] {
  const { validFrom, source } = compensationRuleIn(month)
  return { validFrom, source }
}
