import { NoRule } from '../../../platform/regulation/regulated.ts'
import type { VoltageClass } from '../../../platform/regulation/voltage-class.ts'
import {
  continuityCompensationOf,
  type CompensationChoices,
  type ContinuityCompensation,
  type MonthIndicators,
} from './compensation.ts'
import type { IndividualLimits } from './individual-limits.ts'
import type { Area } from './limit-tables.ts'

/** What a unit's compensation in a month goes by, beside what was measured. */
export interface UnitBasis {
  readonly unitId: string
  readonly conjuntoId: string | null
  readonly voltageClass: VoltageClass
  readonly area: Area | null
  readonly limits: IndividualLimits | null
  /** Monetary base: VRC, until 2021 EUSD; R$. */
  readonly vrcBrl: number | null
  /** What is missing for compensation, one line; null: nothing. */
  readonly pending: string | null
}

/** What is due, or why that cannot be said; neither where there was no outage, and so nothing to judge. */
export interface Due {
  readonly compensation: ContinuityCompensation | null
  readonly pending: string | null
}

/**
 * What is due to a unit for a month. What is missing holds up only those whom something may be due: without an outage nothing is
 * asked, and within the limits no monetary base. A month for which no rule is known waits as well.
 * @param month  `YYYY-MM`
 */
export function dueOf(
  { voltageClass, limits, vrcBrl, pending }: UnitBasis,
  month: string,
  unitMonth: MonthIndicators,
  choices: CompensationChoices,
): Due {
  const { dicMs, dicri, dise } = unitMonth
  if (dicMs === 0 && dicri.length === 0 && dise.length === 0) return { compensation: null, pending: null }
  if (limits === null) return { compensation: null, pending }
  try {
    const compensation = continuityCompensationOf({
      ...{ month, voltageClass, limits, choices, unitMonth, vrcBrl: vrcBrl ?? 0 },
    })
    const waits = vrcBrl === null && compensation.items.length > 0
    return waits ? { compensation: null, pending } : { compensation, pending: null }
  } catch (error) {
    if (error instanceof NoRule) return { compensation: null, pending: error.message }
    throw error
  }
}
