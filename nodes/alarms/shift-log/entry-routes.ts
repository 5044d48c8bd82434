import { Type } from '@sinclair/typebox'
import { roles } from '../../../platform/access/roles.ts'
import { wallClock } from '../../../platform/clock/clock.ts'
import { csvColumnsOf } from '../../../platform/http/csv.ts'
import { Instant, InstantParameter, Nullable, OneOf } from '../../../platform/http/fields.ts'
import { Keyset, pageOf, pageQuery, serialKey } from '../../../platform/http/pages.ts'
import { badField } from '../../../platform/http/problem.ts'
import { defineRoute, type ApiRoute } from '../../../platform/http/route.ts'
import type { Services } from '../../../platform/http/services.ts'
import { anyEntry, findEntry, insertEntry, listEntries, type ListedEntry } from './entry-repository.ts'
import { responsibility, signerOf, tag, written } from './shift-fields.ts'

const path = '/api/shift-log'
const entryId = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description: 'The entry' })
const Entry = Type.Object(
  {
    ...{ entryId, at: Instant('When it was written, by the wall') },
    responsibility: Nullable(Type.String({ description: 'Of which part of the grid it tells; null: of all of it' })),
    text: Type.String(),
    corrects: Nullable(Type.Integer({ description: 'The entry that it puts right' })),
    correctedBy: Type.Array(Type.Integer(), { description: 'Entries that put it right' }),
    ...{ username: Type.String({ description: 'Who wrote it' }), role: OneOf(roles, 'At that moment') },
  },
  { $id: 'ShiftEntry' },
)
const keys = new Keyset(Type.Object({ entryId: serialKey }))

/** What operators write down of their shift. */
export const entryRoutes = ({ database }: Services): readonly ApiRoute[] => [
  defineRoute({
    ...{ method: 'GET', path, operationId: 'listShiftEntries', tag, right: 'operate' },
    summary: 'The shift log, the newest entry first',
    query: Type.Object({
      from: Type.Optional(InstantParameter('From this instant on')),
      to: Type.Optional(InstantParameter('Before this instant')),
      username: Type.Optional(Type.String({ minLength: 1, maxLength: 100, description: 'Written by this user' })),
      responsibility: Type.Optional(
        Type.String({ minLength: 1, maxLength: 80, description: 'Of this part of the grid' }),
      ),
      ...pageQuery(),
    }),
    answers: { 200: { description: 'Entries', schema: pageOf(Entry) } },
    csv: csvColumnsOf(Entry),
    async handle({ query: { cursor, limit, ...given } }) {
      const before = keys.after(cursor)?.entryId ?? null
      const rows = await listEntries(database, { ...anyEntry, ...given }, before, limit + 1)
      return { body: keys.page(rows.map(shown), limit, ({ entryId }) => ({ entryId })) }
    },
  }),
  defineRoute({
    ...{ method: 'POST', path, operationId: 'writeShiftEntry', tag, right: 'operate' },
    summary: 'Write into the shift log',
    description: 'Nothing changes an entry: what was wrong is put right by another one that names it.',
    body: Type.Object(
      {
        text: written('What happened', 2_000, 'Section 4 opened for works; crew 7 is on site.'),
        responsibility,
        corrects: Type.Optional(Nullable(entryId)),
      },
      { examples: [{ text: 'Section 4 opened for works; crew 7 is on site.', responsibility: 'North substation' }] },
    ),
    answers: { 201: { description: 'It is written', schema: Entry } },
    async handle(request) {
      const { text, responsibility = null, corrects = null } = request.body
      const written = { text, responsibility, corrects }
      const id = await insertEntry(database, written, signerOf(request), wallClock.now())
      if (id === undefined) throw badField('body.corrects', corrects, 'must be an entry of the shift log')
      return { status: 201, body: shown((await findEntry(database, id))!) }
    },
  }),
]

const shown = ({ at, correctedBy, ...entry }: ListedEntry) => ({
  ...entry,
  ...{ at: at.toISOString(), correctedBy: [...correctedBy] },
})
