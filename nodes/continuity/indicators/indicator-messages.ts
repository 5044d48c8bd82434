import { regulationChoices } from '../../../platform/regulation/options.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import { comparableHundredths, type Rounding } from '../domain/collective.ts'
import type { ConjuntoIndicators, IndicatorBatch, UnitIndicators } from '../messages.ts'
import { conjuntoMonthsChanged, unitMonthsChanged, type StoredConjuntoMonth } from './indicator-change-repository.ts'
import type { StoredUnitMonth } from './ranked-unit-repository.ts'

/** Months in one message. */
const mostInMessage = 500

/** Messages with all months that were written after one position up to another. */
export async function* indicatorBatches(queries: Queries, after: number, upTo: number): AsyncGenerator<IndicatorBatch> {
  const units = (await unitMonthsChanged(queries, after, upTo)).map(unitMessage)
  for (let first = 0; first < units.length; first += mostInMessage)
    yield { topic: 'continuity/units', payload: units.slice(first, first + mostInMessage) }
  const { 'continuity-dec-fec-rounding': rounding } = await regulationChoices(queries)
  const conjuntos = (await conjuntoMonthsChanged(queries, after, upTo)).map((month) => conjuntoMessage(month, rounding))
  for (let first = 0; first < conjuntos.length; first += mostInMessage)
    yield { topic: 'continuity/conjuntos', payload: conjuntos.slice(first, first + mostInMessage) }
}

const unitMessage = ({
  changed: _changed,
  computedAt,
  ...month
}: StoredUnitMonth & { readonly feederId: string | null }): UnitIndicators => ({ ...month, at: computedAt })

function conjuntoMessage({ computedAt, ...month }: StoredConjuntoMonth, rounding: Rounding): ConjuntoIndicators {
  const collective = comparableHundredths(month, rounding)
  return {
    ...month,
    at: computedAt,
    decHundredths: collective?.decHundredths ?? null,
    fecHundredths: collective?.fecHundredths ?? null,
  }
}
