import { Type, type Static } from '@sinclair/typebox'
import { IdentifierParameter, Instant, Nullable, OneOf, rounded } from '../../../platform/http/fields.ts'
import { badField } from '../../../platform/http/problem.ts'
import { Text } from '../../../platform/wire/fields.ts'
import { demandModes } from '../domain/demand-response/call.ts'
import { weekdays, type ProgramWindow } from '../domain/demand-response/program-window.ts'
import { defaultSnapbackMinutes, mostBrlPerKwh } from './enter-event.ts'
import {
  directions,
  elasticity,
  idempotencyKey,
  limitKw,
  priceBrlPerKwh,
  ProgramId,
  snapbackMinutes,
  targetShedKw,
} from './event-fields.ts'
import type { ProgramContent, StoredProgram } from './program-repository.ts'
import type { ProgramUtilisation } from './result-repository.ts'

const brl = (description: string) =>
  Type.Number({ minimum: 0, maximum: mostBrlPerKwh, description: `${description}, R$/kWh` })
const clock = (description: string, pattern: string, example: string) =>
  Type.String({ pattern, description, examples: [example] })
const day = (description: string) => Type.String({ format: 'date', pattern: '^(19|20|21)', description })

const Window = Type.Object(
  {
    days: Type.Array(OneOf(weekdays, 'Day of the week'), { minItems: 1, maxItems: 7, uniqueItems: true }),
    from: clock('By the clocks of the zone', '^([01]\\d|2[0-3]):[0-5]\\d$', '18:00'),
    to: clock('Not after `from`: of the next day', '^(([01]\\d|2[0-3]):[0-5]\\d|24:00)$', '21:00'),
    validFrom: Type.Optional(day('First day')),
    validUntil: Type.Optional(day('Last day')),
  },
  { $id: 'DemandProgramWindow' },
)

/** A program as somebody enters it. */
export const ProgramRequest = Type.Object(
  {
    name: Type.String({ ...Text(100, 'As people call it'), minLength: 1, examples: ['Ponta'] }),
    mode: OneOf(demandModes, 'limit: of the feeder; shed: less than is wanted; price: by elasticity'),
    feederId: Type.Optional(IdentifierParameter('Feeder, with all below it; each root unless given', 'feeder-01')),
    window: Type.Optional(Window),
    timeZone: Type.Optional(
      Type.String({ maxLength: 64, description: 'IANA zone of the window; TIME_ZONE unless given' }),
    ),
    limitKw: Type.Optional(limitKw),
    direction: Type.Optional(OneOf(directions, 'Of the limit; `import` unless given')),
    targetShedKw: Type.Optional(targetShedKw),
    priceBrlPerKwh: Type.Optional(priceBrlPerKwh),
    elasticity: Type.Optional(elasticity),
    incentiveBrlPerKwh: Type.Optional(brl('For what is given up')),
    penaltyBrlPerKwh: Type.Optional(brl('For what is missing from what was agreed on')),
    enrolledOnly: Type.Optional(Type.Boolean({ description: 'Only who is enrolled gives way; false unless given' })),
    snapbackMinutes: Type.Optional(snapbackMinutes),
    active: Type.Optional(Type.Boolean({ description: 'true unless given' })),
  },
  { $id: 'DemandProgramRequest' },
)
export type ProgramRequest = Static<typeof ProgramRequest>
export const NewProgramRequest = Type.Object({
  ...ProgramRequest.properties,
  idempotencyKey: Type.Optional(idempotencyKey),
})

/** What a request comes to. @param timeZone  of its window where it says none @throws Problem 400 naming field and value */
export function programAsked(request: ProgramRequest, timeZone: string): ProgramContent {
  const { limitKw = null, priceBrlPerKwh = null, mode } = request
  if (limitKw !== null && mode !== 'limit') throw badField('body.limitKw', limitKw, 'comes with the mode limit only')
  if (priceBrlPerKwh !== null && mode !== 'price')
    throw badField('body.priceBrlPerKwh', priceBrlPerKwh, 'comes with the mode price only')
  return {
    ...{ name: request.name, mode, feederId: request.feederId ?? null, window: windowAsked(request.window ?? null) },
    ...{ timeZone: request.timeZone ?? timeZone, limitKw, direction: request.direction ?? 'import' },
    ...{ targetShedKw: request.targetShedKw ?? null, priceBrlPerKwh, elasticity: request.elasticity ?? 0 },
    ...{ incentiveBrlPerKwh: request.incentiveBrlPerKwh ?? 0, penaltyBrlPerKwh: request.penaltyBrlPerKwh ?? 0 },
    ...{ enrolledOnly: request.enrolledOnly ?? false, active: request.active ?? true },
    snapbackMinutes: request.snapbackMinutes ?? defaultSnapbackMinutes,
  }
}

const windowAsked = (window: Static<typeof Window> | null): ProgramWindow | null =>
  window && {
    // In the order of the week: the same days are the same window.
    days: weekdays.filter((day) => window.days.includes(day)),
    ...{ fromMinute: minuteOf(window.from), untilMinute: minuteOf(window.to) },
    ...{ validFrom: window.validFrom ?? null, validUntil: window.validUntil ?? null },
  }

const minuteOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3))
const clockOf = (minute: number): string =>
  [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, '0')).join(':')

const { properties } = ProgramRequest
export const ProgramSchema = Type.Object(
  {
    ...{ programId: ProgramId, name: Type.String(), mode: properties.mode, feederId: Nullable(Type.String()) },
    window: Nullable(
      Type.Object({
        ...{ days: Type.Array(OneOf(weekdays, 'Day of the week')), from: Type.String(), to: Type.String() },
        ...{ validFrom: Nullable(Type.String()), validUntil: Nullable(Type.String()) },
      }),
    ),
    ...{ timeZone: Type.String(), limitKw: Nullable(limitKw), direction: OneOf(directions, 'Of the limit') },
    ...{ targetShedKw: Nullable(targetShedKw), priceBrlPerKwh: Nullable(priceBrlPerKwh), elasticity },
    ...{ incentiveBrlPerKwh: brl('For what is given up'), penaltyBrlPerKwh: brl('For what is missing') },
    ...{ enrolledOnly: Type.Boolean(), snapbackMinutes, active: Type.Boolean() },
    source: Type.String({ description: 'Who entered it: a user of the API, `openadr`' }),
    changedBy: Type.String(),
    changedAt: Instant('From here on it is what it is'),
    version: Type.Integer({ description: 'Grows with each change' }),
  },
  { $id: 'DemandProgram' },
)

export const shownProgram = (program: StoredProgram): Static<typeof ProgramSchema> => {
  const { window, externalId: _id, requestHash: _hash, changedAt, ...rest } = program
  const shownWindow = window && {
    ...{ days: [...window.days], from: clockOf(window.fromMinute), to: clockOf(window.untilMinute) },
    ...{ validFrom: window.validFrom, validUntil: window.validUntil },
  }
  return { ...rest, window: shownWindow, changedAt: new Date(changedAt).toISOString() }
}

export const ProgramUtilisationSchema = Type.Object(
  {
    deviceId: Type.String(),
    events: Type.Integer({ description: 'In how many of its events it was measured' }),
    usedKwh: Type.Number({ description: 'What it took in them, kWh' }),
    shedKwh: Type.Number({ description: 'What it gave up in them, kWh' }),
  },
  { $id: 'DemandProgramUtilisation' },
)

export const shownProgramUtilisation = (of: ProgramUtilisation): ProgramUtilisation => ({
  ...of,
  ...{ usedKwh: rounded(of.usedKwh), shedKwh: rounded(of.shedKwh) },
})
