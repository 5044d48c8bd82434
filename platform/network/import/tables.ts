import type { ReadingKind } from '../../wire/reading.ts'
import type { RegistrationStatus } from '../registration.ts'
import {
  type CellKind,
  derType,
  identifier,
  instant,
  oneOf,
  phases,
  quantity,
  type Reading,
  truth,
  Unusable,
  wholeNumber,
  words,
} from './cells.ts'
import { type ImportFile, plural, readSheet, type Row, type Sheet } from './csv-text.ts'
import { type Faults, quote } from './faults.ts'
import type { Area, MeasuredBetween, PriorityService } from './network.ts'

/** `required`: the column must be there and no cell may be empty. Of the others an empty cell means none. */
interface Column<T, R extends boolean> {
  readonly kind: CellKind<T>
  readonly required: R
}

const required = <T>(kind: CellKind<T>): Column<T, true> => ({ kind, required: true })
const optional = <T>(kind: CellKind<T>): Column<T, false> => ({ kind, required: false })

const latitude = quantity('degrees', -90, 90)
const longitude = quantity('degrees', -180, 180)
const nominalVoltage = quantity('V', 1, 300_000)
const period = { valid_from: optional(instant), valid_to: optional(instant) }

/** The columns of each file, by the names they have there and in the database. In this order they are imported. */
export const columnsOf = {
  feeders: {
    feeder_id: required(identifier),
    parent_feeder_id: optional(identifier),
    name: optional(words),
    limit_kw: optional(quantity('kW', 0, 1_000_000)),
    head_meter_id: optional(identifier),
    nominal_voltage_v: optional(nominalVoltage),
  },
  sites: {
    site_id: required(identifier),
    feeder_id: optional(identifier),
    name: optional(words),
    latitude: optional(latitude),
    longitude: optional(longitude),
    inverter_limit_kw: optional(quantity('kW', 0.001, 1_000_000)),
    tariff_brl_kwh: optional(quantity('R$/kWh', 0, 100)),
    cleaning_cost_brl: optional(quantity('R$', 0, 10_000_000)),
  },
  conjuntos: {
    conjunto_id: required(identifier),
    name: required(words),
    time_zone: optional(words),
  },
  devices: {
    device_id: required(identifier),
    kind: required(oneOf<ReadingKind>('der', 'panel', 'meter', 'switch')),
    der_type: optional(derType),
    status: optional(oneOf<RegistrationStatus>('active', 'pending', 'rejected')),
    site_id: optional(identifier),
    feeder_id: optional(identifier),
    location: optional(words),
    nominal_voltage_v: optional(nominalVoltage),
    rated_kw: optional(quantity('kW', 0, 100_000)),
    rating_w: optional(quantity('W', 1, 1_000)),
    priority: optional(wholeNumber(0, 100)),
    is_physical: optional(truth),
    phases: optional(phases),
    least_kw: optional(quantity('kW', 0, 100_000)),
    fallback_kw: optional(quantity('kW', -100_000, 100_000)),
    contracted_kw: optional(quantity('kW', 0, 100_000)),
    capacity_kwh: optional(quantity('kWh', 0.001, 1_000_000)),
    ramp_kw_per_minute: optional(quantity('kW/min', 0.001, 1_000_000)),
    min_on_s: optional(wholeNumber(0, 86_400)),
    min_off_s: optional(wholeNumber(0, 86_400)),
    tilt_deg: optional(quantity('degrees', 0, 90)),
    azimuth_deg: optional(quantity('degrees', 0, 360)),
    gamma_per_c: optional(quantity('per °C', -0.02, 0)),
    noct_c: optional(quantity('°C', 20, 90)),
    rated_v: optional(quantity('V', 1, 1_000)),
    installed_at: optional(instant),
  },
  units: {
    unit_id: required(identifier),
    site_id: optional(identifier),
    feeder_id: optional(identifier),
    tariff_class: optional(words),
    phases: optional(phases),
    nominal_voltage_v: required(nominalVoltage),
    contracted_voltage_v: optional(nominalVoltage),
    measured_between: optional(oneOf<MeasuredBetween>('phase_neutral', 'phase_phase')),
    conjunto_id: optional(identifier),
    area: optional(oneOf<Area>('urban', 'non_urban')),
    municipality_code: optional(wholeNumber(1_000_000, 9_999_999)),
  },
  meters: {
    unit_id: required(identifier),
    device_id: required(identifier),
    valid_from: required(instant),
    valid_to: optional(instant),
  },
  sources: {
    source_id: required(identifier),
    section_id: required(identifier),
    feeder_id: optional(identifier),
    substation_id: optional(identifier),
    phases: optional(phases),
    recloses: optional(truth),
    ...period,
  },
  switches: {
    switch_id: required(identifier),
    section_a: required(identifier),
    section_b: required(identifier),
    normally_closed: required(truth),
    load_break: optional(truth),
    phases: optional(phases),
    recloses: optional(truth),
    ...period,
  },
  earthings: {
    earth_switch_id: required(identifier),
    section_id: required(identifier),
    ...period,
  },
  transformers: {
    transformer_id: required(identifier),
    section_id: required(identifier),
    phases: optional(phases),
    ...period,
  },
  supplies: {
    unit_id: required(identifier),
    transformer_id: optional(identifier),
    section_id: optional(identifier),
    ...period,
  },
  services: {
    unit_id: required(identifier),
    service: optional(oneOf<PriorityService>('safety', 'life_support', 'essential')),
  },
} satisfies Record<string, Record<string, Column<unknown, boolean>>>

export type TableName = keyof typeof columnsOf

export const tableNames = Object.keys(columnsOf) as TableName[]

/** What a line says. Null: an empty cell. Absent: the file has no such column, or the cell is faulty. */
export type Cells<N extends TableName> = {
  readonly [C in keyof (typeof columnsOf)[N]]?: (typeof columnsOf)[N][C] extends Column<infer T, infer R>
    ? R extends true
      ? T
      : T | null
    : never
}

export interface Line<N extends TableName> {
  readonly line: number
  readonly cells: Cells<N>
}

export interface Table<N extends TableName> {
  readonly file: string
  /** Those that the file has. */
  readonly columns: readonly string[]
  readonly lines: readonly Line<N>[]
  /** Whether every line is here: else nobody can tell what is missing from it. */
  readonly complete: boolean
}

export type Tables = { readonly [N in TableName]?: Table<N> }

/** Which table a file holds, by its name: `feeders.csv`, wherever it stands and however capitals are used. */
export function tableOf(fileName: string): TableName | undefined {
  return tableNames.find((name) => fileName.toLowerCase() === `${name}.csv`)
}

/** Whether the file says something of a cell that could not be understood; that has been told already. */
export const isFaulty = <N extends TableName>(
  table: Table<N>,
  cells: Cells<N>,
  column: keyof Cells<N> & string,
): boolean => table.columns.includes(column) && cells[column] === undefined

/** Reads files into tables, cell by cell. What cannot be used is among the faults, and absent from the tables. */
export function readTables(files: readonly ImportFile[], dayStart: Reading['dayStart'], faults: Faults): Tables {
  const byTable = new Map<TableName, ImportFile>()
  for (const file of files) {
    const name = tableOf(file.name)
    if (name === undefined) faults.add({ file: file.name, problem: `is none of ${tableNames.join('.csv, ')}.csv` })
    else if (byTable.has(name)) faults.add({ file: file.name, problem: 'is given twice' })
    else byTable.set(name, file)
  }
  const tables: { [N in TableName]?: unknown } = {}
  for (const name of tableNames) {
    const file = byTable.get(name)
    if (file) tables[name] = readTable(name, file, dayStart, faults)
  }
  return tables as Tables
}

function readTable<N extends TableName>(
  name: N,
  file: ImportFile,
  dayStart: Reading['dayStart'],
  faults: Faults,
): Table<N> {
  const sheet = readSheet(file, faults)
  if (!sheet) return { file: file.name, columns: [], lines: [], complete: false }
  const columns: Record<string, Column<unknown, boolean>> = columnsOf[name]
  const understood = checkHeader(file.name, sheet, columns, faults)
  const reading: Reading = { decimalMark: sheet.separator === ';' ? ',' : '.', dayStart }
  const lines = understood
    ? sheet.rows.map((row) => readLine(file.name, sheet.header, row, columns, reading, faults))
    : []
  return {
    file: file.name,
    columns: sheet.header,
    lines: lines as Line<N>[],
    complete: understood && sheet.complete,
  }
}

/** @returns whether the header tells what each cell is */
function checkHeader(
  file: string,
  { header, headerLine: line, separator }: Sheet,
  columns: Record<string, Column<unknown, boolean>>,
  faults: Faults,
): boolean {
  const before = faults.count
  const names = Object.keys(columns)
  if (header.length === 1 && !names.includes(header[0]!)) {
    faults.add({ file, line, problem: `has no header: its first line must name columns (${names.join(separator)})` })
    return false
  }
  for (const [index, name] of header.entries()) {
    if (name === '') faults.add({ file, line, problem: `column ${index + 1} has no name` })
    else if (!names.includes(name)) {
      faults.add({ file, line, problem: `unknown column ${quote(name)}: the columns are ${names.join(', ')}` })
    } else if (header.indexOf(name) !== index) faults.add({ file, line, problem: `column ${name} is there twice` })
  }
  const missing = names.filter((name) => columns[name]!.required && !header.includes(name))
  if (missing.length > 0) {
    faults.add({ file, line, problem: `${plural(missing.length, 'column')} missing: ${missing.join(', ')}` })
  }
  return faults.count === before
}

function readLine(
  file: string,
  header: readonly string[],
  { line, cells }: Row,
  columns: Record<string, Column<unknown, boolean>>,
  reading: Reading,
  faults: Faults,
): { line: number; cells: Record<string, unknown> } {
  const values: Record<string, unknown> = {}
  for (const [index, column] of header.entries()) {
    const text = cells[index]!
    const { kind, required } = columns[column]!
    if (text === '') {
      if (required) faults.add({ file, line, column, problem: 'is empty' })
      else values[column] = null
      continue
    }
    const value = kind(text, reading)
    if (value instanceof Unusable) faults.add({ file, line, column, value: text, problem: value.problem })
    else values[column] = value
  }
  return { line, cells: values }
}
