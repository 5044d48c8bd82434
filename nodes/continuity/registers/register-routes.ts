import { Type, type TSchema } from '@sinclair/typebox'
import { wallClock } from '../../../platform/clock/clock.ts'
import type { CsvColumn } from '../../../platform/http/csv.ts'
import { Instant, instantOrNull, Nullable } from '../../../platform/http/fields.ts'
import { Keyset, pageOf, pageQuery } from '../../../platform/http/pages.ts'
import { badField } from '../../../platform/http/problem.ts'
import { defineRoute, type ApiRequest, type ApiRoute } from '../../../platform/http/route.ts'
import type { Services } from '../../../platform/http/services.ts'
import { badImport } from '../../../platform/network/change-registry.ts'
import { Unusable } from '../../../platform/network/import/cells.ts'
import { ImportError, type Fault } from '../../../platform/network/import/faults.ts'
import { recordPersonal } from '../../../platform/network/personal-access.ts'
import { fieldOf } from '../../../platform/network/record-kinds.ts'
import type { RegisterColumn } from './columns.ts'
import { enterFile, enterRecords, removeRecords } from './enter-rows.ts'
import type { Register, RegisterFilter, RegisterRow, StandingRow } from './register.ts'
import { registers } from './registers.ts'

const tag = 'continuity registers'
const mostAtOnce = 1_000
const mostListed = 10_000

const count = (description: string) => Type.Integer({ minimum: 0, description })
const Entered = Type.Object(
  {
    added: count('Rows that are new'),
    changed: count('Rows that were otherwise before'),
    unchanged: count('Rows that were so before'),
    passedOver: Type.Optional(count("Lines of the regulator's file that are of conjuntos of others")),
  },
  { $id: 'EnteredRows' },
)
const Removed = Type.Object({ removed: count('Rows that there were') }, { $id: 'RemovedRows' })
const keys = new Keyset(Type.Object({ key: Type.Array(Type.Union([Type.String(), Type.Number(), Type.Null()])) }))

/** What continuity rests on, as the distributor's own systems and people tell it: to be read, entered, imported and removed. */
export const registerRoutes = (services: Services): readonly ApiRoute[] =>
  registers.flatMap((register) => routesOf(register, services))

function routesOf(register: Register, { database, access }: Services): readonly ApiRoute[] {
  const { name, operation, title, description, columns, key, readRight: read, writeRight: write } = register
  const path = `/api/quality/continuity/registers/${name}` as const
  const Row = rowSchema(register)
  const fields = (wanted: readonly string[]): Record<string, TSchema> =>
    Object.fromEntries(wanted.map((column) => [fieldOf(column), given(columns[column]!)]))
  const items = (wanted: readonly string[]) =>
    Type.Object({ items: Type.Array(Type.Object(fields(wanted)), { minItems: 1, maxItems: mostAtOnce }) })

  const record = async ({ identity, address }: Asked, detail: string): Promise<void> =>
    access.recordAccess({ event: 'register_changed', identity, address, subject: name, detail })
  const by = ({ identity }: Asked) => ({ name: identity!.username, at: wallClock.now() })

  return [
    defineRoute({
      method: 'GET',
      path,
      operationId: `list${operation}`,
      summary: title,
      description: `${description} As CSV it has the columns that an import takes.`,
      ...{ tag, right: read },
      query: Type.Object({
        ...Object.fromEntries(
          Object.entries(register.filters).map(([field, schema]) => [field, Type.Optional(schema)]),
        ),
        ...pageQuery(100, mostListed),
      }),
      answers: { 200: { description: 'Rows by their key', schema: pageOf(Row) } },
      csv: csvColumns(register),
      async handle(request) {
        const { cursor, limit, ...filter } = request.query as RegisterFilter & { cursor?: string; limit: number }
        const after = afterOf(register, cursor)
        const rows = await register.list(database, filter, { after, limit: limit + 1 })
        const page = keys.page(rows, limit, (row) => ({
          key: key.map((column) => row[column] as string | number | null),
        }))
        if (read === 'personal')
          await recordPersonal(
            access,
            request,
            'consumption_read',
            page.items.map((row) => String(row['unit_id'])),
          )
        return { body: { ...page, items: page.items.map((row) => shown(register, row)) } }
      },
    }),
    defineRoute({
      method: 'PUT',
      path,
      operationId: `enter${operation}`,
      summary: `Enter rows: ${lower(title)}`,
      description: `${description} All or nothing. A row takes the place of the one of its key (${key.map(fieldOf).join(', ')}).`,
      ...{ tag, right: write },
      body: items(Object.keys(columns)),
      answers: { 200: { description: 'What was done', schema: Entered } },
      async handle(request) {
        const entered = await importing(itemPlace, () =>
          enterRecords(database, register, request.body.items, by(request)),
        )
        await record(request, told(entered))
        return { body: entered }
      },
    }),
    defineRoute({
      method: 'POST',
      path: `${path}/import`,
      operationId: `import${operation}`,
      summary: `Import a file: ${lower(title)}`,
      description: `CSV with a header (\`${Object.keys(columns).join(', ')}\`), UTF-8, separated by comma, or by semicolon with a decimal comma.${name === 'conjunto-limits' ? ' The file that the regulator publishes (`indicadores-continuidade-coletivos-limite`) is taken too: conjuntos of others are passed over.' : ''} All or nothing: where a line is wrong, nothing is written, and every fault is told with its line. The same file again changes nothing.`,
      ...{ tag, right: write },
      body: Type.String({ description: 'The file', examples: [register.example] }),
      bodyType: 'text/csv',
      maxBodyBytes: 16 * 1024 * 1024,
      answers: { 200: { description: 'What was done', schema: Entered } },
      async handle(request) {
        const bytes = Buffer.from(request.body)
        const entered = await importing(linePlace, () => enterFile(database, register, bytes, by(request)))
        await record(request, told(entered))
        return { body: entered }
      },
    }),
    defineRoute({
      method: 'POST',
      path: `${path}/remove`,
      operationId: `remove${operation}`,
      summary: `Remove rows: ${lower(title)}`,
      description: 'By their keys. What stood there is kept with the entry that removed it.',
      ...{ tag, right: write },
      body: items(key),
      answers: { 200: { description: 'What was done', schema: Removed } },
      async handle(request) {
        const removed = await importing(itemPlace, () =>
          removeRecords(database, register, request.body.items, by(request)),
        )
        await record(request, `${removed} removed`)
        return { body: { removed } }
      },
    }),
  ]
}

type Asked = Pick<ApiRequest, 'identity' | 'address'>

const lower = (title: string): string => `${title[0]!.toLowerCase()}${title.slice(1)}`

const told = ({ added, changed, unchanged }: { added: number; changed: number; unchanged: number }): string =>
  `${added} added, ${changed} changed, ${unchanged} unchanged`

const given = ({ required, schema }: RegisterColumn): TSchema => (required ? schema : Type.Optional(schema))

const isInstant = (column: string): boolean => column.endsWith('_at')

/** Columns go out as they are: what once was let in may no longer be. */
const rowSchema = ({ columns, operation }: Register) =>
  Type.Object(
    {
      ...Object.fromEntries(
        Object.entries(columns).map(([column, { schema, required }]) => [fieldOf(column), outgoing(schema, required)]),
      ),
      enteredBy: Nullable(Type.String({ description: 'Who entered it; null: by hand, in the database' })),
      enteredAt: Nullable(Instant('When it was entered')),
    },
    { $id: `${operation}Row` },
  )

function outgoing(schema: TSchema, required: boolean): TSchema {
  const own = required ? schema : (schema['anyOf'] as TSchema[])[0]!
  const kept = ['type', 'description', 'examples', 'format'].filter((keyword) => own[keyword] !== undefined)
  const plain = Type.Unsafe(Object.fromEntries(kept.map((keyword) => [keyword, own[keyword]])))
  return required ? plain : Nullable(plain)
}

function shown({ columns }: Register, row: StandingRow) {
  const cells = Object.keys(columns).map((column) => {
    const value = row[column] ?? null
    return [fieldOf(column), isInstant(column) ? instantOrNull(value as number | null) : value]
  })
  return {
    ...(Object.fromEntries(cells) as Record<string, unknown>),
    ...{ enteredBy: row.entered_by, enteredAt: instantOrNull(row.entered_at) },
  }
}

const csvColumns = ({ columns }: Register): readonly CsvColumn[] =>
  [...Object.keys(columns), 'entered_by', 'entered_at'].map((name) => ({
    name,
    kind: ['number', 'integer'].includes(String(columns[name]?.schema.type)) ? 'number' : 'text',
    value: (row: Record<string, unknown>) => row[fieldOf(name)],
  }))

/** @throws Problem 400 for a cursor that is none of ours */
function afterOf({ key, columns }: Register, cursor: string | undefined): RegisterRow | undefined {
  const after = keys.after(cursor)?.key
  if (after === undefined) return undefined
  const isKey = key.every((column, index) => {
    const cell = after[index]
    if (cell === null || cell === undefined) return cell === null && !columns[column]!.required
    const reading = { decimalMark: '.' as const, dayStart: () => undefined }
    return !(columns[column]!.kind(String(cell), reading) instanceof Unusable)
  })
  if (!isKey) throw badField('query.cursor', cursor, 'must be the nextCursor of a page of this list')
  return Object.fromEntries(key.map((column, index) => [column, after[index]!]))
}

const itemPlace = ({ line, column }: Fault): string =>
  [
    ...['body', 'items'],
    ...(line === undefined ? [] : [line - 1]),
    ...(column === undefined ? [] : [fieldOf(column)]),
  ].join('.')

const linePlace = ({ line, column }: Fault): string =>
  ['body', ...(line === undefined ? [] : ['lines', line]), ...(column === undefined ? [] : [column])].join('.')

/** @throws Problem 400 naming lines or items */
async function importing<T>(placeOf: (fault: Fault) => string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof ImportError)) throw error
    throw badImport(error, placeOf)
  }
}
