import type { Readable } from 'node:stream'
import { voltageClasses, type VoltageClass } from '../../../platform/regulation/voltage-class.ts'
import type { Period } from '../domain/compensation-rules.ts'
import type { EnteredLimits } from '../domain/individual-limits.ts'
import { areas, type Area } from '../domain/limit-tables.ts'
import type { PeriodLimits } from '../domain/period-compensation.ts'
import { rowsOf, type FileRow } from './cells.ts'

/** A consumer unit, as a file has it. */
export interface FileUnit {
  readonly index: number
  readonly unitId: string
  readonly conjuntoId: string
  readonly voltageClass: VoltageClass
  readonly area: Area | null
  /** Monetary base of the month: VRC, until 2021 EUSD; R$. */
  readonly vrcBrl: number | null
  /** Limits of this unit alone. */
  readonly own: EnteredLimits | null
  /** Limits of quarters and years, which there were until 2021. */
  readonly periods: Readonly<Partial<Record<Period, PeriodLimits>>>
}

export interface FileUnits {
  readonly units: ReadonlyMap<string, FileUnit>
  /** IANA zone of each conjunto that has one. */
  readonly zones: ReadonlyMap<string, string>
}

export const unitColumns = {
  required: ['unit_id', 'conjunto_id', 'voltage_class'],
  optional: [
    'area',
    'vrc_brl',
    'dic_h',
    'fic',
    'dmic_h',
    'dicri_h',
    'dise_h',
    'time_zone',
    'dic_quarter_h',
    'fic_quarter',
    'dic_year_h',
    'fic_year',
  ],
} as const
type Name = (typeof unitColumns)['required' | 'optional'][number]

/** @throws FileError by line, field and value */
export async function readUnits(source: Readable): Promise<FileUnits> {
  const units = new Map<string, FileUnit>()
  const zones = new Map<string, { readonly zone: string; readonly line: number }>()
  // A conjunto's name is kept once for all of its units.
  const names = new Map<string, string>()
  for await (const row of rowsOf<Name>(source, unitColumns.required, unitColumns.optional)) {
    const unit = unitOf(row, units.size, names)
    if (units.has(unit.unitId)) throw row.fault('unit_id', 'stands in a line before: each unit once')
    units.set(unit.unitId, unit)
    takeZone(row, unit.conjuntoId, zones)
  }
  return { units, zones: new Map([...zones].map(([conjuntoId, { zone }]) => [conjuntoId, zone])) }
}

function unitOf(row: FileRow<Name>, index: number, names: Map<string, string>): FileUnit {
  const named = row.named('conjunto_id')
  const conjuntoId = names.get(named) ?? named
  names.set(conjuntoId, conjuntoId)
  const voltageClass = row.choice('voltage_class', voltageClasses)
  if (voltageClass === null) throw row.fault('voltage_class', `is not ${voltageClasses.join(' or ')}`)
  return {
    ...{ index, unitId: row.named('unit_id'), conjuntoId, voltageClass, area: row.choice('area', areas) },
    ...{ vrcBrl: row.number('vrc_brl'), own: ownLimitsOf(row), periods: periodLimitsOf(row) },
  }
}

function ownLimitsOf(row: FileRow<Name>): EnteredLimits | null {
  const needed = ['dic_h', 'fic', 'dmic_h'] as const
  const [dicH, fic, dmicH] = needed.map((name) => row.number(name, { above0: true }))
  const [dicriH, diseH] = (['dicri_h', 'dise_h'] as const).map((name) => row.number(name, { above0: true }))
  if (dicH === null && fic === null && dmicH === null) {
    for (const name of ['dicri_h', 'dise_h'] as const)
      if (row.text(name) !== '') throw row.fault(name, 'needs dic_h, fic and dmic_h beside it')
    return null
  }
  for (const name of needed) if (row.text(name) === '') throw row.fault(name, 'is empty where another limit is given')
  return { dicH: dicH!, fic: fic!, dmicH: dmicH!, dicriH: dicriH!, diseH: diseH!, source: 'the file of units' }
}

const periodColumns = {
  quarter: ['dic_quarter_h', 'fic_quarter'],
  year: ['dic_year_h', 'fic_year'],
} as const satisfies Record<Period, readonly [Name, Name]>

function periodLimitsOf(row: FileRow<Name>): FileUnit['periods'] {
  const limits: Partial<Record<Period, PeriodLimits>> = {}
  for (const period of ['quarter', 'year'] as const) {
    const columns = periodColumns[period]
    const [dicH, fic] = columns.map((name) => row.number(name, { above0: true }))
    if (dicH === null && fic === null) continue
    for (const name of columns)
      if (row.text(name) === '') throw row.fault(name, 'is empty where another limit is given')
    limits[period] = { dicH: dicH!, fic: fic! }
  }
  return limits
}

function takeZone(
  row: FileRow<Name>,
  conjuntoId: string,
  zones: Map<string, { readonly zone: string; readonly line: number }>,
): void {
  const zone = row.text('time_zone')
  if (zone === '') return
  const known = zones.get(conjuntoId)
  if (known?.zone === zone) return
  if (known)
    throw row.fault('time_zone', `is not that of conjunto ${conjuntoId} in line ${known.line}: "${known.zone}"`)
  if (!isZone(zone)) throw row.fault('time_zone', 'is no IANA zone such as America/Manaus')
  zones.set(conjuntoId, { zone, line: row.line })
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}
