import { platformClock } from '../../../platform/clock/clock.ts'
import { regulationChoices } from '../../../platform/regulation/options.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { Hypothesis } from '../domain/hypothesis.ts'
import { unitMonthOf, type UnitMonth } from '../domain/individual.ts'
import { outageParts, type CountingChoices } from '../domain/outage-parts.ts'
import { judgedOutages, type MonthScope } from './judged-outages.ts'

/** What a month came to for one unit, and in money. */
export interface ComputedMonth extends UnitMonth {
  readonly conjuntoId: string | null
  /** `YYYY-MM`. */
  readonly month: string
  readonly limits: IndividualLimits | null
  readonly compensation: ContinuityCompensation | null
  /** Why there is no compensation yet: `no-limits`, `no-monetary-base`; null where there is. */
  readonly pending: string | null
}

/** Provisional, until the rules of money are there. */
export interface IndividualLimits {
  readonly dicH: number
  readonly fic: number
  readonly dmicH: number
  readonly dicriH: number | null
  readonly diseH: number | null
  readonly source: string
}
export interface ContinuityCompensation {
  readonly amountBrl: number
  readonly exactBrl: number
  readonly items: readonly unknown[]
}

export const countingDefaults: CountingChoices = {
  'continuity-month-crossing': 'split',
  'continuity-event-month-crossing': 'start-month',
  'continuity-event-duration': 'each-interruption',
  'continuity-dicri-programmed': 'counts',
  'continuity-critical-day-crossing': 'start',
  'continuity-emergency-on-critical-day': 'emergency',
  'continuity-programmed-warning-hours': 72,
  'continuity-short-outages': 'contiguous-whole',
  'continuity-restored-briefly': 'separate',
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
  const choices = { ...countingDefaults, ...(await regulationChoices(queries)) }
  const { units, facts } = await judgedOutages(queries, scope, choices, now, hypothesis)
  const computed: ComputedMonth[] = []
  for (const { unitId, conjuntoId, outages, rules } of units) {
    const month = unitMonthOf(unitId, outageParts(unitId, outages, facts, rules), rules)
    if (!scope.unitIds && isEmpty(month)) continue
    computed.push({ ...month, conjuntoId, month: scope.month, limits: null, compensation: null, pending: 'no-limits' })
  }
  return computed
}

/** Nothing in it; an event without a parcel in it began in the month and lies in the next. */
const isEmpty = ({ parcels, dicri, dise }: UnitMonth): boolean =>
  Object.keys(parcels).length === 0 && dicri.length === 0 && dise.length === 0
