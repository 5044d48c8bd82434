import { Type } from '@sinclair/typebox'
import { roles } from '../../../platform/access/roles.ts'
import { wallClock } from '../../../platform/clock/clock.ts'
import { Instant, Nullable, OneOf } from '../../../platform/http/fields.ts'
import { Keyset, pageOf, pageQuery, serialKey } from '../../../platform/http/pages.ts'
import { conflict, notFound } from '../../../platform/http/problem.ts'
import { defineRoute, type ApiRoute } from '../../../platform/http/route.ts'
import type { Services } from '../../../platform/http/services.ts'
import { queriesOf } from '../../../platform/storage/queries.ts'
import {
  findHandover,
  insertHandover,
  insertSignature,
  listHandovers,
  summaryNow,
  type StoredHandover,
} from './handover-repository.ts'
import { handoverState, handoverStates, refusalToSign } from './handover.ts'
import { responsibility, signerOf, tag, written } from './shift-fields.ts'

const path = '/api/shift-handovers'
const handoverId = Type.Integer({
  minimum: 1,
  maximum: Number.MAX_SAFE_INTEGER,
  description: 'The handover',
  examples: [1],
})
const Signature = (of: string) =>
  Type.Object({
    ...{ at: Instant(`When ${of} signed, by the wall`), username: Type.String({ description: `Who: ${of}` }) },
    ...{ role: OneOf(roles, 'At that moment'), note: Nullable(Type.String()) },
  })
const count = (description: string) => Type.Integer({ description })
const Handover = Type.Object(
  {
    handoverId,
    state: OneOf(
      handoverStates,
      'open: it waits for the incoming operator; superseded: by a newer one of the same responsibility; lapsed: nobody signed within 12 hours',
    ),
    responsibility: Nullable(Type.String({ description: 'Of which part of the grid; null: of all of it' })),
    summary: Type.Object(
      {
        alarmsStanding: count('Alarms that stand and that no other one explains'),
        alarmsUnacknowledged: count('Those of them that nobody has acknowledged'),
        commandsInDoubt: count('Commands of which nobody knows whether they took effect'),
        interruptionsOpen: count('Interruptions that last'),
        unitsOut: count('Consumer units without supply'),
      },
      { description: 'What stood open when it was proposed' },
    ),
    outgoing: Signature('the outgoing operator'),
    incoming: Nullable(Signature('the incoming operator')),
  },
  { $id: 'ShiftHandover' },
)
const keys = new Keyset(Type.Object({ handoverId: serialKey }))

/** Shifts that one operator hands over and another one takes over, signed by both. */
export const handoverRoutes = ({ database }: Services): readonly ApiRoute[] => [
  defineRoute({
    ...{ method: 'GET', path, operationId: 'listShiftHandovers', tag, right: 'operate' },
    summary: 'Shifts handed over, the newest first',
    query: Type.Object({
      signed: Type.Optional(Type.Boolean({ description: 'Signed by both; false: those that are not' })),
      ...pageQuery(),
    }),
    answers: { 200: { description: 'Handovers', schema: pageOf(Handover) } },
    async handle({ query: { cursor, limit, signed = null } }) {
      const before = keys.after(cursor)?.handoverId ?? null
      const rows = await listHandovers(database, signed, before, limit + 1)
      return { body: keys.page(rows.map(shown), limit, ({ handoverId }) => ({ handoverId })) }
    },
  }),
  defineRoute({
    ...{ method: 'POST', path, operationId: 'proposeShiftHandover', tag, right: 'operate' },
    summary: 'Hand a shift over: the outgoing operator signs what stands open now',
    description:
      'It waits for the signature of another person. A newer one of the same responsibility takes its place; after 12 hours nobody can sign it.',
    body: Type.Object(
      {
        responsibility,
        note: Type.Optional(Nullable(written('What the next shift must know', 2_000, 'Crew 7 calls before closing.'))),
      },
      { examples: [{ note: 'Crew 7 calls before closing.' }] },
    ),
    answers: { 201: { description: 'It waits for the incoming operator', schema: Handover } },
    async handle(request) {
      const { responsibility = null, note = null } = request.body
      const id = await database.transaction(async (client) => {
        const queries = queriesOf(client)
        const summary = await summaryNow(queries)
        return insertHandover(queries, { responsibility, note }, summary, signerOf(request), wallClock.now())
      })
      return { status: 201, body: shown((await findHandover(database, id))!) }
    },
  }),
  defineRoute({
    method: 'POST',
    path: `${path}/{handoverId}/signature`,
    operationId: 'signShiftHandover',
    summary: 'Take a shift over: the incoming operator signs',
    description: 'With a login of their own: not the one who hands over.',
    ...{ tag, right: 'operate' as const, params: Type.Object({ handoverId }) },
    body: Type.Object({
      note: Type.Optional(Nullable(written('What is to be said of it', 2_000, 'Read and agreed.'))),
    }),
    answers: {
      200: { description: 'The shift is handed over', schema: Handover },
      409: { description: 'Signed already, superseded, older than 12 hours, or proposed by whoever signs' },
    },
    async handle(request) {
      const { handoverId } = request.params
      const handover = await findHandover(database, handoverId)
      if (!handover) throw notFound('handover', 'path.handoverId', handoverId)
      const [signer, at] = [signerOf(request), wallClock.now()]
      const refusal = refusalToSign(handover, signer.username, at)
      if (refusal !== undefined) throw conflict(refusal)
      if (!(await insertSignature(database, handoverId, request.body.note ?? null, signer, at)))
        throw conflict('it is signed already')
      return { body: shown((await findHandover(database, handoverId))!) }
    },
  }),
]

function shown(handover: StoredHandover) {
  const { handoverId, responsibility, proposedAt, username, role, note } = handover
  const { signedAt, signedBy, signedRole, signedNote } = handover
  const { alarmsStanding, alarmsUnacknowledged, commandsInDoubt, interruptionsOpen, unitsOut } = handover
  return {
    ...{ handoverId, responsibility, state: handoverState(handover, wallClock.now()) },
    summary: { alarmsStanding, alarmsUnacknowledged, commandsInDoubt, interruptionsOpen, unitsOut },
    outgoing: { at: new Date(proposedAt).toISOString(), username, role, note },
    incoming:
      signedAt === null
        ? null
        : { at: new Date(signedAt).toISOString(), username: signedBy!, role: signedRole!, note: signedNote },
  }
}
