import { parcels } from '../domain/parcels.ts'
import { parcelHundredths, type Collective, type Rounding } from '../domain/collective.ts'
import type { EventDuration, ParcelShares } from '../domain/individual.ts'
import type { FileConjuntoMonth, FileUnitMonth } from './file-month.ts'
import type { FileInterruption } from './interruption-file.ts'

const hourMs = 3_600_000

export interface JsonHead {
  readonly month: string
  readonly chosen: Readonly<Record<string, string | number>>
  readonly rounding: Rounding
  readonly facts: ReadonlyMap<number, FileInterruption>
}

/** A month as JSON, a line for each conjunto and unit: hours and R$. */
export function* continuityJson(
  { month, chosen, rounding, facts }: JsonHead,
  conjuntos: readonly FileConjuntoMonth[],
  units: Iterable<FileUnitMonth>,
): Generator<string> {
  yield `{\n  "month": ${JSON.stringify(month)},\n  "options": ${JSON.stringify(chosen)},\n`
  yield `  "totals": ${JSON.stringify(totalsOf(conjuntos))},\n  "conjuntos": [`
  yield* lines(conjuntos, (conjunto) => conjuntoJson(conjunto, rounding))
  yield '],\n  "units": ['
  yield* lines(units, (unit) => unitJson(unit, facts))
  yield ']\n}\n'
}

function* lines<T>(all: Iterable<T>, shown: (one: T) => unknown): Generator<string> {
  let separator = '\n    '
  for (const one of all) {
    yield separator + JSON.stringify(shown(one))
    separator = ',\n    '
  }
  if (separator.startsWith(',')) yield '\n  '
}

export function totalsOf(conjuntos: readonly FileConjuntoMonth[]) {
  const sum = (of: (conjunto: FileConjuntoMonth) => number): number =>
    conjuntos.reduce((total, conjunto) => total + of(conjunto), 0)
  return {
    units: sum(({ units }) => units),
    compensated: sum(({ compensated }) => compensated),
    pending: sum(({ pending }) => pending),
    amountBrl: sum(({ amountBrl }) => Math.round(amountBrl * 100)) / 100,
  }
}

function conjuntoJson(conjunto: FileConjuntoMonth, rounding: Rounding) {
  const { conjuntoId, units, collective, limit, amountBrl, compensated, pending } = conjunto
  const each = parcels.flatMap((parcel) => {
    const share = conjunto.parcels[parcel]
    return share ? [[parcel, published(parcelHundredths(share, units, rounding)!)] as const] : []
  })
  return {
    ...{ conjuntoId, units, ...published(collective) },
    yearlyLimit: limit && published(limit),
    parcels: Object.fromEntries(each),
    ...{ compensated, pending, amountBrl },
  }
}

const published = ({ decHundredths, fecHundredths }: Collective) => ({
  dec: decHundredths / 100,
  fec: fecHundredths / 100,
})

function unitJson(month: FileUnitMonth, facts: ReadonlyMap<number, FileInterruption>) {
  const { unit, dicMs, fic, dmicMs, dicri, dise, limits, compensation, pending } = month
  return {
    ...{ unitId: unit.unitId, conjuntoId: unit.conjuntoId, voltageClass: unit.voltageClass, area: unit.area },
    ...{ dic: dicMs / hourMs, fic, dmic: dmicMs / hourMs },
    ...{ dicri: eventsJson(dicri, facts), dise: eventsJson(dise, facts), parcels: hoursOf(month.parcels), limits },
    compensation: compensation && {
      ...compensation,
      items: compensation.items.map(({ interruptionId, ...item }) =>
        interruptionId === undefined ? item : { ...namedEvent(interruptionId, facts), ...item },
      ),
    },
    ...(month.periods.length > 0 ? { periods: month.periods } : {}),
    pending,
  }
}

const hoursOf = (shares: ParcelShares) =>
  Object.fromEntries(
    parcels.flatMap((parcel) => {
      const share = shares[parcel]
      return share ? [[parcel, { hours: share.ms / hourMs, count: share.count }]] : []
    }),
  )

const eventsJson = (events: readonly EventDuration[], facts: ReadonlyMap<number, FileInterruption>) =>
  events.map(({ interruptionId, ms }) => ({ ...namedEvent(interruptionId, facts), hours: ms / hourMs }))

/** What the file calls it, and when it began. */
function namedEvent(interruptionId: number, facts: ReadonlyMap<number, FileInterruption>) {
  const { name, startedAt } = facts.get(interruptionId)!
  return { interruption: name, start: new Date(startedAt).toISOString() }
}
