import type { Readable } from 'node:stream'
import {
  checkCells,
  checkSeparators,
  faultAt,
  FileError,
  recordsOf,
  shown,
  type CsvRecord,
} from '../../platform/runtime/csv-file.ts'
import { parseInstant } from '../../platform/wire/instant.ts'
import { phases, type PerPhase, type Phase } from './domain/sample.ts'

export interface RecordedRow {
  /** Line of the file, from 1. */
  readonly line: number
  /** Beginning of its interval, UTC milliseconds. */
  readonly start: number
  /** Null where the cell is empty, or the phase has no column. */
  readonly volts: PerPhase<number>
}

/** A recorded voltage as it is read, row by row, however long it is. */
export interface RecordedVoltage {
  /** Those that have a column; a voltage without a phase is called A. */
  readonly phases: readonly Phase[]
  /** In the order of their time, each instant once. @throws FileError while it is read */
  readonly rows: AsyncIterable<RecordedRow>
}

const phaseColumns = ['va_v', 'vb_v', 'vc_v'] as const
/** Higher than any that is transmitted, V. */
const highestV = 2_000_000
/** The end of the years that ISO 8601 writes with four digits, UTC milliseconds. */
const lastInstant = Date.UTC(9999, 11, 31, 23, 50)

/**
 * Reads CSV text: UTF-8 with or without a byte order mark, a header, commas.
 * @param intervalMs  between rows: each begins a whole number of them after midnight, UTC
 * @throws FileError where it cannot be read, or its header lacks a column
 */
export async function readRecordedVoltage(source: Readable, intervalMs: number): Promise<RecordedVoltage> {
  const records = recordsOf(source)
  const columns = await columnsIn(records)
  return {
    phases: phases.filter((_, index) => columns.volts[index] !== undefined),
    rows: rowsOf(records, columns, intervalMs),
  }
}

async function columnsIn(records: AsyncGenerator<CsvRecord>): Promise<Columns> {
  try {
    const first = await records.next()
    if (first.done) throw new FileError('is empty: its first line names the columns')
    return columnsOf(first.value)
  } catch (error) {
    // Lets go of what it was read from: an open pipe keeps a process alive.
    await records.return(undefined)
    throw error
  }
}

interface Columns {
  readonly count: number
  readonly timestamp: number
  /** Where each phase stands, and what it is called there. */
  readonly volts: PerPhaseColumn
}
type PerPhaseColumn = readonly ({ readonly index: number; readonly name: string } | undefined)[]

function columnsOf(record: CsvRecord): Columns {
  checkSeparators(record)
  const { line, cells } = record
  const header = shown(cells.join(','))
  const fail = (problem: string): never => {
    throw new FileError(`line ${line}: ${problem}`)
  }
  const find = (name: string): { index: number; name: string } | undefined => {
    const index = cells.indexOf(name)
    if (index !== cells.lastIndexOf(name)) fail(`the header "${header}" has the column ${name} twice`)
    return index < 0 ? undefined : { index, name }
  }
  const timestamp = find('timestamp')?.index ?? fail(`the header "${header}" lacks the column timestamp`)
  const single = find('voltage_v')
  const ofPhases = phaseColumns.map(find)
  const several = ofPhases.some((column) => column !== undefined)
  if (single && several) fail(`the header "${header}" has voltage_v and columns of phases: it takes one or the others`)
  if (!single && !several)
    fail(`the header "${header}" lacks a voltage: voltage_v, or some of ${phaseColumns.join(', ')}`)
  return { count: cells.length, timestamp, volts: single ? [single] : ofPhases }
}

async function* rowsOf(
  records: AsyncIterable<CsvRecord>,
  columns: Columns,
  intervalMs: number,
): AsyncGenerator<RecordedRow> {
  let last: RecordedRow | undefined
  for await (const record of records) {
    const row = rowOf(record, columns, intervalMs)
    const text = record.cells[columns.timestamp]
    if (last && row.start === last.start)
      throw faultAt(row.line, 'timestamp', text, `repeats that of line ${last.line}`)
    if (last && row.start < last.start)
      throw faultAt(row.line, 'timestamp', text, `is before that of line ${last.line}`)
    yield (last = row)
  }
}

function rowOf(record: CsvRecord, { count, timestamp, volts }: Columns, intervalMs: number): RecordedRow {
  checkCells(record, count)
  const { line, cells } = record
  const text = cells[timestamp]!
  const start = parseInstant(/^-?\d+$/.test(text) ? Number(text) : text)
  if (start === undefined)
    throw faultAt(
      line,
      'timestamp',
      text,
      'is neither ISO 8601 with an offset (2008-01-01T00:00:00Z) nor epoch milliseconds',
    )
  if (start > lastInstant) throw faultAt(line, 'timestamp', text, 'is after the year 9999')
  if (start % intervalMs !== 0)
    throw faultAt(line, 'timestamp', text, `does not begin an interval of ${intervalMs / 1_000} s (see --interval)`)
  const [a = null, b = null, c = null] = volts.map(
    (column) => column && voltsOf(line, column.name, cells[column.index]!),
  )
  return { line, start, volts: [a, b, c] }
}

function voltsOf(line: number, name: string, text: string): number | null {
  if (text === '') return null
  const volts = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) ? Number(text) : NaN
  if (Number.isNaN(volts)) throw faultAt(line, name, text, 'is not a number such as 230.1')
  if (volts < 0) throw faultAt(line, name, text, 'is negative')
  if (volts > highestV) throw faultAt(line, name, text, `is more than ${highestV} V`)
  return volts
}
