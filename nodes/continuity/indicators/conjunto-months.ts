import { platformClock } from '../../../platform/clock/clock.ts'
import { regulationChoices } from '../../../platform/regulation/options.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import { comparableHundredths, sumOfParcels, type Collective, type ConjuntoMonth } from '../domain/collective.ts'
import type { Hypothesis } from '../domain/hypothesis.ts'
import { unitMonthOf, type ParcelShares } from '../domain/individual.ts'
import { outageParts, type CountingChoices } from '../domain/outage-parts.ts'
import { unitsOfConjuntos, type ConjuntoUnits } from './conjunto-repository.ts'
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
  const counted = await unitsOfConjuntos(queries, `${month}-01`, choices['continuity-nuc-day'], conjuntoIds)
  const computed: ComputedConjuntoMonth[] = []
  for (const some of slicesOf(counted)) {
    const parcels = await parcelsByConjunto(queries, month, some, choices, now, hypothesis)
    for (const { conjuntoId, units } of some) {
      const conjunto = { conjuntoId, month, units, parcels: parcels.get(conjuntoId) ?? {} }
      computed.push({ ...conjunto, collective: comparableHundredths(conjunto, choices['continuity-dec-fec-rounding']) })
    }
  }
  return computed
}

/** Units whose outages are held at a time, as far as single conjuntos allow. */
const unitsAtOnce = 100_000

function slicesOf(counted: readonly ConjuntoUnits[]): ConjuntoUnits[][] {
  const slices: ConjuntoUnits[][] = []
  let held = Infinity
  for (const conjunto of counted) {
    held += conjunto.units
    if (held > unitsAtOnce) {
      slices.push([])
      held = conjunto.units
    }
    slices.at(-1)!.push(conjunto)
  }
  return slices
}

async function parcelsByConjunto(
  queries: Queries,
  month: string,
  conjuntos: readonly ConjuntoUnits[],
  choices: CountingChoices,
  now: number,
  hypothesis?: Hypothesis,
): Promise<Map<string | null, ParcelShares>> {
  const scope = { month, conjuntoIds: conjuntos.map(({ conjuntoId }) => conjuntoId) }
  const { units, facts } = await judgedOutages(queries, scope, choices, now, hypothesis)
  const parcels = Map.groupBy(units, ({ conjuntoId }) => conjuntoId)
  return new Map(
    [...parcels].map(([conjuntoId, ofConjunto]) => [
      conjuntoId,
      sumOfParcels(
        ofConjunto.map(
          ({ unitId, outages, rules }) =>
            unitMonthOf(unitId, outageParts(unitId, outages, facts, rules), rules).parcels,
        ),
      ),
    ]),
  )
}
