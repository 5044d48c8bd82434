import { Type, type Static } from '@sinclair/typebox'
import { OneOf } from '../../../platform/http/fields.ts'
import { badField } from '../../../platform/http/problem.ts'
import { partCheck } from '../../../platform/http/request-check.ts'
import { canonicalJson, sha256Of } from '../../../platform/storage/canonical-json.ts'
import { commandTypes, type CommandType } from '../../../platform/wire/command.ts'
import { Identifier } from '../../../platform/wire/fields.ts'
import { parseInstant } from '../../../platform/wire/instant.ts'
import { classOf, type CommandClass } from '../domain/classes.ts'

const CommandArgs = Type.Record(Type.String(), Type.Union([Type.Number(), Type.String(), Type.Boolean()]), {
  maxProperties: 20,
  description: 'Arguments of the type, as `GET /api/commands/classes` lists them',
})

/** What is asked for. */
export const CommandRequest = Type.Object(
  {
    deviceId: Type.String({ ...Identifier('The device that is to act'), examples: ['meter-001'] }),
    type: OneOf(commandTypes, 'What it is to do'),
    args: Type.Optional(CommandArgs),
    expiresAt: Type.Optional(Type.String({ format: 'date-time', description: 'It is never sent after this instant' })),
    expiresInSeconds: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 259_200,
        description: 'Expires so long from now, in the stead of `expiresAt`',
      }),
    ),
    reason: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 1_000,
        pattern: '\\S',
        description: 'Why; what another one is to approve needs it',
      }),
    ),
    idempotencyKey: Type.String({
      ...{ minLength: 8, maxLength: 100, pattern: '^[!-~]+$', examples: ['2f6f0f3a-read-meter-001'] },
      description:
        'Made up by whoever asks, another one for each command: the same key with the same request is the same command, however often it comes',
    }),
  },
  { $id: 'CommandRequest' },
)
export type CommandRequest = Static<typeof CommandRequest>

/** A request that makes sense by itself, whatever stands against it in the field. */
export interface ReadRequest {
  readonly deviceId: string
  readonly of: CommandClass
  readonly args: Readonly<Record<string, number | string | boolean>>
  /** UTC milliseconds, by the platform's clock. */
  readonly expiresAt: number
  readonly reason: string | null
  readonly idempotencyKey: string
  readonly requestHash: string
}

/**
 * What a request comes to.
 * @param now  UTC milliseconds, by the platform's clock
 * @throws Problem 400 naming the field: arguments that the type does not take, an expiry that has passed or is too far off
 */
export function readRequest(request: CommandRequest, now: number): ReadRequest {
  const { deviceId, type, args = {}, reason, idempotencyKey } = request
  const of = classOf(type)
  argumentsCheck(type)(args)
  if (of.needsApproval && reason === undefined)
    throw badField('body.reason', undefined, 'is missing: somebody else is to approve it')
  return {
    ...{ deviceId, of, args, expiresAt: expiryOf(request, of, now), reason: reason?.trim() ?? null },
    ...{ idempotencyKey, requestHash: requestHashOf(request) },
  }
}

/**
 * What a proof for a request is bound to, and what tells it from another one with the same key.
 * @returns SHA-256 of the request as canonical JSON (RFC 8785), without the key, in hex
 */
export const requestHashOf = ({ idempotencyKey: _key, ...asked }: CommandRequest): string =>
  sha256Of(canonicalJson({ ...asked, args: asked.args ?? {} }))

function expiryOf({ expiresAt, expiresInSeconds }: CommandRequest, of: CommandClass, now: number): number {
  if (expiresAt !== undefined && expiresInSeconds !== undefined)
    throw badField('body.expiresInSeconds', expiresInSeconds, 'must not come with expiresAt')
  const field = expiresAt === undefined ? 'body.expiresInSeconds' : 'body.expiresAt'
  const inMs = expiresInSeconds === undefined ? of.expiresAfterMs : expiresInSeconds * 1_000
  const at = expiresAt === undefined ? now + inMs : parseInstant(expiresAt)!
  if (at <= now) throw badField(field, expiresAt, 'has passed')
  if (at > now + of.mostExpiresAfterMs)
    throw badField(
      field,
      expiresAt ?? expiresInSeconds,
      `must be within ${of.mostExpiresAfterMs / 1_000} s for ${of.type}`,
    )
  return at
}

const checks = new Map<CommandType, (args: unknown) => void>()

function argumentsCheck(type: CommandType): (args: unknown) => void {
  const check = checks.get(type) ?? partCheck(classOf(type).args, 'body.args')
  checks.set(type, check)
  return check
}
