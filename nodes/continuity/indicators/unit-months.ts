import { platformClock } from '../../../platform/clock/clock.ts'
import { NoRule } from '../../../platform/regulation/regulated.ts'
import { regulationChoices } from '../../../platform/regulation/options.ts'
import type { VoltageClass } from '../../../platform/regulation/voltage-class.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { CompensationChoices } from '../domain/compensation.ts'
import { dueOf, type Due, type UnitBasis } from '../domain/due.ts'
import type { Hypothesis } from '../domain/hypothesis.ts'
import { unitMonthOf, type UnitMonth } from '../domain/individual.ts'
import type { IndividualLimits } from '../domain/individual-limits.ts'
import type { Area } from '../domain/limit-tables.ts'
import { outageParts } from '../domain/outage-parts.ts'
import { judgedOutages, type MonthScope } from './judged-outages.ts'

/** What a month came to for one unit, and what is due for it. */
export interface ComputedMonth extends UnitMonth, Due {
  readonly conjuntoId: string | null
  readonly voltageClass: VoltageClass
  readonly area: Area | null
  readonly limits: IndividualLimits | null
  /** `YYYY-MM`. */
  readonly month: string
  /** An interruption of the unit lasts, and the month with it: its figures grow. */
  readonly lasts: boolean
}

/**
 * The month of units, computed from what is stored now and from what is supposed in its stead: those with interruptions in it,
 * and each that is asked for by name. Interruptions that last count until `now` (UTC milliseconds).
 * @throws RangeError for what is no month
 */
export async function unitMonths(
  queries: Queries,
  scope: MonthScope,
  hypothesis?: Hypothesis,
  now = platformClock.now(),
): Promise<ComputedMonth[]> {
  const choices = await regulationChoices(queries)
  const { units, facts } = await judgedOutages(queries, scope, choices, now, hypothesis)
  const computed: ComputedMonth[] = []
  for (const unit of units) {
    const { unitId, conjuntoId, voltageClass, area, limits, outages, rules } = unit
    const month = unitMonthOf(unitId, outageParts(unitId, outages, facts, rules), rules)
    if (!scope.unitIds && isEmpty(month)) continue
    const lasts = now < rules.month.until && outages.some(({ until }) => until === null)
    computed.push({
      ...month,
      ...{ conjuntoId, voltageClass, area, limits, month: scope.month, lasts },
      ...dueIn(unit, scope.month, month, choices),
    })
  }
  return computed
}

/** What is due to a unit; that no rule is known for the month is one more thing that may be missing. */
export function dueIn(unit: UnitBasis, month: string, unitMonth: UnitMonth, choices: CompensationChoices): Due {
  try {
    return dueOf(unit, month, unitMonth, choices)
  } catch (error) {
    if (error instanceof NoRule) return { compensation: null, pending: error.message }
    throw error
  }
}

/** Whether nothing of a month is of a unit. An event is of the month in which it began, also where its hours are of the next. */
export const isEmpty = ({ parcels, dicri, dise }: UnitMonth): boolean =>
  Object.keys(parcels).length === 0 && dicri.length === 0 && dise.length === 0
