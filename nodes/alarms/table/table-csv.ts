import type { CsvColumn } from '../../../platform/http/csv.ts'
import {
  identifier,
  oneOf,
  quantity,
  truth,
  Unusable,
  wholeNumber,
  type CellKind,
  type Reading,
} from '../../../platform/network/import/cells.ts'
import { plural, readSheet, type ImportFile, type Sheet } from '../../../platform/network/import/csv-text.ts'
import { quote, type Faults } from '../../../platform/network/import/faults.ts'
import { priorities } from '../domain/alarm.ts'
import type { AlarmDefinition } from '../domain/definition.ts'
import { scopeKey } from '../domain/master-table.ts'

/** A column of the table in a file: how a cell is written and read. */
interface Column {
  readonly name: string
  readonly kind: CellKind<string | number | boolean>
  /** Path of the field, as `cause.pt`. */
  readonly field: string
  readonly required: boolean
  /** What a value is multiplied by to be the field's: seconds of a file are milliseconds of a field. */
  readonly factor?: number
  readonly isNumber?: true
}

/** A spreadsheet was told by an apostrophe that a text is no formula. */
const sentence: CellKind<string> = (text) => text.replace(/^'(?=[=+\-@])/, '')
const level = quantity('', -1e12, 1e12)
const seconds = wholeNumber(0, 1e9)

const duration = (name: string, field: string, required: boolean): Column => ({
  ...{ name, field, required, kind: seconds, factor: 1_000, isNumber: true },
})
const bilingual = (name: string, field: string): readonly Column[] =>
  ['en', 'pt'].map((language) => ({
    ...{ name: `${name}_${language}`, field: `${field}.${language}`, kind: sentence, required: true },
  }))

const columns: readonly Column[] = [
  { name: 'area', field: 'scope.area', kind: identifier, required: false },
  { name: 'kind', field: 'scope.kind', kind: identifier, required: false },
  { name: 'feeder_id', field: 'scope.feederId', kind: identifier, required: false },
  { name: 'subject', field: 'scope.subject', kind: identifier, required: false },
  { name: 'enabled', field: 'enabled', kind: truth, required: true },
  { name: 'class', field: 'className', kind: identifier, required: true },
  { name: 'priority', field: 'priority', kind: oneOf(...priorities), required: false },
  ...bilingual('cause', 'cause'),
  ...bilingual('consequence', 'consequence'),
  ...bilingual('operator_action', 'operatorAction'),
  duration('time_to_respond_s', 'timeToRespondMs', true),
  { name: 'set_point', field: 'setPoint', kind: level, required: false, isNumber: true },
  { name: 'deadband', field: 'deadband', kind: level, required: false, isNumber: true },
  duration('on_delay_s', 'onDelayMs', true),
  duration('off_delay_s', 'offDelayMs', true),
  { name: 'latching', field: 'latching', kind: truth, required: false },
  duration('re_alarm_s', 'reAlarmMs', false),
  { name: 'explained_by', field: 'explainedBy', kind: sentence, required: false },
]

export const columnNames: readonly string[] = columns.map(({ name }) => name)

/** The column in which a field stands. @param field  path, as `cause.pt` */
export const columnOfField = (field: string): string | undefined => columns.find((one) => one.field === field)?.name

/** The table as it is written. */
export const tableColumns: readonly CsvColumn[] = columns.map(({ name, field, factor = 1, isNumber }) => ({
  name,
  kind: isNumber ? 'number' : 'text',
  value(entry: object) {
    const value = at(entry, field)
    if (Array.isArray(value)) return value.join(' ')
    return typeof value === 'number' ? value / factor : value
  },
}))

function at(entry: object, field: string): unknown {
  return field.split('.').reduce<unknown>((value, name) => (value as Record<string, unknown>)[name], entry)
}

/** An entry of a file, and the line on which it begins. */
export interface TableLine {
  readonly line: number
  readonly definition: AlarmDefinition
}

/**
 * Reads the table: CSV with a header, separated by comma, or by semicolon with a decimal comma. Faults: every line that is wrong,
 * and an entry that is there twice.
 */
export function readTable(file: ImportFile, faults: Faults): readonly TableLine[] {
  const sheet = readSheet(file, faults)
  if (!sheet || !checkHeader(file.name, sheet, faults)) return []
  const reading: Reading = { decimalMark: sheet.separator === ';' ? ',' : '.', dayStart: () => undefined }
  const lines = sheet.rows.flatMap(({ line, cells }) => {
    const before = faults.count
    const values = columns.map((column) =>
      cellOf(column, cells[sheet.header.indexOf(column.name)]!, reading, { file: file.name, line }, faults),
    )
    return faults.count > before ? [] : { line, definition: definitionOf(values) }
  })
  checkTwice(file.name, lines, faults)
  return lines
}

function cellOf(
  { name, kind, required, factor }: Column,
  text: string,
  reading: Reading,
  place: { file: string; line: number },
  faults: Faults,
): string | number | boolean | null {
  if (text === '') {
    if (required) faults.add({ ...place, column: name, problem: 'is empty' })
    return null
  }
  const value = kind(text, reading)
  if (!(value instanceof Unusable)) return typeof value === 'number' ? value * (factor ?? 1) : value
  faults.add({ ...place, column: name, value: text, problem: value.problem })
  return null
}

/** @param values  in the order of the columns, sound */
function definitionOf(values: readonly (string | number | boolean | null)[]): AlarmDefinition {
  const definition: Record<string, unknown> = {}
  for (const [index, { field }] of columns.entries()) {
    const [name = '', inner] = field.split('.')
    const value = values[index]
    if (inner === undefined) definition[name] = value
    else definition[name] = { ...(definition[name] as object | undefined), [inner]: value }
  }
  const explainedBy = ((definition['explainedBy'] as string | null) ?? '').split(/\s+/).filter((kind) => kind !== '')
  return { ...definition, explainedBy } as unknown as AlarmDefinition
}

function checkHeader(file: string, { header, headerLine: line }: Sheet, faults: Faults): boolean {
  const before = faults.count
  for (const [index, name] of header.entries()) {
    if (!columnNames.includes(name))
      faults.add({ file, line, problem: `unknown column ${quote(name)}: the columns are ${columnNames.join(', ')}` })
    else if (header.indexOf(name) !== index) faults.add({ file, line, problem: `column ${name} is there twice` })
  }
  const missing = columnNames.filter((name) => !header.includes(name))
  if (missing.length > 0)
    faults.add({ file, line, problem: `${plural(missing.length, 'column')} missing: ${missing.join(', ')}` })
  return faults.count === before
}

function checkTwice(file: string, lines: readonly TableLine[], faults: Faults): void {
  const seen = new Map<string, number>()
  for (const { line, definition } of lines) {
    const key = scopeKey(definition.scope)
    const before = seen.get(key)
    if (before === undefined) seen.set(key, line)
    else faults.add({ file, line, problem: `the entry ${key} is on line ${before} already` })
  }
}
