import type { TObject, TSchema } from '@sinclair/typebox'

/** A column of an answer as CSV. */
export interface CsvColumn {
  /** Stands in the first line. */
  readonly name: string
  /** What is text may have come from anybody, and is made harmless for spreadsheets; a number is written as it is. */
  readonly kind: 'text' | 'number'
  /** Taken from a row; the row's field of the column's name unless given. */
  // oxlint-disable-next-line typescript/no-explicit-any -- a route knows its rows
  value?(row: any): unknown
}

/** A column for each field of a schema, null or not: what is no number is text. */
export const csvColumnsOf = ({ properties }: TObject): readonly CsvColumn[] =>
  Object.entries(properties).map(([name, schema]) => ({ name, kind: isNumber(schema) ? 'number' : 'text' }))

const isNumber = ({ type, anyOf }: TSchema): boolean =>
  type === 'number' || type === 'integer' || (Array.isArray(anyOf) && (anyOf as TSchema[]).some(isNumber))

/** What a spreadsheet would take for the beginning of a formula. */
const formula = /^[=+\-@\t\r]/

/** Rows as CSV (RFC 4180, UTF-8, CRLF), a line at a time, the names first. Absent values are empty. */
export async function* csvLines(
  columns: readonly CsvColumn[],
  rows: AsyncIterable<unknown> | Iterable<unknown>,
): AsyncGenerator<string> {
  yield lineOf(columns.map(({ name }) => name))
  for await (const row of rows) yield lineOf(columns.map((column) => cellOf(column, row)))
}

const lineOf = (cells: readonly string[]): string => `${cells.map(quoted).join(',')}\r\n`

function cellOf({ name, kind, value }: CsvColumn, row: unknown): string {
  const found = value ? value(row) : (row as Record<string, unknown>)[name]
  if (found === undefined || found === null) return ''
  const text =
    found instanceof Date ? found.toISOString() : typeof found === 'object' ? JSON.stringify(found) : String(found)
  return kind === 'text' && formula.test(text) ? `'${text}` : text
}

const quoted = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)
