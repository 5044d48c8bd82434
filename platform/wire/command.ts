/**
 * What a controller and a device say to each other of a command. The protocol is told in docs/device-protocol.md.
 */
import { Type, type Static } from '@sinclair/typebox'
import { Identifier, Text, Timestamp } from './fields.ts'

const words = <const T extends readonly string[]>(of: T, description: string) =>
  Type.Unsafe<T[number]>({ type: 'string', enum: [...of], description })

/** What a device can be commanded to do. */
export const commandTypes = [
  ...(['open', 'close', 'trip', 'block_reclose', 'unblock_reclose', 'connect', 'disconnect'] as const),
  ...(['set_limit', 'set_point', 'curtail', 'reboot', 'read_now'] as const),
] as const
export type CommandType = (typeof commandTypes)[number]

/**
 * - `select`: arms the device for an `operate` with the same id and arguments; acts on nothing
 * - `operate`: act, once for each id, whatever how often it comes
 * - `query`: say what became of the id; an id that the device does not know is answered `not_done`, and never done from then on
 */
export const commandPhases = ['select', 'operate', 'query'] as const
export type CommandPhase = (typeof commandPhases)[number]

/** `grid/commands/<deviceId>`, QoS 1, never retained. */
export const CommandMessage = Type.Object(
  {
    command_id: Type.String({
      pattern: '^[0-9a-f-]{36}$',
      description: 'UUID: the same command has the same one for good',
    }),
    control_number: Type.Integer({
      minimum: 1,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'grows with every command of the device; one below the newest that it has seen is old',
    }),
    phase: words(commandPhases, 'what is wanted'),
    type: words(commandTypes, 'what to do'),
    args: Type.Record(Type.String(), Type.Union([Type.Number(), Type.String(), Type.Boolean()]), {
      description: 'arguments of the type, units in the names',
    }),
    expires_at: Timestamp,
    signature: Type.Optional(
      Text(100, 'HMAC-SHA256 with the key of the device, base64url; what is signed: docs/device-protocol.md'),
    ),
  },
  { $id: 'command', title: 'Command, grid/commands/<deviceId>' },
)
export type CommandMessage = Static<typeof CommandMessage>

/**
 * - `selected`: armed. `accepted`: it will act. `executed`: it has acted. `failed`: it tried, and nothing came of it.
 * - `rejected`: it will not act, and says why. `expired`: it came too late by the device's clock: as `rejected`.
 * - `not_done`: answer to a `query` of an id that it never acted on, and never will
 */
export const ackStatuses = ['selected', 'accepted', 'executed', 'failed', 'rejected', 'expired', 'not_done'] as const
export type AckStatus = (typeof ackStatuses)[number]

/** `grid/acks/<deviceId>`, QoS 1. A device with a ledger writes the outcome there before it says it, and answers a repetition from it. */
export const CommandAck = Type.Object(
  {
    command_id: Type.String({ pattern: '^[0-9a-f-]{36}$', description: 'of the command' }),
    control_number: Type.Optional(
      Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description: 'of the command' }),
    ),
    device_id: Type.Optional(Identifier('the device; the topic names it when absent')),
    status: words(ackStatuses, 'what became of it'),
    at: Timestamp,
    reason: Type.Optional(Text(200, 'why, for people')),
    add_cause: Type.Optional(Type.Integer({ minimum: 0, maximum: 27, description: 'why, as IEC 61850-7-2 AddCause' })),
  },
  { $id: 'command-ack', title: 'Answer to a command, grid/acks/<deviceId>' },
)
export type CommandAck = Static<typeof CommandAck>
