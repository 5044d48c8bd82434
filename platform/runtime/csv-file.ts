import type { Readable } from 'node:stream'
import { CsvError, parse } from 'csv-parse'

/** A file that cannot be used; the message is one line and names the line of the file, the field and its value. */
export class FileError extends Error {
  override readonly name = 'FileError'
}

export interface CsvRecord {
  /** Line of the file, from 1. */
  readonly line: number
  readonly cells: readonly string[]
}

const mostBytesInRow = 65_536
/** Characters of a value that are shown. */
const shownLength = 80

/**
 * Reads CSV text row by row, however long it is: UTF-8 with or without a byte order mark, commas, empty lines passed over.
 * Whoever stops early must let the generator return: an open pipe keeps a process alive.
 * @throws FileError while it is read
 */
export async function* recordsOf(source: Readable): AsyncGenerator<CsvRecord> {
  const parser = parse({
    ...{ bom: true, trim: true, info: true, skip_empty_lines: true, relax_column_count: true },
    max_record_size: mostBytesInRow,
  })
  source.on('error', (error) => parser.destroy(error))
  source.pipe(parser)
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>)
      yield { line: info.lines, cells: record }
  } catch (error) {
    throw new FileError(problemOf(error))
  } finally {
    source.destroy()
  }
}

function problemOf(error: unknown): string {
  if (!(error instanceof CsvError)) return `cannot be read: ${(error as Error).message}`
  // The parser is ahead of what was read of it: it knows its own line.
  const line = Number(error['lines'])
  if (error.code === 'CSV_MAX_RECORD_SIZE') return `line ${line} is longer than ${mostBytesInRow} bytes`
  return `line ${line} is not CSV: ${shown(error.message)}`
}

/** Where each column stands that a table has; what it does not know is passed over. */
export interface CsvColumns<Name extends string> {
  readonly count: number
  readonly index: Readonly<Partial<Record<Name, number>>>
}

/** @throws FileError where a column is missing that is needed, or one stands there twice */
export function columnsOf<Name extends string>(
  header: CsvRecord,
  required: readonly Name[],
  optional: readonly Name[],
): CsvColumns<Name> {
  const { line, cells } = header
  const fail = (problem: string): never => {
    throw new FileError(`line ${line}: the header "${shown(cells.join(','))}" ${problem}`)
  }
  checkSeparators(header)
  const index: Partial<Record<Name, number>> = {}
  for (const name of [...required, ...optional]) {
    const at = cells.indexOf(name)
    if (at !== cells.lastIndexOf(name)) fail(`has the column ${name} twice`)
    if (at >= 0) index[name] = at
    else if (required.includes(name)) fail(`lacks the column ${name}`)
  }
  return { count: cells.length, index }
}

/** @throws FileError */
export function checkSeparators({ line, cells }: CsvRecord): void {
  if (cells.some((cell) => cell.includes(';')))
    throw new FileError(
      `line ${line}: the header "${shown(cells.join(','))}" has semicolons: separate columns by commas, and write decimals with a point`,
    )
}

/** @throws FileError where a row has not as many cells as the header */
export function checkCells({ line, cells }: CsvRecord, count: number): void {
  if (cells.length !== count)
    throw new FileError(`line ${line} has ${cells.length} cells where the header has ${count}`)
}

/** What is wrong with a value of the file. */
export const faultAt = (line: number, field: string, text: string | undefined, problem: string): FileError =>
  new FileError(`line ${line}: ${field} "${shown(text ?? '')}" ${problem}`)

/** On one line, whatever the file holds. */
export const shown = (text: string): string => {
  const plain = text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, '�')
  return plain.length > shownLength ? `${plain.slice(0, shownLength)}…` : plain
}
