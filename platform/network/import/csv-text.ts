import { CsvError, parse } from 'csv-parse/sync'
import type { Faults } from './faults.ts'

/** A file to import: its name, which says what it holds, and its content. */
export interface ImportFile {
  readonly name: string
  readonly bytes: Uint8Array
}

export interface Row {
  /** Line of the file where it begins, from 1. */
  readonly line: number
  /** As many as the header has, trimmed. */
  readonly cells: readonly string[]
}

export interface Sheet {
  /** Names of the columns in lower case, in the order of the file. */
  readonly header: readonly string[]
  readonly headerLine: number
  readonly separator: ',' | ';'
  readonly rows: readonly Row[]
  /** Whether every row could be read. */
  readonly complete: boolean
}

export const mostBytes = 64 * 1024 * 1024
export const mostRows = 500_000

/**
 * Reads CSV text: UTF-8 with or without a byte order mark, comma or semicolon, whichever separates the header.
 * Rows without any content, as spreadsheets leave them at the end, are passed over.
 * @returns undefined where nothing of it can be understood; the faults then say why
 */
export function readSheet({ name: file, bytes }: ImportFile, faults: Faults): Sheet | undefined {
  if (bytes.length > mostBytes) {
    faults.add({ file, problem: tooLarge(bytes.length) })
    return undefined
  }
  const text = decode(file, bytes, faults)
  if (text === undefined) return undefined
  const separator = separatorOf(text)
  const { records, complete } = split(file, text, separator, faults)
  const [head, ...body] = records
  if (!head) {
    if (complete) faults.add({ file, problem: 'is empty: its first line names the columns' })
    return undefined
  }
  // Spreadsheets write out columns that were once used.
  const header = head.cells.map((name) => name.toLowerCase())
  while (header.at(-1) === '') header.pop()
  const rows: Row[] = []
  let sound = complete
  for (const { line, cells } of body) {
    if (cells.length < header.length || cells.slice(header.length).some((cell) => cell !== '')) {
      faults.add({ file, line, problem: `has ${plural(cells.length, 'cell')} where the header has ${header.length}` })
      sound = false
    } else rows.push({ line, cells: cells.slice(0, header.length) })
  }
  return { header, headerLine: head.line, separator, rows, complete: sound }
}

export const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

function decode(file: string, bytes: Uint8Array, faults: Faults): string | undefined {
  const strict = (part: Uint8Array): string | undefined => {
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(part)
    } catch (error) {
      if (error instanceof TypeError) return undefined
      throw error
    }
  }
  const text = strict(bytes)
  if (text !== undefined) return text
  let line = 1
  for (let from = 0; from < bytes.length; line++) {
    const end = bytes.indexOf(10, from)
    const to = end === -1 ? bytes.length : end
    if (strict(bytes.subarray(from, to)) === undefined) break
    from = to + 1
  }
  faults.add({ file, line, problem: 'is not UTF-8: save the file as "CSV UTF-8"' })
  return undefined
}

/** The one of the two that is more frequent in the first line with content, outside of quotes. */
function separatorOf(text: string): ',' | ';' {
  const first =
    /[^\s][^\r\n]*/
      .exec(text)?.[0]
      .slice(0, 10_000)
      .replaceAll(/"[^"]*"/g, '') ?? ''
  const count = (mark: string) => first.split(mark).length
  return count(';') > count(',') ? ';' : ','
}

function split(file: string, text: string, separator: string, faults: Faults): { records: Row[]; complete: boolean } {
  const records: Row[] = []
  let end = 0
  try {
    // One kind of line end, or those within quotation marks would be miscounted.
    parse(text.replaceAll(/\r\n?/g, '\n'), {
      delimiter: separator,
      record_delimiter: '\n',
      relax_column_count: true,
      skip_empty_lines: true,
      on_record: (record: string[], { lines }) => {
        end = lines
        const line = end - record.reduce((breaks, cell) => breaks + cell.split('\n').length - 1, 0)
        const cells = record.map((cell) => cell.trim())
        if (records.length <= mostRows + 1 && cells.some((cell) => cell !== '')) records.push({ line, cells })
        return null
      },
    })
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    faults.add({ file, line: end + 1, problem: `${syntaxProblem(error)}; what follows it was not read` })
    return { records, complete: false }
  }
  if (records.length > mostRows + 1) {
    faults.add({ file, problem: `has more than ${mostRows} rows: divide it` })
    return { records: records.slice(0, 1), complete: false }
  }
  return { records, complete: true }
}

function syntaxProblem({ code, message }: CsvError): string {
  switch (code) {
    case 'CSV_QUOTE_NOT_CLOSED':
      return 'a quotation mark that opens here or further down is never closed'
    case 'INVALID_OPENING_QUOTE':
      return 'a quotation mark stands within a cell: put the whole cell in quotation marks and double the inner ones'
    case 'CSV_INVALID_CLOSING_QUOTE':
      return 'a closing quotation mark is followed by more text: double quotation marks within a cell'
    default:
      return `cannot be read as CSV (${message})`
  }
}

export const tooLarge = (bytes: number): string =>
  `is too large: ${mib(bytes)} MiB, and ${mib(mostBytes)} MiB at most can be read; divide it`

const mib = (bytes: number): number => Math.ceil(bytes / 1024 / 1024)
