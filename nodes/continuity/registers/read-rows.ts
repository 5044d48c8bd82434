import { Unusable, type Reading } from '../../../platform/network/import/cells.ts'
import { plural, readSheet, type ImportFile, type Sheet } from '../../../platform/network/import/csv-text.ts'
import { quote, type Faults } from '../../../platform/network/import/faults.ts'
import { fieldOf } from '../../../platform/network/record-kinds.ts'
import type { RegisterColumn } from './columns.ts'
import type { Register, RegisterRow } from './register.ts'

/** A row, and where it stands: the line of a file, or which of several records, from 1. */
export interface RegisterLine {
  readonly line: number
  readonly row: RegisterRow
}

/** Columns as they are read: those of a register, or its key alone. */
export interface ReadColumns {
  readonly columns: Readonly<Record<string, RegisterColumn>>
  readonly key: readonly string[]
  check?: Register['check']
}

/** What a register's own export has beside its columns: passed over, so that it can be read again. */
const passedOver: readonly string[] = ['entry_id', 'entered_by', 'entered_at']

/** The columns that name a row, and nothing else. */
export const keyColumnsOf = ({ columns, key }: Register): ReadColumns => ({
  columns: Object.fromEntries(key.map((column) => [column, columns[column]!])),
  key,
})

/**
 * Reads a file of a register: CSV with a header, separated by comma, or by semicolon with a decimal comma.
 * Faults: every line that is wrong, and a row that is there twice.
 */
export function readSheetRows(read: ReadColumns, file: ImportFile, faults: Faults): RegisterLine[] {
  const sheet = readSheet(file, faults)
  if (!sheet || !checkHeader(read.columns, file.name, sheet, faults)) return []
  const lines = readLines(read.columns, file.name, sheet, faults)
  checkRows(read, file.name, lines, faults)
  return lines
}

/** The rows of a sheet whose header is understood; columns of it that are not asked for are passed over. */
export function readLines(
  columns: ReadColumns['columns'],
  file: string,
  { header, separator, rows }: Sheet,
  faults: Faults,
): RegisterLine[] {
  const reading: Reading = { decimalMark: separator === ';' ? ',' : '.', dayStart: () => undefined }
  return rows.map(({ line, cells }) => {
    const textOf = (column: string): string => cells[header.indexOf(column)] ?? ''
    return { line, row: readRow(columns, textOf, reading, { file, line }, faults) }
  })
}

/**
 * Reads records as programs and flows have them: objects by column (`conjunto_id`) or by field (`conjuntoId`), with texts,
 * numbers, truths, or nothing.
 */
export function readRecords(
  read: ReadColumns,
  file: string,
  records: readonly unknown[],
  faults: Faults,
): RegisterLine[] {
  const reading: Reading = { decimalMark: '.', dayStart: () => undefined }
  const columnOf = new Map(Object.keys(read.columns).flatMap((name) => [[name, name] as const, [fieldOf(name), name]]))
  const lines = records.map((record, index) => {
    const at = { file, line: index + 1 }
    if (typeof record !== 'object' || record === null || Array.isArray(record)) {
      faults.add({ ...at, problem: `is ${quote(String(JSON.stringify(record)))}, not an object` })
      return { line: at.line, row: {} }
    }
    const cells = new Map<string, string>()
    for (const [field, value] of Object.entries(record)) {
      const column = columnOf.get(field)
      if (column === undefined) {
        if (!passedOver.some((name) => field === name || field === fieldOf(name)))
          faults.add({ ...at, problem: `has the unknown field ${quote(field)}: ${[...columnOf.keys()].join(', ')}` })
      } else if (value !== null && value !== undefined) cells.set(column, written(value))
    }
    return { line: at.line, row: readRow(read.columns, (column) => cells.get(column) ?? '', reading, at, faults) }
  })
  checkRows(read, file, lines, faults)
  return lines
}

const written = (value: unknown): string =>
  value instanceof Date
    ? value.toISOString()
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value as string | number | boolean).trim()

function readRow(
  columns: ReadColumns['columns'],
  textOf: (column: string) => string,
  reading: Reading,
  at: { file: string; line: number },
  faults: Faults,
): RegisterRow {
  const row: Record<string, RegisterRow[string]> = {}
  for (const [column, { kind, required }] of Object.entries(columns)) {
    const text = textOf(column)
    if (text === '') {
      if (required) faults.add({ ...at, column, problem: 'is empty' })
      row[column] = null
      continue
    }
    const value = kind(text, reading)
    if (value instanceof Unusable) faults.add({ ...at, column, value: text, problem: value.problem })
    row[column] = value instanceof Unusable ? null : value
  }
  return row
}

function checkHeader(columns: ReadColumns['columns'], file: string, sheet: Sheet, faults: Faults): boolean {
  const { header, headerLine: line } = sheet
  const names = Object.keys(columns)
  const before = faults.count
  for (const [index, name] of header.entries()) {
    if (!names.includes(name) && !passedOver.includes(name))
      faults.add({ file, line, problem: `unknown column ${quote(name)}: the columns are ${names.join(', ')}` })
    else if (header.indexOf(name) !== index) faults.add({ file, line, problem: `column ${name} is there twice` })
  }
  const missing = names.filter((name) => columns[name]!.required && !header.includes(name))
  if (missing.length > 0)
    faults.add({ file, line, problem: `${plural(missing.length, 'column')} missing: ${missing.join(', ')}` })
  return faults.count === before
}

/** Faults: rows whose cells do not go together, and rows of the same key. */
function checkRows({ key, check }: ReadColumns, file: string, lines: readonly RegisterLine[], faults: Faults): void {
  const seen = new Map<string, number>()
  for (const { line, row } of lines) {
    const wrong = check?.(row)
    if (wrong) faults.add({ file, line, ...wrong })
    const cells = key.map((column) => row[column] ?? null)
    // A faulty row is told already.
    if (cells.every((cell) => cell === null)) continue
    const name = JSON.stringify(cells)
    const before = seen.get(name)
    if (before === undefined) seen.set(name, line)
    else faults.add({ file, line, problem: `${keyText(key, row)} is on line ${before} already` })
  }
}

const keyText = (key: readonly string[], row: RegisterRow): string =>
  key.map((column) => `${column} ${row[column] === null ? 'empty' : String(row[column])}`).join(', ')
