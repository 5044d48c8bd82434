import type { TSchema } from '@sinclair/typebox'
import { Ajv, type ErrorObject } from 'ajv'
import { fieldContract, topicOf } from '../platform/wire/contract.ts'
import { parseInstant } from '../platform/wire/instant.ts'
import { UsageError } from './usage-error.ts'
import type { ReplayFlags, Source } from './replay-flags.ts'
import type { RecordedRow, Recording } from './replay-recording.ts'

/** What a row becomes. Instants are UTC milliseconds. */
export type Replayed =
  /** `recordedAt`: as the file has it. `at`: as the contract has it, at the end of the interval. */
  | { readonly is: 'message'; readonly recordedAt: number; readonly at: number; readonly body: Record<string, unknown> }
  /** Nothing is wrong with it, and there is nothing to send: in a few words. */
  | { readonly is: 'skipped'; readonly reason: string }
  /** In one line that names line, column and value. */
  | { readonly is: 'unusable'; readonly problem: string }

/** Where a value of the message stands in a row. */
interface Column extends Source {
  readonly field: string
  readonly index: number
  readonly holds: 'number' | 'truth' | 'words'
  readonly mayBeNull: boolean
  readonly required: boolean
}

type Settings = Pick<ReplayFlags, 'device' | 'kind' | 'map' | 'set' | 'timestampIs' | 'utcOffset' | 'file'>

/**
 * Makes the messages of a device out of the rows of a recording.
 * @returns what one row becomes; `timestamp` is put in by whoever sends it
 * @throws UsageError where the settings do not fit the contract or the file
 */
export function replayer(settings: Settings, recording: Recording): (row: RecordedRow) => Replayed {
  const { kind, device, timestampIs } = settings
  const { schema, idField } = fieldContract[kind]
  const { timestamp, columns } = columnsOf(settings, recording)
  const constants = { [idField]: device, ...constantsOf(settings) }
  checkComplete(settings, [...columns.map(({ field }) => field), ...Object.keys(constants), 'timestamp'])
  const validate = new Ajv({ verbose: true, allowUnionTypes: true }).compile(schema)
  const { decimalMark } = recording

  return (row) => {
    const cell = (column: Source & { index: number }): string => row.cells[column.index]!
    const at = `line ${row.line}: `
    const recordedAt = instantOf(cell(timestamp), timestamp.scale, settings.utcOffset, decimalMark)
    if (recordedAt === undefined) {
      const hint = settings.utcOffset === '' ? ' with offset' : ''
      return unusable(`${at}${timestamp.column} is "${short(cell(timestamp))}", no instant${hint}`)
    }
    const body: Record<string, unknown> = { ...constants }
    let measured = 0
    for (const column of columns) {
      const text = cell(column)
      if (text === '') {
        if (column.mayBeNull) body[column.field] = null
        else if (column.required) return { is: 'skipped', reason: `no ${column.field}` }
        continue
      }
      const value = valueOf(text, column, decimalMark)
      if (value === undefined) return unusable(`${at}${column.column} is "${short(text)}", no ${column.holds}`)
      if (column.holds === 'number' && column.field !== 'interval_s') measured++
      body[column.field] = value
    }
    if (measured === 0) return { is: 'skipped', reason: 'nothing measured' }
    if (!validate({ ...body, timestamp: recordedAt }))
      return unusable(at + faultOf(validate.errors ?? [], columns, row))
    const lengthMs = timestampIs === 'start' ? (body['interval_s'] as number) * 1_000 : 0
    return { is: 'message', recordedAt, at: recordedAt + lengthMs, body }
  }
}

/** The topic of what is replayed. */
export const replayTopic = ({ kind, device }: Pick<ReplayFlags, 'kind' | 'device'>): string => topicOf(kind, device)

const unusable = (problem: string): Replayed => ({ is: 'unusable', problem })
const short = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text)

function columnsOf({ kind, map, file }: Settings, { header }: Recording) {
  const indexOf = (field: string, { column }: Source): number => {
    const index = header.indexOf(column)
    if (index < 0)
      throw new UsageError(`--map ${field}: ${file} has no column "${column}"; it has ${header.join(', ')}`)
    if (header.lastIndexOf(column) !== index) throw new UsageError(`--map ${field}: ${file} has "${column}" twice`)
    return index
  }
  const fields = [...map].filter(([field]) => field !== 'timestamp')
  if (fields.length === 0) throw new UsageError('--map is missing: which column is which field (see --help)')
  const timeSource = map.get('timestamp') ?? { column: 'timestamp', scale: 1 }
  return {
    timestamp: { ...timeSource, index: indexOf('timestamp', timeSource) },
    columns: fields.map(([field, source]): Column => {
      const schema = schemaOf('map', kind, field)
      const holds = accepts(schema, 'number') ? 'number' : accepts(schema, 'boolean') ? 'truth' : 'words'
      if (source.scale !== 1 && holds !== 'number')
        throw new UsageError(`--map ${field} is no number: it takes no scale`)
      const [mayBeNull, required] = [accepts(schema, 'null'), isRequired(kind, field)]
      return { field, ...source, index: indexOf(field, source), holds, mayBeNull, required }
    }),
  }
}

function constantsOf({ kind, map, set }: Settings): Record<string, unknown> {
  const constants: Record<string, unknown> = {}
  for (const [field, text] of set) {
    if (field === 'timestamp' || map.has(field)) throw new UsageError(`--set ${field}: it comes from a column`)
    const schema = schemaOf('set', kind, field)
    const holds = accepts(schema, 'number') ? 'number' : accepts(schema, 'boolean') ? 'truth' : 'words'
    const value = valueOf(text, { holds, scale: 1 }, '.')
    if (value === undefined || !new Ajv({ allowUnionTypes: true }).validate(schema, value))
      throw new UsageError(`--set ${field} cannot be "${text}": see the field contract`)
    constants[field] = value
  }
  return constants
}

function checkComplete({ kind, timestampIs }: Settings, fields: readonly string[]): void {
  const missing = (fieldContract[kind].schema.required as readonly string[]).find((field) => !fields.includes(field))
  if (missing !== undefined)
    throw new UsageError(`a ${kind} needs ${missing}: give --map ${missing}=COLUMN or --set ${missing}=VALUE`)
  if (timestampIs === 'start' && !fields.includes('interval_s'))
    throw new UsageError(`--timestamp-is start needs interval_s, which a ${kind} does not have`)
}

function schemaOf(flag: string, kind: ReplayFlags['kind'], field: string): TSchema {
  const { schema, idField } = fieldContract[kind]
  const properties = schema.properties as Readonly<Record<string, TSchema>>
  if (field === idField) throw new UsageError(`--${flag} ${field}: --device says it`)
  if (Object.hasOwn(properties, field)) return properties[field]!
  const known = Object.keys(properties).filter((name) => name !== idField)
  throw new UsageError(`--${flag} ${field}: a ${kind} has ${known.join(', ')}`)
}

const isRequired = (kind: ReplayFlags['kind'], field: string): boolean =>
  (fieldContract[kind].schema.required as readonly string[]).includes(field)

function accepts(schema: TSchema, type: 'number' | 'boolean' | 'null'): boolean {
  if (Array.isArray(schema['anyOf'])) return (schema['anyOf'] as TSchema[]).some((branch) => accepts(branch, type))
  return schema['type'] === type || (type === 'number' && schema['type'] === 'integer')
}

function valueOf(text: string, { holds, scale }: Pick<Column, 'holds' | 'scale'>, decimalMark: '.' | ','): unknown {
  if (holds === 'words') return text
  if (holds === 'truth') return /^(true|1)$/i.test(text) ? true : /^(false|0)$/i.test(text) ? false : undefined
  return numberOf(text, scale, decimalMark)
}

function numberOf(text: string, scale: number, decimalMark: '.' | ','): number | undefined {
  const written = decimalMark === ',' ? text.replace(',', '.') : text
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(written)) return undefined
  const value = Number(written) * scale
  // As many digits as a double holds for sure: 4.2 × 0.001 is 0.0042.
  return Number.isFinite(value) ? (scale === 1 ? value : Number(value.toPrecision(15))) : undefined
}

/** ISO 8601, with a T or a blank, with its own offset or the one given; or a number with a scale, of milliseconds. */
function instantOf(text: string, scale: number, utcOffset: string, decimalMark: '.' | ','): number | undefined {
  const number = numberOf(text, scale, decimalMark)
  if (number !== undefined) return parseInstant(number)
  const written = text.replace(' ', 'T')
  return parseInstant(written) ?? parseInstant(written + utcOffset)
}

function faultOf(errors: readonly ErrorObject[], columns: readonly Column[], row: RecordedRow): string {
  // A union reports each of its branches: a bound says more than a type.
  const error = errors.find(({ keyword }) => /imum$/.test(keyword)) ?? errors[0]!
  const field = error.instancePath.slice(1)
  const column = columns.find((one) => one.field === field)
  const where = column ? `${column.column} is "${short(row.cells[column.index]!)}"` : field
  return `${where}: ${field} ${error.message}`
}
