import { Type } from '@sinclair/typebox'
import { platformClock } from '../../../platform/clock/clock.ts'
import {
  IdentifierParameter,
  Instant,
  InstantParameter,
  instantOrNull,
  Nullable,
  OneOf,
} from '../../../platform/http/fields.ts'
import { Keyset, pageOf, pageQuery, serialKey } from '../../../platform/http/pages.ts'
import { badField, notFound } from '../../../platform/http/problem.ts'
import { defineRoute, type ApiRoute } from '../../../platform/http/route.ts'
import type { Services } from '../../../platform/http/services.ts'
import { queriesOf, type Queries } from '../../../platform/storage/queries.ts'
import { parseInstant } from '../../../platform/wire/instant.ts'
import { ProgramId, tag } from './event-fields.ts'
import {
  endParticipation,
  findParticipation,
  insertParticipation,
  isDer,
  isUnit,
  listParticipations,
  participationKinds,
  type Participation,
} from './participation-repository.ts'
import { findProgram } from './program-repository.ts'

const keys = new Keyset(Type.Object({ participationId: serialKey }))
const params = Type.Object({
  participationId: Type.Integer({
    minimum: 1,
    maximum: Number.MAX_SAFE_INTEGER,
    description: 'Its number',
    examples: [1],
  }),
})
const kind = OneOf(participationKinds, 'enrolled: in a program for the enrolled only; opted_out: gives way to nothing')
const deviceId = IdentifierParameter('A DER', 'ev-001')
const unitId = IdentifierParameter('A consumer unit: all DERs at its site', 'unit-001')
const ParticipationSchema = Type.Object(
  {
    ...{ participationId: params.properties.participationId, kind, programId: Nullable(ProgramId) },
    ...{ deviceId: Nullable(Type.String()), unitId: Nullable(Type.String()) },
    ...{ startsAt: Instant('Beginning'), endsAt: Nullable(Instant('End; null: until somebody ends it')) },
    ...{ enteredBy: Type.String(), enteredAt: Instant('When') },
  },
  { $id: 'DemandParticipation' },
)

/** Who takes part in programs, and who has opted out, by device or unit, for a time or until further notice. */
export const participationRoutes = ({ database }: Pick<Services, 'database'>): readonly ApiRoute[] => [
  defineRoute({
    method: 'POST',
    path: '/api/dr-participations',
    operationId: 'enterDemandParticipation',
    summary: 'Enrol a device or a unit, or let it opt out',
    description:
      'Who opts out of an event in force is spared from the next round of the control loop on; a limit of the feeder holds for all.',
    ...{ tag, right: 'operate' as const },
    body: Type.Object(
      {
        ...{ kind, deviceId: Type.Optional(deviceId), unitId: Type.Optional(unitId) },
        programId: Type.Optional(ProgramId),
        startsAt: Type.Optional(Instant('Beginning; now unless given')),
        endsAt: Type.Optional(Instant('End; until somebody ends it unless given')),
      },
      { examples: [{ kind: 'opted_out', deviceId: 'ev-001' }] },
    ),
    answers: { 201: { description: 'It holds', schema: ParticipationSchema } },
    async handle({ body, identity }) {
      const at = platformClock.now()
      const { kind, deviceId = null, unitId = null, programId = null } = body
      const startsAt = body.startsAt === undefined ? at : instantOf('startsAt', body.startsAt)
      const endsAt = body.endsAt === undefined ? null : instantOf('endsAt', body.endsAt)
      const by = { enteredBy: identity!.username, enteredAt: at }
      const wanted = { kind, deviceId, unitId, programId, startsAt, endsAt, ...by }
      const entered = await database.transaction(async (client) => {
        await checkParticipation(queriesOf(client), wanted, at)
        return insertParticipation(queriesOf(client), wanted)
      })
      return { status: 201, body: shown(entered) }
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/api/dr-participations',
    operationId: 'listDemandParticipations',
    summary: 'Who takes part, and who has opted out',
    ...{ tag, right: 'read' as const },
    query: Type.Object({
      ...{ kind: Type.Optional(kind), programId: Type.Optional(ProgramId) },
      ...{ deviceId: Type.Optional(deviceId), unitId: Type.Optional(unitId) },
      at: Type.Optional(InstantParameter('Those that hold at this instant')),
      ...pageQuery(),
    }),
    answers: { 200: { description: 'By number', schema: pageOf(ParticipationSchema) } },
    async handle({
      query: { cursor, limit, kind = null, programId = null, deviceId = null, unitId = null, at = null },
    }) {
      const after = keys.after(cursor)?.participationId
      const filter = { kind, programId, deviceId, unitId, at }
      const rows = await listParticipations(database, filter, { after, limit: limit + 1 })
      const page = keys.page(rows, limit, ({ participationId }) => ({ participationId }))
      return { body: { ...page, items: page.items.map(shown) } }
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/api/dr-participations/{participationId}/end',
    operationId: 'endDemandParticipation',
    summary: 'End an enrolment or an opt-out',
    description: 'Now, or at its beginning where that is still to come. Again changes nothing.',
    ...{ tag, right: 'operate' as const, params },
    answers: { 200: { description: 'It holds no more', schema: ParticipationSchema } },
    async handle({ params: { participationId }, identity }) {
      const ended =
        (await endParticipation(database, participationId, identity!.username, platformClock.now())) ??
        (await findParticipation(database, participationId))
      if (!ended) throw notFound('participation', 'path.participationId', participationId)
      return { body: shown(ended) }
    },
  }),
]

const instantOf = (field: string, text: string): number => {
  const instant = parseInstant(text)
  if (instant === undefined) throw badField(`body.${field}`, text, 'must be an instant of ISO 8601 with offset')
  return instant
}

/** @throws Problem 400 naming field and value */
async function checkParticipation(
  queries: Queries,
  { kind, deviceId, unitId, programId, startsAt, endsAt }: Omit<Participation, 'participationId'>,
  at: number,
): Promise<void> {
  if ((deviceId === null) === (unitId === null))
    throw badField('body.deviceId', deviceId, 'or else unitId must be there, and not both')
  if (kind === 'enrolled' && programId === null)
    throw badField('body.programId', programId, 'must be there: one enrols in a program')
  if (endsAt !== null && endsAt <= startsAt)
    throw badField('body.endsAt', new Date(endsAt).toISOString(), 'must be after its beginning')
  if (endsAt !== null && endsAt <= at) throw badField('body.endsAt', new Date(endsAt).toISOString(), 'has passed')
  // What is over has been reckoned with who took part then.
  if (startsAt < at) throw badField('body.startsAt', new Date(startsAt).toISOString(), 'must not be in the past')
  if (deviceId !== null && !(await isDer(queries, deviceId)))
    throw badField('body.deviceId', deviceId, 'must be a DER that is known')
  if (unitId !== null && !(await isUnit(queries, unitId)))
    throw badField('body.unitId', unitId, 'must be a unit that is known')
  if (programId !== null && !(await findProgram(queries, programId)))
    throw badField('body.programId', programId, 'must be a program that is known')
}

const shown = ({ startsAt, endsAt, enteredAt, ...rest }: Participation) => ({
  ...{ ...rest, startsAt: new Date(startsAt).toISOString(), endsAt: instantOrNull(endsAt) },
  enteredAt: new Date(enteredAt).toISOString(),
})
