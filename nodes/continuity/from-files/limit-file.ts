import type { Readable } from 'node:stream'
import { voltageClasses } from '../../../platform/regulation/voltage-class.ts'
import type { EnteredRow } from '../domain/individual-limits.ts'
import { areas } from '../domain/limit-tables.ts'
import { rowsOf } from './cells.ts'

/** A conjunto in the year of the month, as a file has it. */
export interface FileConjunto {
  readonly decHundredths: number
  readonly fecHundredths: number
  /** Consumer units (NUC); null: those of the file of units. */
  readonly units: number | null
}

export const limitColumns = { required: ['conjunto_id', 'year', 'dec', 'fec'], optional: ['units'] } as const
type LimitName = (typeof limitColumns)['required' | 'optional'][number]

/** Yearly limits of conjuntos, those of one year. @throws FileError by line, field and value */
export async function readLimits(source: Readable, year: number): Promise<Map<string, FileConjunto>> {
  const limits = new Map<string, FileConjunto>()
  const seen = new Set<string>()
  for await (const row of rowsOf<LimitName>(source, limitColumns.required, limitColumns.optional)) {
    const conjuntoId = row.named('conjunto_id')
    const ofYear = row.number('year', { whole: true })
    if (ofYear === null || ofYear < 2000 || ofYear > 2100) throw row.fault('year', 'is not a year from 2000 to 2100')
    const key = `${ofYear} ${conjuntoId}`
    if (seen.has(key))
      throw row.fault('conjunto_id', `stands in a line before for ${ofYear}: each conjunto once a year`)
    seen.add(key)
    const hundredths = (name: 'dec' | 'fec'): number => {
      const value = row.number(name)
      if (value === null) throw row.fault(name, 'is empty')
      return Math.round(value * 100)
    }
    const units = row.number('units', { whole: true, above0: true })
    const conjunto = { decHundredths: hundredths('dec'), fecHundredths: hundredths('fec'), units }
    if (ofYear === year) limits.set(conjuntoId, conjunto)
  }
  return limits
}

export const rowColumns = {
  required: ['voltage_class', 'dic_h', 'fic', 'dmic_h'],
  optional: ['area', 'up_to', 'from_month', 'dicri_h', 'dise_h', 'source'],
} as const
type RowName = (typeof rowColumns)['required' | 'optional'][number]

/** Rows of the norm's tables of individual limits, where none is known here. @throws FileError by line, field and value */
export async function readLimitRows(source: Readable): Promise<EnteredRow[]> {
  const rows: EnteredRow[] = []
  const seen = new Set<string>()
  for await (const row of rowsOf<RowName>(source, rowColumns.required, rowColumns.optional)) {
    const limit = (name: RowName): number | null => row.number(name, { above0: true })
    const needed = (name: RowName): number => {
      const value = limit(name)
      if (value === null) throw row.fault(name, 'is empty')
      return value
    }
    const voltageClass = row.choice('voltage_class', voltageClasses)
    if (voltageClass === null) throw row.fault('voltage_class', `is not ${voltageClasses.join(' or ')}`)
    const area = row.choice('area', areas)
    const upTo = row.number('up_to')
    const upToHundredths = upTo === null ? null : Math.round(upTo * 100)
    const fromMonth = row.text('from_month') || '2000-01'
    if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(fromMonth)) throw row.fault('from_month', 'is no month YYYY-MM')
    const key = JSON.stringify([voltageClass, area, upToHundredths, fromMonth])
    if (seen.has(key)) throw row.fault('up_to', 'stands in a line before for this class, area and month')
    seen.add(key)
    rows.push({
      ...{ voltageClass, area, upToHundredths, fromMonth },
      ...{ dicH: needed('dic_h'), fic: needed('fic'), dmicH: needed('dmic_h') },
      ...{ dicriH: limit('dicri_h'), diseH: limit('dise_h'), source: row.text('source') || 'the file of rows' },
    })
  }
  return rows
}
