import { platformClock } from '../../../platform/clock/clock.ts'
import { regulationChoices } from '../../../platform/regulation/options.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import { comparableHundredths, sumOfParcels, type Collective, type ConjuntoMonth } from '../domain/collective.ts'
import type { Hypothesis } from '../domain/hypothesis.ts'
import { unitMonthOf, type ParcelShares } from '../domain/individual.ts'
import { outageParts } from '../domain/outage-parts.ts'
import { unitsOfConjuntos } from './conjunto-repository.ts'
import { judgedOutages } from './judged-outages.ts'

/** Which conjuntos and which month; all of them unless some are named. */
export interface ConjuntoScope {
  /** `YYYY-MM`. */
  readonly month: string
  readonly conjuntoIds?: readonly string[] | undefined
}

/** A conjunto's month, with DEC and FEC as they are compared with its limit; null where it has no units. */
export interface ComputedConjuntoMonth extends ConjuntoMonth {
  readonly collective: Collective | null
}

/**
 * The month of conjuntos, computed from what is stored now and from what is supposed in its stead: each of them, also without
 * interruptions. Interruptions that last count until `now` (UTC milliseconds).
 * @throws RangeError for what is no month
 */
export async function conjuntoMonths(
  queries: Queries,
  { month, conjuntoIds }: ConjuntoScope,
  hypothesis?: Hypothesis,
  now = platformClock.now(),
): Promise<ComputedConjuntoMonth[]> {
  const choices = await regulationChoices(queries)
  const { units, facts } = await judgedOutages(queries, { month, conjuntoIds }, choices, now, hypothesis)
  const byConjunto = new Map<string | null, ParcelShares[]>()
  for (const { unitId, conjuntoId, outages, rules } of units) {
    const { parcels } = unitMonthOf(unitId, outageParts(unitId, outages, facts, rules), rules)
    const others = byConjunto.get(conjuntoId)
    if (others) others.push(parcels)
    else byConjunto.set(conjuntoId, [parcels])
  }
  const counted = await unitsOfConjuntos(queries, `${month}-01`, choices['continuity-nuc-day'], conjuntoIds)
  return counted.map(({ conjuntoId, units }) => {
    const parcels = sumOfParcels(byConjunto.get(conjuntoId) ?? [])
    const computed = { conjuntoId, month, units, parcels }
    return { ...computed, collective: comparableHundredths(computed, choices['continuity-dec-fec-rounding']) }
  })
}
