import { Type } from '@sinclair/typebox'
import { Instant, Nullable, OneOf } from '../../../platform/http/fields.ts'
import { Keyset, pageOf, pageQuery } from '../../../platform/http/pages.ts'
import { notFound } from '../../../platform/http/problem.ts'
import { defineRoute, type ApiRoute } from '../../../platform/http/route.ts'
import type { Services } from '../../../platform/http/services.ts'
import { recordPersonal } from '../../../platform/network/personal-access.ts'
import { isEntry, listEntries, pastRows } from './entry-repository.ts'
import { registers } from './registers.ts'

const tag = 'continuity registers'
const base = '/api/quality/continuity/register-entries'
const names = [...registers.map(({ name }) => name), 'critical-days', 'emergency-situations']

const serial = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })
const count = (description: string) => Type.Integer({ minimum: 0, description })
const Entry = Type.Object(
  {
    entryId: Type.Integer({ description: 'The entry' }),
    register: Type.String({ description: 'The register' }),
    enteredBy: Nullable(Type.String({ description: 'User, or node; null: two persons, by the approval' })),
    approvalId: Nullable(Type.Integer({ description: 'The approval by which two persons decided' })),
    enteredAt: Instant('When'),
    added: count('Rows that were new'),
    changed: count('Rows that were otherwise before'),
    removed: count('Rows that went'),
  },
  { $id: 'RegisterEntry' },
)
const Past = Type.Object(
  {
    pastId: Type.Integer(),
    register: Type.String({ description: 'The register' }),
    row: Type.Record(Type.String(), Type.Unknown(), { description: 'What stood there, by column of the database' }),
  },
  { $id: 'PastRegisterRow' },
)
const entryKeys = new Keyset(Type.Object({ entryId: serial }))
const pastKeys = new Keyset(Type.Object({ pastId: serial }))

/** Who changed a register, when, and what stood there before. */
export const entryRoutes = ({ database, access }: Services): readonly ApiRoute[] => [
  defineRoute({
    method: 'GET',
    path: base,
    operationId: 'listRegisterEntries',
    summary: 'Who entered what into the registers of continuity, and when',
    ...{ tag, right: 'administer' },
    query: Type.Object({ register: Type.Optional(OneOf(names, 'Of this register')), ...pageQuery() }),
    answers: { 200: { description: 'The newest first', schema: pageOf(Entry) } },
    async handle({ query: { register, cursor, limit } }) {
      const before = entryKeys.after(cursor)?.entryId
      const rows = await listEntries(database, { register, before, limit: limit + 1 })
      const items = rows.map((entry) => ({ ...entry, enteredAt: new Date(entry.enteredAt).toISOString() }))
      return { body: entryKeys.page(items, limit, ({ entryId }) => ({ entryId })) }
    },
  }),
  defineRoute({
    method: 'GET',
    path: `${base}/{entryId}/past`,
    operationId: 'listPastRegisterRows',
    summary: 'What stood in a register before an entry changed or removed it',
    description: 'Of monetary bases it is personal data: every look at it is recorded in the access log.',
    ...{ tag, right: 'administer' },
    params: Type.Object({ entryId: serial }),
    query: Type.Object(pageQuery()),
    answers: { 200: { description: 'Rows, in the order in which they went', schema: pageOf(Past) } },
    async handle(request) {
      const { cursor, limit } = request.query
      const { entryId } = request.params
      if (!(await isEntry(database, entryId))) throw notFound('entry', 'path.entryId', entryId)
      const rows = await pastRows(database, entryId, {
        ...{ after: pastKeys.after(cursor)?.pastId, limit: limit + 1 },
      })
      const page = pastKeys.page(rows, limit, ({ pastId }) => ({ pastId }))
      const units = page.items.flatMap(({ register, row }) =>
        register === 'monetary-bases' ? String(row['unit_id']) : [],
      )
      await recordPersonal(access, request, 'consumption_read', units)
      return { body: page }
    },
  }),
]
