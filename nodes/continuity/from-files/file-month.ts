import { comparableHundredths, sumOfParcels, type Collective } from '../domain/collective.ts'
import type { ParcelShares } from '../domain/individual.ts'
import { periodsIn, type PeriodDue } from './file-periods.ts'
import { judgeIn, type JudgedMonth, type MonthFiles } from './judged-month.ts'

/** A unit with an outage in the month. */
export interface FileUnitMonth extends JudgedMonth {
  /** Until 2021: what is due for the quarter and the year that end with the month. */
  readonly periods: readonly PeriodDue[]
}

/** The month of a conjunto. */
export interface FileConjuntoMonth {
  readonly conjuntoId: string
  /** Consumer units (NUC). */
  readonly units: number
  readonly parcels: ParcelShares
  readonly collective: Collective
  /** Of the year; null: not known. */
  readonly limit: Collective | null
  /** What is due to its units, R$, to how many, and to how many that cannot be said. */
  readonly amountBrl: number
  readonly compensated: number
  readonly pending: number
}

/** Units with outages in the month, or to which something is due for what ends with it, in the order of their file. */
export function* unitMonthsOf(files: MonthFiles): Generator<FileUnitMonth> {
  const { units, interruptions } = files
  const judged = judgeIn(files, files.month)
  const duePeriods = periodsIn(files)
  for (const [index, pieces] of interruptions.outages.byUnit(units.length, interruptions.idOf)) {
    const unit = units[index]!
    const month = judged(unit, pieces)
    const { periods, pending } = duePeriods(unit, pieces)
    const { parcels, dicri, dise } = month
    if (Object.keys(parcels).length + dicri.length + dise.length + periods.length === 0) continue
    yield { ...month, periods, pending: month.pending ?? pending }
  }
}

/** All conjuntos of the file of units, by their names. */
export function conjuntoMonthsOf(files: MonthFiles, unitMonths: Iterable<FileUnitMonth>): FileConjuntoMonth[] {
  const { month, units, conjuntos, choices } = files
  const counted = new Map<string, Counted>()
  for (const { conjuntoId } of units) {
    const known = counted.get(conjuntoId)
    if (known) known.units++
    else counted.set(conjuntoId, { units: 1, parcels: {}, cents: 0, compensated: 0, pending: 0 })
  }
  for (const { unit, parcels, compensation, pending } of unitMonths) {
    const conjunto = counted.get(unit.conjuntoId)!
    conjunto.parcels = sumOfParcels([conjunto.parcels, parcels])
    if (pending !== null) conjunto.pending++
    if (compensation === null || compensation.amountBrl === 0) continue
    conjunto.cents += Math.round(compensation.amountBrl * 100)
    conjunto.compensated++
  }
  return [...counted.keys()].sort().map((conjuntoId) => {
    const { units: ofFile, parcels, cents, compensated, pending } = counted.get(conjuntoId)!
    const limit = conjuntos.get(conjuntoId) ?? null
    const nuc = limit?.units ?? ofFile
    const collective = comparableHundredths(
      { conjuntoId, month, units: nuc, parcels },
      choices['continuity-dec-fec-rounding'],
    )!
    return { conjuntoId, units: nuc, parcels, collective, limit, amountBrl: cents / 100, compensated, pending }
  })
}

interface Counted {
  units: number
  parcels: ParcelShares
  cents: number
  compensated: number
  pending: number
}
