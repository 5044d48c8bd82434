import { Type, type Static } from '@sinclair/typebox'
import { platformClock, wallClock } from '../../../platform/clock/clock.ts'
import { IdentifierParameter, Instant, instantOrNull, Nullable, OneOf, rounded } from '../../../platform/http/fields.ts'
import { badField, notFound } from '../../../platform/http/problem.ts'
import { defineRoute, type ApiRequest, type ApiRoute } from '../../../platform/http/route.ts'
import type { Services } from '../../../platform/http/services.ts'
import { Text } from '../../../platform/wire/fields.ts'
import { parseInstant } from '../../../platform/wire/instant.ts'
import { lines } from '../domain/allocation/problem.ts'
import { limitUnits } from '../domain/limits-in-force.ts'
import type { FeederStrain } from './configuration-check.ts'
import { findFeeder } from './feeder-repository.ts'
import { limitsNow } from './limits-now.ts'
import { findLimit, limitsOf, type StoredLimit } from './limit-repository.ts'
import { setLimit, takeBack, type Asked } from './set-limit.ts'

const tag = 'feeders'
const feederId = IdentifierParameter('The feeder', 'feeder-01')
const limitId = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description: 'The limit', examples: [1] })
const line = OneOf(lines, 'total: all phases together, of amperes each of them; A, B, C: one phase')
const direction = OneOf(['import', 'export'], 'import: towards the loads; export: back towards the source')
const reason = (description: string) =>
  Type.String({ ...Text(500, description), minLength: 1, examples: ['Transformer runs hot'] })
const time = (pattern: string, description: string, example: string) =>
  Type.String({ pattern, description, examples: [example] })
const scheduleFields = {
  days: Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), {
    minItems: 1,
    maxItems: 7,
    uniqueItems: true,
    description: 'Days on which a window begins: 1 Monday to 7 Sunday',
    examples: [[1, 2, 3, 4, 5]],
  }),
  from: time('^([01]\\d|2[0-3]):[0-5]\\d$', 'When it begins, HH:MM', '18:00'),
  until: time(
    '^(([01]\\d|2[0-3]):[0-5]\\d|24:00)$',
    'When it ends, HH:MM or 24:00; before `from`: on the day after',
    '21:00',
  ),
}
const zone = Type.String({ minLength: 1, maxLength: 64, description: 'IANA zone', examples: ['America/Sao_Paulo'] })
const quantity = {
  value: Type.Number({ minimum: 0, maximum: 1_000_000, description: 'At least 0', examples: [60] }),
  unit: OneOf(limitUnits, 'kw; kva: apparent power; a: amperes of a phase'),
}

const InForce = Type.Object(
  {
    ...{ line, direction },
    limitKw: Type.Number({ description: 'kW, at least 0: made of kVA and amperes by what the head measures' }),
    source: Type.String({
      description:
        'registry, default (FEEDER_DEFAULT_LIMIT_KW), global (CONTROL_GLOBAL_KW_LIMIT), limit:<id>, schedule:<id>, event:<id>, snapback:<id>',
      examples: ['limit:1'],
    }),
    expiresAt: Nullable(Instant('When it ends by itself; null: when it is changed')),
  },
  { $id: 'FeederLimitInForce' },
)
const SetLimitShown = Type.Object(
  {
    ...{ limitId, line, direction, value: Type.Number(), unit: quantity.unit },
    validFrom: Instant('From when on'),
    validUntil: Nullable(Instant('Before when; null: until it is taken back')),
    schedule: Nullable(
      Type.Object({ ...scheduleFields, timeZone: Nullable(zone) }, { description: 'In force in these windows only' }),
    ),
    reason: Type.String({ description: 'Why' }),
    setBy: Type.String({ description: 'Who set it' }),
    setAt: Instant('When, by the wall'),
  },
  { $id: 'FeederLimitSet' },
)
const Words = Type.Object({ en: Type.String(), pt: Type.String() })
const Wanted = Type.Object(
  {
    line: Type.Optional(line),
    direction: Type.Optional(direction),
    value: quantity.value,
    unit: Type.Optional(quantity.unit),
    validFrom: Type.Optional(Instant('From when on; now unless given')),
    validUntil: Type.Optional(Instant('Before when; until it is taken back unless given')),
    durationMinutes: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 525_600, description: 'How long; instead of `validUntil`', examples: [60] }),
    ),
    schedule: Type.Optional(Type.Object({ ...scheduleFields, timeZone: Type.Optional(zone) })),
    reason: reason('Why, for whoever asks later'),
  },
  { examples: [{ value: 60, durationMinutes: 90, reason: 'Transformer runs hot' }] },
)
const ofFeeder = Type.Object({ feederId })
const ofLimit = Type.Object({ feederId, limitId })

/** Limits of feeders: which are in force and why, setting one, taking one back. */
export const limitRoutes = ({ database, access, environment }: Services): readonly ApiRoute[] => {
  const settings = {
    defaultLimitKw: environment.FEEDER_DEFAULT_LIMIT_KW ?? null,
    globalLimitKw: environment.CONTROL_GLOBAL_KW_LIMIT ?? null,
    timeZone: environment.TIME_ZONE,
  }
  const askedBy = ({ identity }: ApiRequest): Asked => ({
    identity: identity!,
    at: platformClock.now(),
    wallAt: wallClock.now(),
  })
  return [
    defineRoute({
      method: 'GET',
      path: '/api/feeders/{feederId}/limits',
      operationId: 'getFeederLimits',
      summary:
        'The limits of a feeder: those in force, each with its source and expiry, and those that persons have set',
      description: 'Of several for one line and direction the least holds.',
      ...{ tag, right: 'read' as const, params: ofFeeder },
      answers: {
        200: {
          description: 'The limits',
          schema: Type.Object({
            feederId: Type.String(),
            at: Instant('Of when it is'),
            inForce: Type.Array(InForce),
            changesAt: Nullable(Instant('When the next one of this feeder begins or ends; null: none will by itself')),
            set: Type.Array(SetLimitShown, { description: 'Those that stand, in the order in which they were set' }),
          }),
        },
      },
      async handle({ params: { feederId } }) {
        const at = platformClock.now()
        if (!(await findFeeder(database, feederId))) throw notFound('feeder', 'path.feederId', feederId)
        const { limits, changesAt } = await limitsNow(database, feederId, at, settings)
        const inForce = limits.map(({ line, direction, limitKw, source, expiresAt }) => ({
          ...{ line, direction, limitKw: rounded(limitKw), source, expiresAt: instantOrNull(expiresAt) },
        }))
        const set = (await limitsOf(database, feederId, at)).map(shown)
        return {
          body: { feederId, at: new Date(at).toISOString(), inForce, changesAt: instantOrNull(changesAt), set },
        }
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/api/feeders/{feederId}/limits',
      operationId: 'setFeederLimit',
      summary: 'Limit what a feeder may carry',
      description:
        'Beside what the registry says: the least holds. One that ends within 7 days and is in no schedule takes the right `operate`, and is set whatever devices fall back to: `warnings` say what it asks for. One that lasts takes `configure-feeders`, and is refused where the fallbacks of the devices and what nobody steers exceed it.',
      ...{ tag, right: 'operate' as const, params: ofFeeder },
      body: Wanted,
      answers: {
        201: {
          description: 'The limit',
          schema: Type.Object({ ...SetLimitShown.properties, warnings: Type.Array(Words) }),
        },
        409: { description: '`beyond-limit`: it lasts, and devices that fall back would exceed it' },
      },
      async handle(request) {
        const asked = askedBy(request)
        const { feederId } = request.params
        const wanted = { feederId, ...wantedOf(request.body, asked.at) }
        const { limitId, warnings } = await setLimit(database, wanted, asked, settings)
        await access.recordAccess({
          ...{ event: 'feeder_limit_set', identity: asked.identity, address: request.address },
          subject: `feeder ${feederId}`,
          detail: `limit ${limitId}: ${wanted.line} ${wanted.direction} ${wanted.value} ${wanted.unit}`,
        })
        const limit = shown((await findLimit(database, feederId, limitId))!)
        return {
          status: 201,
          headers: { Location: `/api/feeders/${encodeURIComponent(feederId)}/limits` },
          body: { ...limit, warnings: warnings.map(inWords) },
        }
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/api/feeders/{feederId}/limits/{limitId}',
      operationId: 'removeFeederLimit',
      summary: 'Take a limit back',
      description: 'Takes the right that setting it took.',
      ...{ tag, right: 'operate' as const, params: ofLimit },
      query: Type.Object({ reason: Type.Optional(reason('Why')) }),
      answers: {
        204: { description: 'It no longer stands' },
        409: { description: 'It was taken back already' },
      },
      async handle(request) {
        const asked = askedBy(request)
        const { feederId, limitId } = request.params
        await takeBack(database, feederId, limitId, request.query.reason ?? null, asked)
        await access.recordAccess({
          ...{ event: 'feeder_limit_removed', identity: asked.identity, address: request.address },
          ...{ subject: `feeder ${feederId}`, detail: `limit ${limitId}` },
        })
        return {}
      },
    }),
  ]
}

function wantedOf(body: Static<typeof Wanted>, at: number) {
  const { line = 'total', direction = 'import', value, unit = 'kw', durationMinutes, schedule, reason } = body
  const [validFrom, until] = [instantOf('validFrom', body.validFrom), instantOf('validUntil', body.validUntil)]
  if (until !== undefined && durationMinutes !== undefined)
    throw badField('body.durationMinutes', durationMinutes, 'is given instead of validUntil, not with it')
  const lasting = durationMinutes === undefined ? null : (validFrom ?? at) + durationMinutes * 60_000
  return {
    ...{ line, direction, value, unit, reason: reason.trim(), validFrom, validUntil: until ?? lasting },
    schedule: schedule ? { ...schedule, timeZone: schedule.timeZone ?? null } : null,
  }
}

function instantOf(field: string, text: string | undefined): number | undefined {
  const instant = text === undefined ? undefined : parseInstant(text)
  if (text !== undefined && instant === undefined)
    throw badField(`body.${field}`, text, 'must be an instant of ISO 8601 with offset')
  return instant
}

function shown({ validFrom, validUntil, setAt, ...limit }: StoredLimit) {
  const { limitId, line, direction, value, unit, schedule, reason, setBy } = limit
  return {
    ...{ limitId, line, direction, value, unit, schedule, reason, setBy },
    ...{ validFrom: new Date(validFrom).toISOString(), validUntil: instantOrNull(validUntil) },
    setAt: new Date(setAt).toISOString(),
  }
}

function inWords({ exceeded, told: en }: FeederStrain): Static<typeof Words> {
  const { feederId, line, direction, flowKw, limitKw } = exceeded
  const flow = direction === 'import' ? 'consumir' : 'exportar'
  const where = line === 'total' ? 'no total' : `na fase ${line}`
  const pt = `o alimentador ${feederId} pode ${flow} ${rounded(flowKw, 3)} kW ${where} se seus recursos voltarem ao valor seguro, e seu limite é ${rounded(limitKw, 3)} kW`
  return { en, pt }
}
