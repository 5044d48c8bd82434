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
import { instantKey, Keyset, pageOf, pageQuery } from '../../../platform/http/pages.ts'
import { badField } from '../../../platform/http/problem.ts'
import { defineRoute, type ApiRequest, type ApiRoute } from '../../../platform/http/route.ts'
import type { Services } from '../../../platform/http/services.ts'
import { phasesOf } from '../../../platform/network/model/phases.ts'
import { parseInstant } from '../../../platform/wire/instant.ts'
import { findPlan, listPlans, type Plan } from './entry-repository.ts'
import { hintKinds, hintStatuses, listHints, type Hint } from './hint-repository.ts'
import { base, Cause, ElementKind, elementId, evidence, instantOf, serial, tag, text } from './interruption-fields.ts'
import { listOperations } from './operation-repository.ts'
import { mostUnits, PersonEntries, type Acting } from './person-entries.ts'

const Entered = Type.Object({ entryId: serial('The entry') })
const Operation = Type.Object(
  {
    switchId: Type.String(),
    at: Instant('From when on'),
    closed: Type.String({ description: 'Phases that are closed from then on; empty: open', examples: ['ABC', ''] }),
    source: OneOf(['event', 'reading', 'person'], 'Who told'),
    reference: Type.String({ description: 'Number of the event or of the entry' }),
    cause: Nullable(Type.String()),
  },
  { $id: 'SwitchOperation' },
)
const planFields = {
  elementKind: ElementKind,
  elementId,
  cause: Cause,
  notice: Type.Optional(text(1_000, 'How consumers were told', 'Letter and SMS of 2026-11-14')),
}
const PlanSchema = Type.Object(
  {
    plannedId: Type.Integer(),
    elementKind: ElementKind,
    elementId: Type.String(),
    from: Instant('Beginning of the window that was announced'),
    until: Instant('Its end'),
    warnedAt: Nullable(Instant('When consumers were told; null: they have not been')),
    notice: Nullable(Type.String()),
    cause: Type.String(),
    enteredBy: Type.String(),
    enteredAt: Instant('When it was entered'),
    cancelledAt: Nullable(Instant('When it was cancelled')),
    interruptionIds: Type.Array(Type.Integer(), { description: 'Interruptions that are its work' }),
  },
  { $id: 'PlannedInterruption' },
)
const HintSchema = Type.Object(
  {
    hintId: Type.Integer(),
    kind: OneOf(
      hintKinds,
      'The meter is silent; it had supply again and no loss is known; it has told nothing since a switch gave supply back',
    ),
    unitId: Type.String(),
    meterId: Type.String(),
    at: Instant('What it is of'),
    noticedAt: Instant('When it was noticed'),
    status: OneOf(hintStatuses, 'Whether somebody has decided'),
    decidedBy: Nullable(Type.String()),
    decidedAt: Nullable(Instant('When')),
    note: Nullable(Type.String()),
  },
  { $id: 'SupplyHint' },
)
const operationKeys = new Keyset(
  Type.Object({ at: instantKey, switchId: Type.String(), source: Type.String(), reference: Type.String() }),
)
const planKeys = new Keyset(Type.Object({ plannedId: serial('') }))
const hintKeys = new Keyset(Type.Object({ hintId: serial('') }))

/** What persons enter: outages, operations of switches, plans; and what they are asked to judge. */
export const interruptionEntryRoutes = ({ database }: Services): readonly ApiRoute[] => {
  const persons = new PersonEntries(database)
  return [
    defineRoute({
      method: 'POST',
      path: `${base}/outages`,
      operationId: 'enterOutage',
      summary: 'Enter an outage that nothing has told of',
      description:
        'Of an element and the units that hang on it as the network stood then, or of units by name. Where the meter of a unit tells of supply before an end is entered, the outage ends for it. Whom a switch took it from is better told by its operation.',
      ...{ tag, right: 'operate' },
      body: Type.Object({
        elementKind: Type.Optional(ElementKind),
        elementId: Type.Optional(elementId),
        unitIds: Type.Optional(
          Type.Array(IdentifierParameter('A unit', 'unit-001'), {
            ...{ minItems: 1, maxItems: mostUnits, uniqueItems: true },
            description: 'In the stead of an element',
          }),
        ),
        from: instantOf('When supply was lost'),
        until: Type.Optional(instantOf('When it was back; it lasts unless given')),
        cause: Type.Optional(Cause),
        evidence,
      }),
      answers: { 201: { description: 'It is entered', schema: Entered } },
      async handle(request) {
        const { elementKind: kind, elementId: id, unitIds, from, until, cause = null, evidence: rests } = request.body
        if ((unitIds === undefined) === (id === undefined) || (kind === undefined) !== (id === undefined))
          throw badField('body.elementId', id, 'must be given with elementKind, or unitIds in their stead')
        const entryId = await persons.enterOutage(actingOf(request), {
          of: unitIds ? { unitIds } : { kind: kind!, id: id! },
          ...{ from: parseInstant(from)!, until: until === undefined ? null : parseInstant(until)! },
          ...{ cause, evidence: rests },
        })
        return { status: 201, body: { entryId } }
      },
    }),
    defineRoute({
      method: 'POST',
      path: `${base}/outages/{entryId}/end`,
      operationId: 'endEnteredOutage',
      summary: 'Say when an outage that was entered ended',
      ...{ tag, right: 'operate', params: Entered },
      body: Type.Object({ until: instantOf('When supply was back'), evidence }),
      answers: { 204: { description: 'It has ended' }, 409: { description: 'It has an end' } },
      async handle(request) {
        const { until, evidence: rests } = request.body
        await persons.endOutage(actingOf(request), request.params.entryId, parseInstant(until)!, rests)
        return {}
      },
    }),
    defineRoute({
      method: 'GET',
      path: `${base}/operations`,
      operationId: 'listSwitchOperations',
      summary: 'How switches were turned, the newest first',
      ...{ tag, right: 'read' },
      query: Type.Object({
        switchId: Type.Optional(IdentifierParameter('Of this switch', 'sw-001')),
        from: Type.Optional(InstantParameter('From this instant on')),
        to: Type.Optional(InstantParameter('Before this instant')),
        ...pageQuery(),
      }),
      answers: { 200: { description: 'Operations', schema: pageOf(Operation) } },
      csv: csvColumnsOf(Operation),
      async handle({ query: { cursor, limit, ...filter } }) {
        const page = { before: operationKeys.after(cursor), limit: limit + 1 }
        const rows = await listOperations(database, filter, page)
        const { items, nextCursor } = operationKeys.page(rows, limit, ({ at, switchId, source, reference }) => ({
          ...{ at: Math.floor(at), switchId, source, reference },
        }))
        const shown = items.map(({ at, ...operation }) => ({ ...operation, at: new Date(at).toISOString() }))
        return { body: { items: shown, nextCursor } }
      },
    }),
    defineRoute({
      method: 'POST',
      path: `${base}/operations`,
      operationId: 'enterSwitchOperation',
      summary: 'Enter that a crew turned a switch or a fuse',
      description:
        'What would take of an outage that is over is a correction, which takes two persons. Of an outage before one that is known enter the closing first, then the opening.',
      ...{ tag, right: 'operate' },
      body: Type.Object({
        switchId: IdentifierParameter('The switch, or the source that it stands before', 'fu-001'),
        at: instantOf('When'),
        closed: Type.String({
          ...{
            pattern: '^A?B?C?$',
            description: 'Phases that are closed from then on; empty: open',
            examples: ['ABC', ''],
          },
        }),
        cause: Type.Optional(Cause),
        evidence,
      }),
      answers: {
        204: { description: 'It is entered' },
        409: { description: 'It would take of an outage that is over' },
      },
      async handle(request) {
        const { switchId, at, closed, cause = null, evidence: rests } = request.body
        const operation = { switchId, at: parseInstant(at)!, closed: phasesOf(closed), cause, evidence: rests }
        await persons.enterOperation(actingOf(request), operation)
        return {}
      },
    }),
    defineRoute({
      method: 'GET',
      path: `${base}/planned`,
      operationId: 'listPlannedInterruptions',
      summary: 'Interruptions that are planned, the newest first',
      ...{ tag, right: 'read' },
      query: Type.Object({
        from: Type.Optional(InstantParameter('Those that end at this instant or later')),
        to: Type.Optional(InstantParameter('Those that begin at this instant or before')),
        elementId: Type.Optional(elementId),
        ...pageQuery(),
      }),
      answers: { 200: { description: 'Plans', schema: pageOf(PlanSchema) } },
      csv: csvColumnsOf(PlanSchema),
      async handle({ query: { cursor, limit, ...filter } }) {
        const page = { before: planKeys.after(cursor)?.plannedId, limit: limit + 1 }
        const rows = await listPlans(database, filter, page)
        const { items, nextCursor } = planKeys.page(rows, limit, ({ plannedId }) => ({ plannedId }))
        return { body: { items: items.map(shownPlan), nextCursor } }
      },
    }),
    defineRoute({
      method: 'POST',
      path: `${base}/planned`,
      operationId: 'planInterruption',
      summary: 'Plan an interruption',
      description:
        'An interruption of this element that begins within the window, or up to an hour before it, is programmed. After the fact that is a correction, which takes two persons.',
      ...{ tag, right: 'operate' },
      body: Type.Object({
        ...planFields,
        from: instantOf('Beginning of the window that is announced'),
        until: instantOf('Its end'),
        warnedAt: Type.Optional(instantOf('When consumers were told')),
      }),
      answers: { 201: { description: 'The plan', schema: PlanSchema } },
      async handle(request) {
        const { from, until, warnedAt, notice = null, ...plan } = request.body
        const plannedId = await persons.plan(actingOf(request), {
          ...{ ...plan, notice, from: parseInstant(from)!, until: parseInstant(until)! },
          warnedAt: warnedAt === undefined ? null : parseInstant(warnedAt)!,
        })
        return { status: 201, body: shownPlan((await findPlan(database, plannedId))!) }
      },
    }),
    defineRoute({
      method: 'POST',
      path: `${base}/planned/{plannedId}/cancel`,
      operationId: 'cancelPlannedInterruption',
      summary: 'Cancel a plan that has not begun',
      ...{ tag, right: 'operate', params: Type.Object({ plannedId: serial('The plan') }) },
      body: Type.Object({ reason: text(1_000, 'Why', 'Rain') }),
      answers: {
        200: { description: 'The plan', schema: PlanSchema },
        409: { description: 'It has begun or is cancelled' },
      },
      async handle(request) {
        const { plannedId } = request.params
        await persons.cancelPlan(actingOf(request), plannedId, request.body.reason)
        return { body: shownPlan((await findPlan(database, plannedId))!) }
      },
    }),
    defineRoute({
      method: 'GET',
      path: `${base}/hints`,
      operationId: 'listSupplyHints',
      summary: 'What evidence leaves to a person to judge, the newest first',
      ...{ tag, right: 'read' },
      query: Type.Object({
        kind: Type.Optional(OneOf(hintKinds, 'Of this kind')),
        status: Type.Optional(OneOf(hintStatuses, 'Where it stands')),
        unitId: Type.Optional(IdentifierParameter('Of this unit', 'unit-001')),
        ...pageQuery(),
      }),
      answers: { 200: { description: 'Hints', schema: pageOf(HintSchema) } },
      csv: csvColumnsOf(HintSchema),
      async handle({ query: { cursor, limit, ...filter } }) {
        const page = { before: hintKeys.after(cursor)?.hintId, limit: limit + 1 }
        const rows = await listHints(database, filter, page)
        const { items, nextCursor } = hintKeys.page(rows, limit, ({ hintId }) => ({ hintId }))
        return { body: { items: items.map(shownHint), nextCursor } }
      },
    }),
    defineRoute({
      method: 'POST',
      path: `${base}/hints/{hintId}/decision`,
      operationId: 'decideSupplyHint',
      summary: 'Confirm or dismiss a hint',
      description: 'Confirmed with the times of the outage of its unit, which is entered with it.',
      ...{ tag, right: 'operate', params: Type.Object({ hintId: serial('The hint') }) },
      body: Type.Object({
        outage: Nullable(
          Type.Object({
            from: instantOf('When supply was lost'),
            until: Type.Optional(instantOf('When it was back; it lasts unless given')),
            cause: Type.Optional(Cause),
          }),
        ),
        note: text(1_000, 'What it rests on', 'Called the unit: it has supply'),
      }),
      answers: { 204: { description: 'It is decided' }, 409: { description: 'It is decided already' } },
      async handle(request) {
        const { outage, note } = request.body
        const entered = outage && {
          from: parseInstant(outage.from)!,
          ...{ until: outage.until === undefined ? null : parseInstant(outage.until)!, cause: outage.cause ?? null },
        }
        await persons.decideHint(actingOf(request), request.params.hintId, { outage: entered, note })
        return {}
      },
    }),
  ]
}

const actingOf = ({ identity }: ApiRequest): Acting => ({ by: identity!.username, now: platformClock.now() })

const shownPlan = ({ from, until, warnedAt, enteredAt, cancelledAt, interruptionIds, ...plan }: Plan) => ({
  ...plan,
  interruptionIds: [...interruptionIds],
  ...{ from: new Date(from).toISOString(), until: new Date(until).toISOString(), warnedAt: instantOrNull(warnedAt) },
  ...{ enteredAt: new Date(enteredAt).toISOString(), cancelledAt: instantOrNull(cancelledAt) },
})

const shownHint = ({ at, noticedAt, decidedAt, ...hint }: Hint) => ({
  ...hint,
  ...{
    at: new Date(at).toISOString(),
    noticedAt: new Date(noticedAt).toISOString(),
    decidedAt: instantOrNull(decidedAt),
  },
})
