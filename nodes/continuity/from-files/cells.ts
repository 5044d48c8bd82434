import type { Readable } from 'node:stream'
import {
  checkCells,
  columnsOf,
  faultAt,
  FileError,
  recordsOf,
  type CsvColumns,
} from '../../../platform/runtime/csv-file.ts'
import { parseInstant } from '../../../platform/wire/instant.ts'

/** A row of a file, by the names of its columns. */
export class FileRow<Name extends string> {
  #columns: CsvColumns<Name>
  #cells: readonly string[]
  readonly line: number

  constructor(line: number, cells: readonly string[], columns: CsvColumns<Name>) {
    this.line = line
    this.#cells = cells
    this.#columns = columns
  }

  /** @returns an empty text where the cell is empty, or there is no such column */
  text(name: Name): string {
    const index = this.#columns.index[name]
    return index === undefined ? '' : this.#cells[index]!
  }

  /** @throws FileError where there is nothing */
  named(name: Name): string {
    const text = this.text(name)
    if (text === '') throw this.fault(name, 'is empty')
    if (text.length > mostCharacters) throw this.fault(name, `is longer than ${mostCharacters} characters`)
    return text
  }

  /** UTC milliseconds; null where there is nothing. @throws FileError */
  instant(name: Name): number | null {
    const text = this.text(name)
    if (text === '') return null
    const instant = parseInstant(/^\d+$/.test(text) ? Number(text) : text)
    if (instant === undefined || instant < 0 || instant > lastInstant)
      throw this.fault(name, 'is neither ISO 8601 with an offset (2026-03-01T00:00:00-03:00) nor epoch milliseconds')
    return instant
  }

  /** False where there is nothing. @throws FileError */
  flag(name: Name): boolean {
    return this.choice(name, ['true', 'false'] as const) === 'true'
  }

  /** Null where there is nothing. @throws FileError */
  choice<Choice extends string>(name: Name, choices: readonly Choice[]): Choice | null {
    const text = this.text(name)
    if (text === '') return null
    const found = choices.find((one) => one === text)
    if (found === undefined) throw this.fault(name, `is not ${choices.join(' or ')}`)
    return found
  }

  /** Null where there is nothing. @throws FileError where it is less than 0, or 0 and `above0` is asked for */
  number(name: Name, takes: { readonly above0?: boolean; readonly whole?: boolean } = {}): number | null {
    const text = this.text(name)
    if (text === '') return null
    const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN
    const fits = value <= mostNumber && (value > 0 || !takes.above0) && (Number.isInteger(value) || !takes.whole)
    if (!fits)
      throw this.fault(
        name,
        `is not a ${takes.whole ? 'whole number' : 'number'} ${takes.above0 ? 'above 0' : 'from 0 on'}`,
      )
    return value
  }

  /** What is wrong with a value of the row. */
  fault(name: Name, problem: string): FileError {
    return faultAt(this.line, name, this.text(name), problem)
  }
}

const mostCharacters = 200
const mostNumber = 1e12
/** The end of the years that ISO 8601 writes with four digits. */
const lastInstant = Date.UTC(9999, 11, 31)

/**
 * Rows of a file with a header; columns that are not asked for are passed over.
 * @throws FileError while it is read: by line, field and value
 */
export async function* rowsOf<Name extends string>(
  source: Readable,
  required: readonly Name[],
  optional: readonly Name[],
): AsyncGenerator<FileRow<Name>> {
  let columns: CsvColumns<Name> | undefined
  for await (const record of recordsOf(source)) {
    if (columns === undefined) {
      columns = columnsOf(record, required, optional)
      continue
    }
    checkCells(record, columns.count)
    yield new FileRow(record.line, record.cells, columns)
  }
  if (columns === undefined) throw new FileError('is empty: its first line names the columns')
}
