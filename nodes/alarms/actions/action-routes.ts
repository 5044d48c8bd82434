import { Type } from '@sinclair/typebox'
import { may } from '../../../platform/access/identity.ts'
import { platformClock } from '../../../platform/clock/clock.ts'
import { OneOf } from '../../../platform/http/fields.ts'
import { badField } from '../../../platform/http/problem.ts'
import { defineRoute, type ApiRequest, type ApiRoute } from '../../../platform/http/route.ts'
import type { Database } from '../../../platform/storage/database.ts'
import { personActions, rightOf, type ActionRefusal, type AlarmAction, type Attempt } from './action.ts'
import { actOnAlarms, personActing, type Acting, type Outcome } from './act.ts'
import { alarmId, endOfShelving, mostAlarms, mostMembers, occurrence, OutcomeSchema } from './action-fields.ts'
import { reason, shelvingEnd, shownOutcome } from './action-fields.ts'
import { problemOfOutcome } from './action-problem.ts'
import { membersOf } from './action-repository.ts'

const tag = 'alarms'
const bulkNeedsOneOf = 'must be given, or rootAlarmId in its stead'

/** Persons acting on alarms: on one, or on many at once. */
export const actingRoutes = (acting: Acting): readonly ApiRoute[] => [
  ...singleRoutes(acting),
  defineRoute({
    method: 'POST',
    path: '/api/alarms/actions',
    operationId: 'actOnAlarms',
    summary: 'Act on many alarms at once',
    description: `Each alarm comes to an outcome of its own, done or refused, in the order of the request. With \`rootAlarmId\` it is about all alarms that this one explains, up to ${mostMembers}. Taking out of service and returning take the right configure-alarms.`,
    ...{ tag, right: 'operate' as const, refusesItself: true as const },
    body: Type.Object(
      {
        action: OneOf(personActions, 'What is to be done'),
        alarms: Type.Optional(Type.Array(Type.Object({ alarmId, occurrence }), { minItems: 1, maxItems: mostAlarms })),
        rootAlarmId: Type.Optional({
          ...alarmId,
          description: 'In the stead of `alarms`: those that this one explains',
        }),
        ...{ reason, ...shelvingEnd },
      },
      { examples: [{ action: 'acknowledge', alarms: [{ alarmId: 1, occurrence: 1 }], reason: 'Seen' }] },
    ),
    answers: {
      200: {
        description: 'What each came to',
        schema: Type.Object({
          done: Type.Integer(),
          refused: Type.Integer(),
          outcomes: Type.Array(OutcomeSchema),
        }),
      },
      409: { description: 'The root cause explains nothing, or too many alarms; `code` says which' },
    },
    async handle(request) {
      const { body } = request
      const { action, alarms, rootAlarmId } = body
      if ((alarms === undefined) === (rootAlarmId === undefined))
        throw badField('body.alarms', undefined, bulkNeedsOneOf)
      const now = platformClock.now()
      const given = { action, reason: body.reason, until: endOfShelving(body, now) }
      const targets: readonly Target[] = alarms ?? (await targetsUnder(acting.database, rootAlarmId!, request, action))
      const attempts = targets.map((target): Attempt => ({
        ...{ ...given, alarm: target.alarmId, occurrence: target.occurrence },
        ...(target.against && { against: target.against }),
      }))
      const outcomes = await act(acting, request, attempts, now)
      // Where none of it at all can be done that is said, and no list.
      const atAll = outcomes.find(({ code }) => code !== null && againstAll.has(code))
      if (atAll) throw problemOfOutcome(atAll)
      const refused = outcomes.filter((each) => each.outcome === 'refused').length
      return { body: { done: outcomes.length - refused, refused, outcomes: outcomes.map(shownOutcome) } }
    },
  }),
]

interface SingleAction {
  readonly action: AlarmAction
  readonly operationId: string
  readonly summary: string
  readonly description?: string
  readonly fields: Parameters<typeof Type.Object>[0]
  readonly example: Readonly<Record<string, unknown>>
}

const whyNot = Type.Optional(reason)
const singles: readonly SingleAction[] = [
  {
    ...{ action: 'acknowledge', operationId: 'acknowledgeAlarm', summary: 'Acknowledge an occurrence of an alarm' },
    ...{ fields: { occurrence, reason: whyNot }, example: { occurrence: 1 } },
  },
  {
    ...{ action: 'comment', operationId: 'commentOnAlarm', summary: 'Say something about an alarm, for its history' },
    ...{ fields: { reason }, example: { reason: 'The crew has found a fallen tree' } },
  },
  {
    ...{ action: 'shelve', operationId: 'shelveAlarm', summary: 'Put an alarm aside for a while' },
    description:
      'Until an instant, or for some minutes, and never longer than the class of the alarm lets it be. What is shelved is shelved anew.',
    ...{ fields: { reason, ...shelvingEnd }, example: { minutes: 60, reason: 'A bay under test' } },
  },
  {
    ...{ action: 'unshelve', operationId: 'unshelveAlarm', summary: 'Take an alarm back before its shelving ends' },
    ...{ fields: { reason: whyNot }, example: {} },
  },
  {
    ...{ action: 'reset', operationId: 'resetAlarm', summary: 'Reset a latched alarm that was acknowledged' },
    ...{ fields: { occurrence, reason: whyNot }, example: { occurrence: 1 } },
  },
  {
    ...{ action: 'take-out', operationId: 'takeAlarmOut', summary: 'Take an alarm out of service' },
    description: 'Until it is returned: for maintenance. Its condition is still followed and recorded.',
    ...{ fields: { reason }, example: { reason: 'Transducer is replaced' } },
  },
  {
    ...{ action: 'return', operationId: 'returnAlarm', summary: 'Return an alarm to service' },
    ...{ fields: { reason }, example: { reason: 'Transducer works' } },
  },
]

const singleRoutes = (acting: Acting): ApiRoute[] =>
  singles.map(({ action, operationId, summary, description, fields, example }) =>
    defineRoute({
      method: 'POST',
      path: `/api/alarms/{alarmId}/${action}`,
      ...{ operationId, summary, ...(description !== undefined && { description }) },
      ...{ tag, right: rightOf(action)!, refusesItself: true },
      params: Type.Object({ alarmId }),
      body: Type.Object(fields, { examples: [example] }),
      answers: {
        200: { description: 'It is done', schema: OutcomeSchema },
        409: { description: 'What stands is against it; `code` says what' },
      },
      async handle(request) {
        const body = request.body as Partial<{ occurrence: number; reason: string; until: string; minutes: number }>
        const now = platformClock.now()
        const attempt: Attempt = {
          ...{ action, alarm: request.params.alarmId, occurrence: body.occurrence ?? null },
          ...{ reason: body.reason ?? null, until: endOfShelving(body, now) },
        }
        const [outcome] = await act(acting, request, [attempt], now)
        if (outcome!.outcome === 'refused') throw problemOfOutcome(outcome!)
        return { body: shownOutcome(outcome!) }
      },
    }),
  )

const act = (
  acting: Acting,
  { identity, address }: ApiRequest,
  attempts: readonly Attempt[],
  now: number,
): Promise<readonly Outcome[]> => actOnAlarms(acting, personActing(identity!, address), attempts, now)

const againstAll: ReadonlySet<ActionRefusal> = new Set(['wrong-role', 'explains-nothing', 'explains-too-many'])

/** A target of a bulk. */
type Target = Pick<Attempt, 'against'> & { readonly alarmId: number; readonly occurrence: number | null }

/** What an alarm explains; where nothing can be done under it the alarm itself, so that the attempt is taken down. */
async function targetsUnder(
  database: Database,
  rootAlarmId: number,
  { identity }: ApiRequest,
  action: AlarmAction,
): Promise<readonly Target[]> {
  const root = { alarmId: rootAlarmId, occurrence: 0 }
  if (!may(identity, rightOf(action)!)) return [root]
  const members = await membersOf(database, rootAlarmId, mostMembers + 1)
  if (members.length === 0) return [{ ...root, against: 'explains-nothing' }]
  if (members.length > mostMembers) return [{ ...root, against: 'explains-too-many' }]
  return members
}
