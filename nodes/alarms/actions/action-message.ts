import { Type, type Static } from '@sinclair/typebox'
import { Ajv, type ErrorObject } from 'ajv'
import { Text } from '../../../platform/wire/fields.ts'
import { parseInstant } from '../../../platform/wire/instant.ts'
import { showValue } from '../../../platform/wire/show-value.ts'
import { alarmActions, type Attempt } from './action.ts'
import { alarmId, mostAlarms, mostMinutes, occurrence } from './action-fields.ts'

const Asked = Type.Object(
  {
    action: Type.Unsafe<Attempt['action']>(Type.String({ enum: [...alarmActions] })),
    alarmId: Type.Optional(alarmId),
    key: Type.Optional(Text(200, 'area/kind/subject of its condition')),
    occurrence: Type.Optional(occurrence),
    reason: Type.Optional(Text(1_000, 'why')),
    until: Type.Optional(Type.Union([Type.String(), Type.Number()])),
    minutes: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: mostMinutes })),
  },
  { additionalProperties: false },
)
type Asked = Static<typeof Asked>
const validate = new Ajv({ strict: true, allowUnionTypes: true, verbose: true }).compile<Asked>(Asked)
/** What calendars and databases know. */
const lastInstant = Date.UTC(9999, 0)

/** A payload that asks for nothing that can be tried, with the field and the value at fault. */
class BadAction extends Error {
  override readonly name = 'BadAction'
}

/**
 * What a payload asks for: one action, or an array of them.
 * @param now  UTC milliseconds, by the platform's clock
 * @throws BadAction  that names field and value; then nothing of the payload is tried
 */
export function attemptsOf(payload: unknown, now: number): readonly Attempt[] {
  const given: readonly unknown[] = Array.isArray(payload) ? payload : [payload]
  if (given.length > mostAlarms)
    throw new BadAction(`payload has ${given.length} actions: it takes ${mostAlarms} at most`)
  return given.map((one, index) => attemptOf(one, Array.isArray(payload) ? `payload[${index}]` : 'payload', now))
}

function attemptOf(given: unknown, place: string, now: number): Attempt {
  if (!validate(given)) throw new BadAction(describe(validate.errors![0]!, place))
  const { action, alarmId: number, key, occurrence: named = null, reason = null } = given
  const alarm = number ?? key
  if (alarm === undefined || (number !== undefined && key !== undefined))
    throw new BadAction(`${place} must name its alarm, by alarmId or by key`)
  return { action, alarm, occurrence: named, reason, until: endOf(given, place, now) }
}

function endOf({ until, minutes }: Asked, place: string, now: number): number | null {
  if (until === undefined) return minutes === undefined ? null : now + Math.round(minutes * 60_000)
  if (minutes !== undefined) throw new BadAction(`${place} has until and minutes: it takes one of them`)
  const instant = parseInstant(until)
  if (instant === undefined || instant < 0 || instant > lastInstant)
    throw new BadAction(`${place}.until is ${showValue(until)}: it takes an instant with offset, or UTC milliseconds`)
  return instant
}

function describe({ keyword, params, instancePath, data, message }: ErrorObject, place: string): string {
  const field = `${place}${instancePath.replaceAll('/', '.')}`
  if (keyword === 'required') return `${field}.${String(params['missingProperty'])} is missing`
  if (keyword === 'additionalProperties') {
    const name = String(params['additionalProperty'])
    const isWho = /^(user|username|by|role|identity)$/i.test(name)
    return `${field}.${name} is not taken${isWho ? ': who acts is never what a message says' : ''}`
  }
  const takes = keyword === 'enum' ? `takes ${alarmActions.join(', ')}` : (message ?? 'is not allowed')
  return `${field} is ${showValue(data)}: it ${takes}`
}
