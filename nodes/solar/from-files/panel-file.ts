import type { Readable } from 'node:stream'
import {
  checkCells,
  checkSeparators,
  faultAt,
  FileError,
  recordsOf,
  shown,
  type CsvRecord,
} from '../../../platform/runtime/csv-file.ts'
import { parseInstant } from '../../../platform/wire/instant.ts'

/** Measures that a file may have, as panels send them. */
export const measureFields = [
  ...(['temperature_celsius', 'voltage_volts', 'current_amperes', 'power_output_watts', 'irradiance_wm2'] as const),
] as const
export type MeasureField = (typeof measureFields)[number]
export const fileFields = ['timestamp', 'panel_id', ...measureFields] as const
export type FileField = (typeof fileFields)[number]

/** A row of the file. */
export interface PanelRow {
  /** Line of the file, from 1. */
  readonly line: number
  /** Beginning of its interval, UTC milliseconds. */
  readonly at: number
  readonly panelId: string
  /** In the order of `measureFields`; null: missing, or without a column. */
  readonly measures: readonly (number | null)[]
  /** What is amiss, as the file has it; empty: nothing. */
  readonly label: string
}

export interface FileColumns {
  /** Column of each field that is not called as the field is. */
  readonly columns: ReadonlyMap<FileField, string>
  readonly labels: string | undefined
  readonly utcOffsetMinutes: number | null
}

/** Of rows without a panel. */
const onlyPanel = 'panel'
/** A number beyond is no measure of a panel, and would drown what it is added to. */
const largest = 1e9
const mostLetters = 200
/** The years that ISO 8601 writes with four digits, UTC milliseconds. */
const lastInstant = Date.UTC(9999, 11, 31)

/**
 * Reads rows of panels, one after the other, however many there are: by time, panels in any order.
 * @throws FileError while it is read, with line and column
 */
export async function* panelRows(source: Readable, asked: FileColumns): AsyncGenerator<PanelRow> {
  const records = recordsOf(source)
  let places: Places | undefined
  let last: PanelRow | undefined
  for await (const record of records) {
    if (!places) {
      places = placesOf(record, asked)
      continue
    }
    const row = rowOf(record, places, asked.utcOffsetMinutes)
    if (last && row.at < last.at)
      throw faultAt(
        row.line,
        places.names.timestamp,
        record.cells[places.timestamp],
        `is before that of line ${last.line}: rows go by time, those of all panels together`,
      )
    yield (last = row)
  }
  if (!places) throw new FileError('is empty: its first line names the columns')
}

interface Places {
  readonly count: number
  readonly timestamp: number
  readonly panel: number
  readonly measures: readonly number[]
  readonly label: number
  readonly names: Readonly<Record<FileField, string>>
}

function placesOf(record: CsvRecord, { columns, labels }: FileColumns): Places {
  checkSeparators(record)
  const { line, cells } = record
  const fail = (problem: string): never => {
    throw new FileError(`line ${line}: the header "${shown(cells.join(','))}" ${problem}`)
  }
  const find = (name: string): number => {
    const index = cells.indexOf(name)
    return index === cells.lastIndexOf(name) ? index : fail(`has the column ${shown(name)} twice`)
  }
  const nameOf = (field: FileField): string => columns.get(field) ?? field
  const names = Object.fromEntries(fileFields.map((field) => [field, nameOf(field)])) as Record<FileField, string>
  for (const [field, column] of columns)
    if (find(column) < 0) fail(`lacks the column ${shown(column)}, which --map gives ${field}`)
  const timestamp = find(names.timestamp)
  if (timestamp < 0) fail(`lacks the column ${names.timestamp}: --map timestamp=COLUMN names another one`)
  const measures = measureFields.map((field) => find(names[field]))
  if (measures.every((index) => index < 0))
    fail(`lacks a measure: one of ${measureFields.join(', ')}, or --map FIELD=COLUMN`)
  const label = labels === undefined ? -1 : find(labels)
  if (labels !== undefined && label < 0) fail(`lacks the column ${shown(labels)}, which --labels names`)
  return { count: cells.length, timestamp, panel: find(names.panel_id), measures, label, names }
}

function rowOf(record: CsvRecord, places: Places, utcOffsetMinutes: number | null): PanelRow {
  checkCells(record, places.count)
  const { line, cells } = record
  const at = instantOf(line, places.names.timestamp, cells[places.timestamp]!, utcOffsetMinutes)
  const panelId = places.panel < 0 ? onlyPanel : cells[places.panel]!
  if (panelId === '' || panelId.length > mostLetters)
    throw faultAt(
      line,
      places.names.panel_id,
      panelId,
      panelId === '' ? 'is empty' : `is longer than ${mostLetters} characters`,
    )
  const measures = places.measures.map((index, measure) =>
    index < 0 ? null : numberOf(line, places.names[measureFields[measure]!], cells[index]!),
  )
  return { line, at, panelId, measures, label: places.label < 0 ? '' : cells[places.label]! }
}

function instantOf(line: number, name: string, text: string, utcOffsetMinutes: number | null): number {
  const isLocal = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?$/.test(text)
  if (isLocal && utcOffsetMinutes === null)
    throw faultAt(line, name, text, 'has no offset from UTC: --utc-offset HOURS says which')
  const iso = text.replace(' ', 'T')
  const at = isLocal
    ? shifted(parseInstant(`${iso}Z`), utcOffsetMinutes!)
    : parseInstant(/^-?\d+$/.test(text) ? Number(text) : iso)
  if (at === undefined)
    throw faultAt(line, name, text, 'is neither ISO 8601 (2026-01-01T00:00:00Z) nor epoch milliseconds')
  if (at > lastInstant) throw faultAt(line, name, text, 'is after the year 9999')
  return at
}

const shifted = (instant: number | undefined, minutes: number): number | undefined =>
  instant === undefined ? undefined : instant - minutes * 60_000

const missing = /^(nan|na|n\/a|null|none)?$/i

function numberOf(line: number, name: string, text: string): number | null {
  if (missing.test(text)) return null
  const value = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) ? Number(text) : NaN
  if (Number.isNaN(value)) throw faultAt(line, name, text, 'is not a number such as 230.1')
  if (Math.abs(value) > largest) throw faultAt(line, name, text, `is beyond ${largest}`)
  return value
}
