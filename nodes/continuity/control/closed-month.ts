import type { VoltageClass } from '../../../platform/regulation/voltage-class.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { ContinuityCompensation } from '../domain/compensation.ts'
import type { Area } from '../domain/limit-tables.ts'
import type { ReportedMonth } from '../domain/official-index.ts'
import { parcels, type Parcel } from '../domain/parcels.ts'
import { dueUnitLines, linesOfKind, type MonthClose } from './close-repository.ts'

/** So many lines are held at a time. */
const pageLines = 2_000

type Version = Pick<MonthClose, 'month' | 'version'>

/** What a closed month has of a conjunto. */
interface ConjuntoLine {
  readonly subject: string
  readonly name: string
  readonly units: number
  readonly decHundredths: number | null
  readonly fecHundredths: number | null
  readonly parcels: Readonly<
    Partial<Record<Parcel, { readonly decHundredths?: number; readonly fecHundredths?: number }>>
  >
}

/** The conjuntos of a closed month as they are reported: the figures that were frozen, none computed again. */
export async function closedConjuntos(queries: Queries, { month, version }: Version): Promise<ReportedMonth[]> {
  const lines = await linesOfKind(queries, { month, version }, 'conjunto')
  return lines.map((line) => {
    const { subject, name, units, decHundredths, fecHundredths, parcels: shares } = JSON.parse(line) as ConjuntoLine
    const hundredths: Record<string, number> = { NumCon: units * 100 }
    if (decHundredths !== null && fecHundredths !== null) {
      Object.assign(hundredths, { DEC: decHundredths, FEC: fecHundredths })
      for (const parcel of parcels) {
        hundredths[`DEC${parcel}`] = shares[parcel]?.decHundredths ?? 0
        hundredths[`FEC${parcel}`] = shares[parcel]?.fecHundredths ?? 0
      }
    }
    const conjunto = { id: subject, name }
    return { conjunto, year: Number(month.slice(0, 4)), month: Number(month.slice(5)), hundredths }
  })
}

/** What was due to a unit for a closed month. */
export interface ClosedUnit {
  readonly unitId: string
  readonly conjuntoId: string | null
  readonly voltageClass: VoltageClass
  readonly area: Area | null
  readonly compensation: ContinuityCompensation
}

/** The units of a closed month to whom something was due, by name. */
export async function* closedUnits(queries: Queries, close: Version): AsyncGenerator<ClosedUnit> {
  for (let after = ''; ;) {
    const rows = await dueUnitLines(queries, close, after, pageLines)
    for (const { subject: unitId, line } of rows) {
      const { conjuntoId, voltageClass, area, compensation } = JSON.parse(line) as Omit<ClosedUnit, 'unitId'>
      yield { unitId, conjuntoId, voltageClass, area, compensation }
    }
    if (rows.length < pageLines) return
    after = rows.at(-1)!.subject
  }
}
