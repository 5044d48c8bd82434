import { Type, type Static } from '@sinclair/typebox'
import {
  IdentifierParameter,
  Instant,
  instantOrNull,
  Nullable,
  OneOf,
  rounded,
  roundedOrNull,
} from '../../../platform/http/fields.ts'
import { badField } from '../../../platform/http/problem.ts'
import { Explained } from '../../../platform/regulation/money-fields.ts'
import { Text } from '../../../platform/wire/fields.ts'
import { parseInstant } from '../../../platform/wire/instant.ts'
import { demandModes, type Action } from '../domain/demand-response/call.ts'
import { defaultSnapbackMinutes, longestEventMs, mostBrlPerKwh, mostKw, type EnteredEvent } from './enter-event.ts'
import { eventStates, stateOf, type StoredEvent } from './event-repository.ts'
import type { DeviceUtilisation, EventResult } from './result-repository.ts'

export const tag = 'demand response'
const minuteMs = 60_000
const longestMinutes = longestEventMs / minuteMs

export const directions = ['import', 'export'] as const
const kw = (description: string) => Type.Number({ minimum: 0, maximum: mostKw, description: `${description}, kW` })
export const limitKw = kw('The feeder carries no more than this')
export const targetShedKw = kw('What is to be given up')
export const priceBrlPerKwh = Type.Number({ minimum: 0, maximum: mostBrlPerKwh, description: 'What a kWh costs, R$' })
export const elasticity = Type.Number({
  ...{ minimum: -10, maximum: 0 },
  description: 'By how many per cent what is wanted changes for each per cent of price',
})
export const snapbackMinutes = Type.Integer({
  ...{ minimum: 0, maximum: 240 },
  description: 'The feeder returns in steps within so many minutes after the end; 0: at once',
})
export const idempotencyKey = Type.String({
  ...{ minLength: 8, maxLength: 100, pattern: '^[!-~]+$', examples: ['6f1c2a90-event-0412'] },
  description: 'Made up by whoever asks: the same key with the same request is the same, however often it comes',
})
export const EventId = Type.Integer({
  minimum: 1,
  maximum: Number.MAX_SAFE_INTEGER,
  description: 'The event',
  examples: [1],
})
export const ProgramId = Type.Integer({
  ...{ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description: 'The program', examples: [1] },
})

/** An event as somebody asks for it. */
export const EventRequest = Type.Object(
  {
    tsStart: Type.Optional(Instant('Beginning; now unless given')),
    tsEnd: Type.Optional(Instant('End, behind the beginning')),
    durationMinutes: Type.Optional(
      Type.Number({
        exclusiveMinimum: 0,
        maximum: longestMinutes,
        description: 'How long it lasts, in the stead of `tsEnd`',
      }),
    ),
    limitKw: Type.Optional(limitKw),
    direction: Type.Optional(OneOf(directions, 'Of the limit; `import` unless given')),
    targetShedKw: Type.Optional(targetShedKw),
    priceBrlPerKwh: Type.Optional(priceBrlPerKwh),
    elasticity: Type.Optional(elasticity),
    type: Type.Optional(IdentifierParameter('What you call it; its mode unless given', 'peak')),
    feederId: Type.Optional(
      IdentifierParameter('Feeder, with all below it; DEFAULT_FEEDER_ID, or else each root, unless given', 'feeder-01'),
    ),
    programId: Type.Optional(ProgramId),
    snapbackMinutes: Type.Optional(snapbackMinutes),
    idempotencyKey: Type.Optional(idempotencyKey),
  },
  { $id: 'DemandEventRequest' },
)
export type EventRequest = Static<typeof EventRequest>

/**
 * What a request comes to.
 * @param at               UTC milliseconds of the platform's clock
 * @param defaultFeederId  feeder that is meant where none is named; undefined: each root
 * @throws Problem 400 naming field and value
 */
export function eventAsked(request: EventRequest, at: number, defaultFeederId: string | undefined): EnteredEvent {
  const { tsStart, tsEnd, durationMinutes, feederId = defaultFeederId ?? null, programId = null } = request
  const action = actionAsked(request)
  if (tsEnd === undefined && durationMinutes === undefined)
    throw badField('body.tsEnd', undefined, 'is missing: give it, or durationMinutes')
  if (tsEnd !== undefined && durationMinutes !== undefined)
    throw badField('body.durationMinutes', durationMinutes, 'must not come with tsEnd')
  if (tsEnd !== undefined && tsStart === undefined)
    throw badField('body.tsStart', undefined, 'is missing: tsEnd comes with it')
  const startsAt = tsStart === undefined ? at : instantAsked('tsStart', tsStart)
  const endsAt = tsEnd === undefined ? startsAt + Math.round(durationMinutes! * minuteMs) : instantAsked('tsEnd', tsEnd)
  if (durationMinutes !== undefined && endsAt <= startsAt)
    throw badField('body.durationMinutes', durationMinutes, 'must be at least a millisecond')
  const snapback = request.snapbackMinutes ?? defaultSnapbackMinutes
  return { type: request.type ?? action.mode, feederId, programId, action, startsAt, endsAt, snapbackMinutes: snapback }
}

function instantAsked(field: string, text: string): number {
  const instant = parseInstant(text)
  if (instant === undefined) throw badField(`body.${field}`, text, 'must be an instant of ISO 8601 with offset')
  return instant
}

/** One of a limit, a price, and else a target. */
function actionAsked(request: EventRequest): Action {
  const { limitKw, priceBrlPerKwh, direction, elasticity, targetShedKw = null } = request
  if (limitKw !== undefined && priceBrlPerKwh !== undefined)
    throw badField('body.priceBrlPerKwh', priceBrlPerKwh, 'must not come with limitKw: an event has one of them')
  if (direction !== undefined && limitKw === undefined)
    throw badField('body.direction', direction, 'comes with limitKw only')
  if (elasticity !== undefined && priceBrlPerKwh === undefined)
    throw badField('body.elasticity', elasticity, 'comes with priceBrlPerKwh only')
  if (limitKw !== undefined) return { mode: 'limit', direction: direction ?? 'import', limitKw, targetShedKw }
  if (priceBrlPerKwh !== undefined) {
    if (elasticity === undefined)
      throw badField('body.elasticity', undefined, 'is missing: priceBrlPerKwh comes with it')
    return { mode: 'price', priceBrlPerKwh, elasticity, targetShedKw }
  }
  if (targetShedKw === null)
    throw badField('body.limitKw', undefined, 'is missing: give it, targetShedKw or priceBrlPerKwh')
  return { mode: 'shed', targetShedKw }
}

const actionFields = {
  mode: OneOf(demandModes, 'limit: of the feeder; shed: less than is wanted; price: by elasticity'),
  limitKw: Nullable(limitKw),
  direction: Nullable(OneOf(directions, 'Of the limit')),
  targetShedKw: Nullable(targetShedKw),
  priceBrlPerKwh: Nullable(priceBrlPerKwh),
  elasticity: Nullable(elasticity),
}

export const EventSchema = Type.Object(
  {
    ...{ eventId: EventId, type: Type.String({ description: 'What whoever called for it calls it' }) },
    ...{
      feederId: Nullable(Type.String({ description: 'Null: each root' })),
      programId: Nullable(ProgramId),
      ...actionFields,
    },
    ...{ tsStart: Instant('Beginning'), tsEnd: Instant('End, as it was meant') },
    endsAt: Instant('When it really ends: as meant, or when it was cancelled'),
    snapbackMinutes,
    state: OneOf(eventStates, 'scheduled: to come; active: in force; over; cancelled: before its end'),
    cancelledAt: Nullable(Instant('When it was cancelled')),
    cancelledBy: Nullable(Type.String()),
    cancelReason: Nullable(Type.String()),
    source: Type.String({ description: 'Who called for it: a user of the API, a node, `program`, `openadr`' }),
    enteredBy: Type.String(),
    enteredAt: Instant('When it was entered'),
  },
  { $id: 'DemandEvent' },
)

/** @param at  UTC milliseconds of the platform's clock */
export const shownEvent = (event: StoredEvent, at: number): Static<typeof EventSchema> => {
  const { eventId, type, feederId, programId, startsAt, endsAt, cancelledAt, cancelledBy, cancelReason } = event
  return {
    ...{ eventId, type, feederId, programId, ...shownAction(event.action) },
    ...{ tsStart: new Date(startsAt).toISOString(), tsEnd: new Date(endsAt).toISOString() },
    endsAt: new Date(Math.min(endsAt, cancelledAt ?? endsAt)).toISOString(),
    ...{ snapbackMinutes: event.snapbackMs / minuteMs, state: stateOf(event, at) },
    ...{ cancelledAt: instantOrNull(cancelledAt), cancelledBy, cancelReason },
    ...{ source: event.source, enteredBy: event.enteredBy, enteredAt: new Date(event.enteredAt).toISOString() },
  }
}

const shownAction = (action: Action) => ({
  ...{ mode: action.mode, limitKw: action.mode === 'limit' ? action.limitKw : null },
  ...{ direction: action.mode === 'limit' ? action.direction : null, targetShedKw: action.targetShedKw },
  priceBrlPerKwh: action.mode === 'price' ? action.priceBrlPerKwh : null,
  elasticity: action.mode === 'price' ? action.elasticity : null,
})

const kwh = (description: string) => Nullable(Type.Number({ description: `${description}, kWh; null: nobody can say` }))
export const ResultSchema = Type.Object(
  {
    feederId: Type.String(),
    computedAt: Instant('When it was computed'),
    isFinal: Type.Boolean({ description: 'Readings that come later change it no more' }),
    basis: OneOf(['head', 'devices'], "Where it was measured: the meter at the feeder's head, or all steered devices"),
    baselineKwh: kwh('What would have been taken'),
    actualKwh: kwh('What was taken'),
    deliveredKwh: kwh('What was given up'),
    committedKwh: Nullable(Type.Number({ description: 'What was agreed on, kWh; null: nothing' })),
    coverage: Type.Number({ minimum: 0, maximum: 1, description: 'Share of the event that was measured' }),
    reason: Nullable(Type.String({ description: 'Why nobody can say' })),
    baselineDays: Type.Array(Type.String({ description: 'Civil day' })),
    adjustmentKw: Type.Number({ description: 'By which the level of the day changed the baseline, kW' }),
    unadjusted: Nullable(Type.String({ description: 'Why the level of the day was left out' })),
    parts: Type.Array(
      Type.Object({
        ...{
          from: Instant('Beginning'),
          to: Instant('End'),
          meanKw: Type.Number({ description: 'Mean of like days, kW' }),
        },
        baselineKw: Type.Number({ description: 'With the level of the day, kW' }),
        actualKw: Nullable(Type.Number({ description: 'Measured, kW' })),
        coverage: Type.Number(),
      }),
      { description: 'Hour by hour' },
    ),
    money: Nullable(Explained),
  },
  { $id: 'DemandEventResult' },
)

export const shownResult = ({ eventId: _event, detail, ...result }: EventResult): Static<typeof ResultSchema> => ({
  ...{
    ...result,
    ...detail,
    baselineDays: [...detail.baselineDays],
    computedAt: new Date(result.computedAt).toISOString(),
  },
  ...{ baselineKwh: roundedOrNull(result.baselineKwh), actualKwh: roundedOrNull(result.actualKwh) },
  ...{ deliveredKwh: roundedOrNull(result.deliveredKwh), committedKwh: roundedOrNull(result.committedKwh) },
  ...{ coverage: rounded(result.coverage), adjustmentKw: rounded(detail.adjustmentKw) },
  parts: detail.parts.map((part) => ({
    ...{ ...part, meanKw: rounded(part.meanKw), baselineKw: rounded(part.baselineKw) },
    ...{ actualKw: roundedOrNull(part.actualKw), coverage: rounded(part.coverage) },
  })),
  money: result.money && { ...result.money, inputs: { ...result.money.inputs } },
})

export const EventInFullSchema = Type.Object(
  { ...EventSchema.properties, results: Type.Array(ResultSchema, { description: 'By feeder, once they are there' }) },
  { $id: 'DemandEventInFull' },
)

export const UtilisationSchema = Type.Object(
  {
    deviceId: Type.String(),
    usedKwh: Type.Number({ description: 'What it took, kWh' }),
    baselineKwh: kwh('What it would have taken'),
    shedKwh: kwh('What it gave up'),
  },
  { $id: 'DemandUtilisation' },
)

export const shownUtilisation = ({ eventId: _event, ...of }: DeviceUtilisation): Static<typeof UtilisationSchema> => ({
  ...{ deviceId: of.deviceId, usedKwh: rounded(of.usedKwh) },
  ...{ baselineKwh: roundedOrNull(of.baselineKwh), shedKwh: roundedOrNull(of.shedKwh) },
})

export const reason = Type.String({ ...Text(500, 'Why'), minLength: 1, examples: ['The line is back'] })
