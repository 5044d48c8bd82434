import { Type, type Static } from '@sinclair/typebox'
import { Ajv, type ErrorObject } from 'ajv'
import { Identifier, Text } from '../../../platform/wire/fields.ts'
import { parseInstant } from '../../../platform/wire/instant.ts'
import { showValue } from '../../../platform/wire/show-value.ts'
import { longestSetpointMs, type AskedSetpoint } from '../domain/setpoint.ts'

const minuteMs = 60_000

const Asked = Type.Object(
  {
    deviceId: Identifier('the device'),
    powerKw: Type.Union([Type.Number(), Type.Null()]),
    expiresAt: Type.Optional(Type.Union([Type.String(), Type.Number()])),
    minutes: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: longestSetpointMs / minuteMs })),
    reason: Type.Optional(Text(1_000, 'why')),
    fencing: Type.Optional(
      Type.Object(
        { lease: Text(200, 'the lease'), token: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }) },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
)
type Asked = Static<typeof Asked>
const validate = new Ajv({ strict: true, allowUnionTypes: true, verbose: true }).compile<Asked>(Asked)

/** Setpoints in one message. */
const mostSetpoints = 1_000

/** A payload that asks for no setpoint, with the field and the value at fault. */
class BadSetpoint extends Error {
  override readonly name = 'BadSetpoint'
}

/**
 * What a payload asks for: one setpoint, or an array of them.
 * @param defaultMs  how long one holds that does not say
 * @param now        UTC milliseconds, by the platform's clock
 * @throws BadSetpoint  that names field and value; then nothing of the payload is set
 */
export function setpointsOf(payload: unknown, defaultMs: number, now: number): readonly AskedSetpoint[] {
  const given: readonly unknown[] = Array.isArray(payload) ? payload : [payload]
  if (given.length > mostSetpoints)
    throw new BadSetpoint(`payload has ${given.length} setpoints: it takes ${mostSetpoints} at most`)
  return given.map((one, index) => {
    const place = Array.isArray(payload) ? `payload[${index}]` : 'payload'
    if (!validate(one)) throw new BadSetpoint(describe(validate.errors!, place))
    const { deviceId, powerKw, reason = null, fencing } = one
    const expiresAt = powerKw === null ? null : endOf(one, place, defaultMs, now)
    return { deviceId, powerKw, expiresAt, reason, ...(fencing && { fencing }) }
  })
}

function endOf({ expiresAt, minutes }: Asked, place: string, defaultMs: number, now: number): number {
  if (expiresAt === undefined) return now + (minutes === undefined ? defaultMs : Math.round(minutes * minuteMs))
  if (minutes !== undefined) throw new BadSetpoint(`${place} has expiresAt and minutes: it takes one of them`)
  const instant = parseInstant(expiresAt)
  if (instant === undefined)
    throw new BadSetpoint(
      `${place}.expiresAt is ${showValue(expiresAt)}: it takes an instant with offset, or UTC milliseconds`,
    )
  return instant
}

function describe(errors: readonly ErrorObject[], place: string): string {
  const { keyword, params, instancePath, data, message } = errors[0]!
  const field = `${place}${instancePath.replaceAll('/', '.')}`
  if (keyword === 'required') return `${field}.${String(params['missingProperty'])} is missing`
  if (keyword === 'additionalProperties') {
    const name = String(params['additionalProperty'])
    const isWho = /^(user|username|by|role|identity)$/i.test(name)
    return `${field}.${name} is not taken${isWho ? ': who acts is never what a message says' : ''}`
  }
  if (field.endsWith('.powerKw')) return `${field} is ${showValue(data)}: it takes kW, or null for none`
  if (field.endsWith('.expiresAt'))
    return `${field} is ${showValue(data)}: it takes an instant with offset, or UTC milliseconds`
  return `${field} is ${showValue(data)}: it ${message ?? 'is not allowed'}`
}
