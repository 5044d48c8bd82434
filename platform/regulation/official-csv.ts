import { CsvError, parse } from 'csv-parse/sync'

/** A cell of an official file: text, days (`YYYY-MM-DD`) and moments of the place (`YYYY-MM-DD HH:MM:SS`) as text; null where there is nothing. */
export type OfficialValue = string | number | null

/** A row of an official file by the names of its columns. */
export type OfficialRow = Readonly<Record<string, OfficialValue>>

export interface OfficialColumn {
  readonly name: string
  readonly kind: 'text' | 'integer' | 'decimal' | 'day' | 'moment'
  /** Of a decimal, as written: exactly so many. */
  readonly decimals?: number
  /** It may be empty, or be absent from a file. */
  readonly optional?: true
}

export type OfficialEncoding = 'iso-8859-1' | 'utf-8'

/** How a data set of the regulator is written down, and where that is known from. */
export interface OfficialShape {
  /** Name of the resource, and of the file. */
  readonly resource: string
  readonly separator: ';' | ','
  readonly encoding: OfficialEncoding
  readonly columns: readonly OfficialColumn[]
  readonly source: string
  /** What is not known for sure. */
  readonly doubts: readonly string[]
}

/** A row that was read, and its line in the file, from 1. */
export interface OfficialLine {
  readonly line: number
  readonly row: OfficialRow
}

/** Something that an official file cannot hold, or does not: names the line, the column and the value. */
export class OfficialCsvError extends Error {
  override readonly name = 'OfficialCsvError'
}

/**
 * An official file, a line at a time: the names first, lines end in CRLF, decimals have a comma. Values are neither rounded
 * nor cut: what the shape cannot carry is an error.
 * Text that a spreadsheet would take for a formula begins with `'`, which `readOfficialCsv` takes off again.
 * @param rows  each with a value for every column that is not optional
 * @throws OfficialCsvError
 */
export async function* officialCsv(
  shape: OfficialShape,
  rows: AsyncIterable<OfficialRow> | Iterable<OfficialRow>,
): AsyncGenerator<Uint8Array> {
  const { separator, encoding } = shape
  // A decimal comma too, where commas separate.
  const fragile = new RegExp(`^\\s|\\s$|["${separator}]`)
  const quoted = (cell: string): string => (fragile.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)
  const encode = (cells: readonly string[]): Uint8Array =>
    Buffer.from(`${cells.map(quoted).join(separator)}\r\n`, encoding === 'utf-8' ? 'utf8' : 'latin1')
  yield encode(shape.columns.map(({ name }) => name))
  let number = 0
  for await (const row of rows) {
    number++
    yield encode(shape.columns.map((column) => cellOf(shape, column, row[column.name] ?? null, number)))
  }
}

/** The text of a file. @param encoding  UTF-8 where a byte order mark says so, whatever is given @throws OfficialCsvError */
export function officialText(bytes: Uint8Array, encoding: OfficialEncoding): string {
  const isMarked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
  // What is called Latin-1 often comes from Windows, which has letters where Latin-1 has control characters.
  if (encoding === 'iso-8859-1' && !isMarked) return new TextDecoder('windows-1252').decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    if (error instanceof TypeError) throw new OfficialCsvError('the file is not UTF-8: try encoding iso-8859-1')
    throw error
  }
}

/**
 * Reads an official file, written here or published by the regulator: columns in any order, others passed over, cells
 * quoted or not, `,5` for 0.5, days as 2026-06-30 or 30-06-2026, moments with seconds or without, and a fraction of them cut.
 * @throws OfficialCsvError with the line
 */
export function readOfficialCsv(shape: OfficialShape, text: string): OfficialLine[] {
  const [head, ...body] = recordsOf(text.replace(/^\uFEFF/, ''), shape.separator)
  if (!head) throw new OfficialCsvError('the file is empty: its first line names the columns')
  const places = shape.columns.map(({ name, optional }) => {
    const place = head.cells.indexOf(name)
    if (place < 0 && !optional)
      throw new OfficialCsvError(
        `line ${head.line}: there is no column ${name}: ${shape.resource} has ${shape.columns.map((column) => column.name).join(shape.separator)}`,
      )
    return place
  })
  return body.map(({ line, cells }) => {
    if (cells.length !== head.cells.length)
      throw new OfficialCsvError(
        `line ${line}: has ${cells.length} cells where the first line has ${head.cells.length}`,
      )
    const values = shape.columns.map((column, index) => [
      column.name,
      valueOf(column, cells[places[index]!] ?? '', line),
    ])
    return { line, row: Object.fromEntries(values) as OfficialRow }
  })
}

/** What a spreadsheet would take for the beginning of a formula, behind what protects from it already. */
const formula = /^'*[=+\-@]/
const unwritable: Readonly<Record<OfficialEncoding, RegExp>> = {
  'iso-8859-1': /[^\u0020-\u007e\u00a0-\u00ff]/u,
  'utf-8': /[\u0000-\u001f\u007f-\u009f\ufeff]|\p{Surrogate}/u,
}

function cellOf(shape: OfficialShape, column: OfficialColumn, value: OfficialValue, number: number): string {
  const refuse = (why: string): never => {
    throw new OfficialCsvError(`row ${number}, ${column.name}: ${JSON.stringify(value)} ${why}`)
  }
  if (value === null || value === '') return column.optional ? '' : refuse('is nothing, and it must not be empty')
  if (column.kind === 'integer' || column.kind === 'decimal') return numberCell(column, value, refuse)
  if (typeof value !== 'string') return refuse('is no text')
  if (column.kind === 'day') return isDay(value) ? value : refuse('is no day: it takes YYYY-MM-DD')
  if (column.kind === 'moment')
    return momentOf(value) === value ? value : refuse('is no moment: it takes YYYY-MM-DD HH:MM:SS')
  const stranger = unwritable[shape.encoding].exec(value)?.[0]
  if (stranger !== undefined) refuse(`has ${JSON.stringify(stranger)}, which ${shape.encoding} cannot carry in a line`)
  return formula.test(value) ? `'${value}` : value
}

function numberCell({ kind, decimals = 0 }: OfficialColumn, value: string | number, refuse: (why: string) => never) {
  const places = kind === 'integer' ? 0 : decimals
  if (typeof value !== 'number' || !(Math.abs(value) < 1e15)) return refuse('is no number that can be written')
  const written = value.toFixed(places)
  if (Number(written) !== value) return refuse(`has more than ${places} decimals`)
  return written.replace('.', ',')
}

interface CsvRecord {
  readonly line: number
  readonly cells: readonly string[]
}

function recordsOf(text: string, separator: string): CsvRecord[] {
  const records: CsvRecord[] = []
  let end = 0
  try {
    parse(text, {
      delimiter: separator,
      relax_column_count: true,
      skip_empty_lines: true,
      on_record: (cells: string[], { lines }) => {
        end = lines
        records.push({ line: lines, cells })
        return null
      },
    })
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    throw new OfficialCsvError(`line ${end + 1}: its quotation marks are wrong`)
  }
  return records
}

function valueOf({ name, kind, optional }: OfficialColumn, cell: string, line: number): OfficialValue {
  const refuse = (takes: string): never => {
    throw new OfficialCsvError(`line ${line}, ${name}: ${JSON.stringify(cell.slice(0, 80))} cannot be read: ${takes}`)
  }
  if (kind === 'text') {
    if (cell === '') return optional ? null : refuse('it must not be empty')
    return cell.startsWith("'") && formula.test(cell) ? cell.slice(1) : cell
  }
  const bare = cell.trim()
  if (bare === '') return optional ? null : refuse('it must not be empty')
  if (kind === 'day') return dayOf(bare) ?? refuse('it takes a day, YYYY-MM-DD')
  if (kind === 'moment') return momentOf(bare) ?? refuse('it takes a moment, YYYY-MM-DD HH:MM:SS')
  const form = kind === 'integer' ? /^-?\d{1,15}$/ : /^-?(\d{1,15}(,\d{1,15})?|,\d{1,15})$/
  if (!form.test(bare)) return refuse(kind === 'integer' ? 'it takes a whole number' : 'it takes a number such as 1,25')
  return Number(bare.replace(',', '.'))
}

function momentOf(text: string): string | undefined {
  const [, day = '', minutes, seconds = '00'] =
    /^(\S{10})[T ]((?:[01]\d|2[0-3]):[0-5]\d)(?::([0-5]\d)(?:\.\d{1,9})?)?$/.exec(text) ?? []
  const found = dayOf(day)
  return found === undefined ? undefined : `${found} ${minutes}:${seconds}`
}

function dayOf(text: string): string | undefined {
  const turned = /^(\d{2})[-/](\d{2})[-/](\d{4})$/.exec(text)
  const day = turned ? `${turned[3]}-${turned[2]}-${turned[1]}` : text
  return isDay(day) ? day : undefined
}

function isDay(text: string): boolean {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN
  return Number.isFinite(at) && new Date(at).toISOString().startsWith(text)
}
