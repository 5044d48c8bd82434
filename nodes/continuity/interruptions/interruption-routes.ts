import { Type } from '@sinclair/typebox'
import { platformClock } from '../../../platform/clock/clock.ts'
import { csvColumnsOf } from '../../../platform/http/csv.ts'
import {
  IdentifierParameter,
  Instant,
  InstantParameter,
  instantOrNull,
  Nullable,
  OneOf,
} from '../../../platform/http/fields.ts'
import { instantKey, Keyset, pageOf, pageQuery, serialKey } from '../../../platform/http/pages.ts'
import { badField, notFound } from '../../../platform/http/problem.ts'
import { defineRoute, type ApiRoute } from '../../../platform/http/route.ts'
import type { Services } from '../../../platform/http/services.ts'
import { exclusionsOf } from '../control/control-repository.ts'
import { causeCodes, causes, causeTexts } from '../domain/causes.ts'
import { exclusionRules } from '../domain/exclusions.ts'
import { auditOf } from './audit-repository.ts'
import {
  base,
  Cause,
  evidence,
  interruptionFields,
  InterruptionSchema,
  origins,
  serial,
  shownInterruption,
  tag,
} from './interruption-fields.ts'
import { evidenceOf, findInterruption, listInterruptions, unitsOfInterruption } from './list-repository.ts'
import { PersonEntries } from './person-entries.ts'

const params = Type.Object({ interruptionId: serial('The interruption') })
const keys = new Keyset(Type.Object({ startedAt: instantKey, interruptionId: serialKey }))
const unitKeys = new Keyset(Type.Object({ unitId: Type.String(), from: instantKey }))
const mostEvidence = 500
const mostExclusions = 1_000

const Told = Type.Object({
  kind: OneOf(['operation', 'meter', 'entry', 'correction'], 'A switch, a meter, a person, or two'),
  at: Instant('When'),
  of: Type.String({ description: 'The switch or meter, or the number of the entry or correction' }),
  what: Type.String({ description: 'What it says' }),
  cause: Nullable(Type.String()),
})
const Act = Type.Object({
  at: Instant('When'),
  by: Type.String({ description: 'Who' }),
  act: Type.String(),
  subject: Type.String(),
  before: Type.Unknown({ description: 'As it was; null: it was not' }),
  after: Type.Unknown({ description: 'As it was from then on' }),
  evidence: Nullable(Type.String()),
  approvalId: Nullable(Type.Integer({ description: 'The approval by which two persons decided' })),
})
const Exclusion = Type.Object({
  exclusionId: Type.Integer({ description: 'As an approval of continuity/exclusion-taken-back names it' }),
  reason: OneOf(Object.keys(exclusionRules), 'Items 178 to 181'),
  unitId: Nullable(Type.String({ description: 'The one unit for which it does not count; null: all in it' })),
  situationId: Nullable(Type.String({ description: 'The situation of emergency that it is of' })),
  approvalId: Type.Integer({ description: 'The approval by which two persons decided it' }),
})
const InFull = Type.Object(
  {
    ...interruptionFields,
    evidence: Type.Array(Told, { description: `What tells of it, the oldest first, ${mostEvidence} at most` }),
    exclusions: Type.Array(Exclusion, { description: `By which it does not count, ${mostExclusions} at most` }),
    audit: Type.Array(Act, { description: 'What persons did about it, the oldest first' }),
  },
  { $id: 'InterruptionInFull' },
)
const Unit = Type.Object(
  {
    unitId: Type.String(),
    from: Instant('When it lost supply'),
    until: Nullable(Instant('When it had it again; null while it lasts')),
    phases: Type.String({ description: 'Phases that were without', examples: ['ABC'] }),
  },
  { $id: 'InterruptedUnit' },
)
const CauseSchema = Type.Object(
  {
    code: Type.String({ examples: ['lightning'] }),
    origin: OneOf(origins, 'In the distribution system, or outside of it'),
    programmed: Type.Boolean(),
    words: Type.Array(Type.String(), { description: 'Official words: Origem, Tipo, Causa, Detalhe' }),
    en: Type.String(),
    pt: Type.String(),
  },
  { $id: 'InterruptionCause' },
)

/** Interruptions: which there were and are, whom they concern, what they rest on; and what they came from. */
export const interruptionRoutes = ({ database }: Services): readonly ApiRoute[] => {
  const persons = new PersonEntries(database)
  async function inFull(interruptionId: number) {
    const found = await findInterruption(database, interruptionId)
    if (!found) throw notFound('interruption', 'path.interruptionId', interruptionId)
    const { evidence: known, ...one } = found
    const entryId = (known as { entryId?: number }).entryId
    const subjects = entryId === undefined ? [] : [`outage ${entryId}`]
    const audit = await auditOf(database, interruptionId, subjects)
    const exclusions = await exclusionsOf(database, interruptionId)
    const told = await evidenceOf(database, interruptionId, mostEvidence)
    return {
      ...shownInterruption(one),
      exclusions: exclusions
        .slice(0, mostExclusions)
        .map(({ exclusionId, reason, unitId, situationId, approvalId }) => ({
          ...{ exclusionId, reason, unitId, situationId, approvalId },
        })),
      evidence: told.map(({ at, ...rest }) => ({ at: new Date(at).toISOString(), ...rest })),
      audit: audit.map(({ at, by, act, subject, before, after, evidence: rests, approvalId }) => ({
        ...{ at: new Date(at).toISOString(), by, act, subject, before, after, evidence: rests, approvalId },
      })),
    }
  }

  return [
    defineRoute({
      method: 'GET',
      path: `${base}/interruptions`,
      operationId: 'listInterruptions',
      summary: 'Interruptions, the newest first',
      description:
        'As they follow from the evidence that is known now: switches, meters and persons. Of an interruption that is restored step by step each step is one, of the same event.',
      ...{ tag, right: 'read' },
      query: Type.Object({
        from: Type.Optional(InstantParameter('Those that lasted at this instant, or ended or began later')),
        to: Type.Optional(InstantParameter('Those that began before this instant')),
        open: Type.Optional(Type.Boolean({ description: 'Those that last; false: those that are over' })),
        feederId: Type.Optional(IdentifierParameter('Those on this feeder', 'feeder-01')),
        elementId: Type.Optional(IdentifierParameter('Those of this element', 'sw-001')),
        unitId: Type.Optional(IdentifierParameter('Those that this unit was in', 'unit-001')),
        eventId: Type.Optional(serial('Those of this event')),
        cause: Type.Optional(Cause),
        unclassified: Type.Optional(Type.Boolean({ description: 'Those of which nobody has said the cause' })),
        programmed: Type.Optional(Type.Boolean({ description: 'Programmed ones; false: the others' })),
        leastUnits: Type.Integer({ minimum: 0, default: 0, description: 'Those of so many units at least' }),
        void: Type.Boolean({
          default: false,
          description: 'Those of which nothing is left, in the stead of the others',
        }),
        ...pageQuery(),
      }),
      answers: { 200: { description: 'Interruptions, the newest first', schema: pageOf(InterruptionSchema) } },
      csv: csvColumnsOf(InterruptionSchema),
      async handle({ query: { cursor, limit, ...filter } }) {
        if (filter.from !== undefined && filter.to !== undefined && filter.from > filter.to)
          throw badField('query.from', new Date(filter.from).toISOString(), 'must not be after to')
        const rows = await listInterruptions(database, filter, { before: keys.after(cursor), limit: limit + 1 })
        const { items, nextCursor } = keys.page(rows, limit, ({ startedAt, interruptionId }) => ({
          ...{ startedAt: Math.floor(startedAt), interruptionId },
        }))
        return { body: { items: items.map(shownInterruption), nextCursor } }
      },
    }),
    defineRoute({
      method: 'GET',
      path: `${base}/interruptions/{interruptionId}`,
      operationId: 'getInterruption',
      summary: 'One interruption, with what it rests on and what persons did about it',
      ...{ tag, right: 'read', params },
      answers: { 200: { description: 'The interruption', schema: InFull } },
      handle: async ({ params: { interruptionId } }) => ({ body: await inFull(interruptionId) }),
    }),
    defineRoute({
      method: 'GET',
      path: `${base}/interruptions/{interruptionId}/units`,
      operationId: 'listUnitsOfInterruption',
      summary: 'Units in an interruption, and when each was without supply',
      ...{ tag, right: 'read', params },
      query: Type.Object(pageQuery()),
      answers: { 200: { description: 'Units', schema: pageOf(Unit) } },
      csv: csvColumnsOf(Unit),
      async handle({ params: { interruptionId }, query: { cursor, limit } }) {
        if (!(await findInterruption(database, interruptionId)))
          throw notFound('interruption', 'path.interruptionId', interruptionId)
        const page = { after: unitKeys.after(cursor), limit: limit + 1 }
        const rows = await unitsOfInterruption(database, interruptionId, page)
        const { items, nextCursor } = unitKeys.page(rows, limit, ({ unitId, from }) => ({
          ...{ unitId, from: Math.ceil(from) },
        }))
        const shown = items.map(({ from, until, ...unit }) => ({
          ...{ ...unit, from: new Date(from).toISOString(), until: instantOrNull(until) },
        }))
        return { body: { items: shown, nextCursor } }
      },
    }),
    defineRoute({
      method: 'PUT',
      path: `${base}/interruptions/{interruptionId}/classification`,
      operationId: 'classifyInterruption',
      summary: 'Say what an interruption came from, and what it counts as',
      description:
        'While it lasts, as often as it becomes clearer; of one that is over a cause that nobody has said. What would change what is said of one that is over takes two persons, and so does external origin, which takes it out of DIC and FIC: propose `continuity/correction` or `continuity/exclusion`.',
      ...{ tag, right: 'operate', params },
      body: Type.Object(
        {
          cause: Type.Optional(Cause),
          origin: Type.Optional(OneOf(origins, 'In the distribution system, or outside of it')),
          programmed: Type.Optional(Type.Boolean()),
          evidence: Type.Optional(evidence),
        },
        { minProperties: 1 },
      ),
      answers: {
        200: { description: 'The interruption', schema: InFull },
        409: { description: 'It is over, and something has been said of it; or it would not count any more' },
      },
      async handle({ params: { interruptionId }, body: { evidence: rests, ...said }, identity }) {
        if (Object.keys(said).length === 0) throw badField('body', undefined, 'must say cause, origin or programmed')
        const acting = { by: identity!.username, now: platformClock.now() }
        await persons.classify(acting, interruptionId, said, rests ?? null)
        return { body: await inFull(interruptionId) }
      },
    }),
    defineRoute({
      method: 'GET',
      path: `${base}/causes`,
      operationId: 'listInterruptionCauses',
      summary: 'What interruptions may come from',
      ...{ tag, right: 'read' },
      answers: {
        200: {
          description: 'Causes',
          schema: Type.Object({ items: Type.Array(CauseSchema) }),
        },
      },
      async handle() {
        const items = causeCodes.map((code) => ({
          ...{ code, origin: causes[code].origin, programmed: causes[code].programmed },
          ...{ words: [...causes[code].words], ...causeTexts(code) },
        }))
        return { body: { items } }
      },
    }),
  ]
}
