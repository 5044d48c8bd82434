import { Type, type Static } from '@sinclair/typebox'
import { commandTypes } from './command.ts'
import { Instant, nullable, words } from './live-fields.ts'

/** Where a command can stand, as operations have it: from its request to its end. */
export const commandStates = [
  ...([
    'pending_approval',
    'approved',
    'queued',
    'selected',
    'dispatched',
    'delivered',
    'accepted',
    'executed',
  ] as const),
  ...(['verified', 'rejected', 'failed', 'expired', 'cancelled', 'superseded'] as const),
  ...(['unknown', 'reconciled_done', 'reconciled_not_done'] as const),
] as const
export type CommandState = (typeof commandStates)[number]

/** Topic `commands`, by command id: those under way, and those that ended within the last ten minutes. */
export const LiveCommand = Type.Object({
  commandId: Type.String(),
  deviceId: Type.String({ description: 'that is to act' }),
  feederId: nullable(Type.String(), 'feeder that the device is on'),
  ofUnit: Type.Boolean({
    description:
      'its device meters a consumer unit: why, and with what, is shown to those only who may see personal data',
  }),
  type: words(...commandTypes),
  args: Type.Record(Type.String(), Type.Union([Type.Number(), Type.String(), Type.Boolean()]), {
    description: 'arguments of its type, units in the names',
  }),
  state: words(...commandStates),
  stateSince: Instant,
  stateReason: nullable(Type.String(), 'why it stands as it does'),
  isInFlight: Type.Boolean({ description: 'the one command of its device: no other is sent to it' }),
  isQuarantined: Type.Boolean({ description: 'it comes from a backup: it is not sent before somebody releases it' }),
  requestedBy: Type.String(),
  requestedAt: Instant,
  reason: nullable(Type.String(), 'why it was asked for'),
  expiresAt: Instant,
  attempts: Type.Integer({ description: 'how often the device was told to act' }),
  approvalId: nullable(Type.Integer(), 'the approval that it waits for, or waited'),
})
export type LiveCommand = Static<typeof LiveCommand>
