import { Type } from '@sinclair/typebox'
import { may, type Identity } from '../../../platform/access/identity.ts'
import { csvColumnsOf } from '../../../platform/http/csv.ts'
import { Instant, instantOrNull, Name, Nullable, OneOf } from '../../../platform/http/fields.ts'
import { ackStatuses, commandTypes } from '../../../platform/wire/command.ts'
import { commandStates } from '../domain/command.ts'
import type { CommandInFull, ListedAck, ListedCommand, ListedTransition } from './command-repository.ts'

export const tag = 'commands'
export const CommandId = Type.String({ format: 'uuid', description: 'The command: the same for good' })
const state = OneOf(commandStates, 'Where it stands')
const flag = (description: string) => Type.Boolean({ description })

const fields = {
  commandId: CommandId,
  deviceId: Name('The device that is to act', 'sw-001'),
  feederId: Nullable(Name('Feeder of the device', 'feeder-01')),
  ofUnit: flag(
    'Its device metered a consumer unit: arguments and reasons are for those only who may see personal data, or approve',
  ),
  type: OneOf(commandTypes, 'What it is to do'),
  state,
  stateSince: Instant('Since when'),
  stateReason: Nullable(Type.String({ description: 'Why it stands as it does' })),
  isInFlight: flag('The one command of its device: no other is sent to it'),
  isQuarantined: flag('It comes from a backup: it is not sent before somebody releases it'),
  requestedBy: Name('Who asked for it', 'operator'),
  requestedAt: Instant('When'),
  reason: Nullable(Type.String({ description: 'Why it was asked for' })),
  expiresAt: Instant('It is never sent after this'),
  bodyHash: Type.String({ description: 'SHA-256 of device, type, arguments and expiry: an approval names it' }),
  controlNumber: Nullable(Type.Integer({ description: 'Grows with every command of the device; null: not sent yet' })),
  attempts: Type.Integer({ description: 'How often the device was told to act' }),
  firstDispatchedAt: Nullable(Instant('Since when an effect is possible')),
  approvalId: Nullable(Type.Integer({ description: 'The approval that it waits for, or waited' })),
  supersededBy: Nullable(CommandId),
}
const args = Type.Record(Type.String(), Type.Union([Type.Number(), Type.String(), Type.Boolean()]), {
  description: 'Arguments of its type',
})

export const CommandSchema = Type.Object({ ...fields, args }, { $id: 'Command' })

export const commandColumns = csvColumnsOf(Type.Object(fields))

export const PlanSchema = Type.Object(
  {
    needsApproval: flag('Somebody else must approve it'),
    needsSelect: flag('The device is armed first'),
    needsVerification: flag('It ends when its effect was observed'),
    mostAttempts: Type.Integer({ description: 'How often it is sent at most; 1 to a device without a ledger' }),
    answerWithinMs: Type.Integer({ description: 'An answer is awaited so long, ms' }),
    verifyWithinMs: Type.Integer({ description: 'The effect is awaited so long, ms' }),
  },
  { $id: 'CommandPlan' },
)
export const CapabilitiesSchema = Type.Object(
  {
    ledger: flag('It keeps what became of each command, and never does one twice'),
    expiry: flag('It refuses what comes too late'),
    select: flag('It can be armed first'),
    clock: flag('Its clock is set by the network'),
    signature: flag('It obeys only what is signed'),
  },
  { $id: 'DeviceCapabilities' },
)

const Transition = Type.Object({
  at: Instant('When, by the clock of the platform'),
  recordedAt: Instant('When it was written, by the wall'),
  fromState: Nullable(state),
  toState: state,
  cause: Type.String({ description: 'What happened' }),
  username: Nullable(Type.String({ description: 'Who; null: the device or time' })),
  reason: Nullable(Type.String()),
})
const Ack = Type.Object({
  receivedAt: Instant('When it came'),
  saidAt: Nullable(Instant('When, by the clock of the device')),
  status: OneOf(ackStatuses, 'What the device said'),
  controlNumber: Nullable(Type.Integer()),
  reason: Nullable(Type.String()),
  addCause: Nullable(Type.Integer({ description: 'As IEC 61850-7-2 AddCause' })),
  hadEffect: flag('It changed where the command stands; else it was late, or said before'),
})

export const CommandInFullSchema = Type.Object(
  {
    ...CommandSchema.properties,
    plan: PlanSchema,
    capabilities: CapabilitiesSchema,
    timeline: Type.Array(Transition, { description: 'Every step, in order; nothing changes a line of it' }),
    acks: Type.Array(Ack, { description: 'What the device answered, the first thousand' }),
  },
  { $id: 'CommandInFull' },
)

/** Why a unit is cut off is its holder's business, and that of whoever decides on it. */
const maySee = (identity: Identity | undefined, { ofUnit }: Pick<ListedCommand, 'ofUnit'>): boolean =>
  !ofUnit || may(identity, 'personal') || may(identity, 'approve')

/** A command as it goes out to somebody. */
export const shownCommand = <T extends ListedCommand>(command: T, identity: Identity | undefined) => ({
  ...command,
  ...(!maySee(identity, command) && { args: {}, reason: null, stateReason: null }),
  stateSince: iso(command.stateSince),
  requestedAt: iso(command.requestedAt),
  expiresAt: iso(command.expiresAt),
  firstDispatchedAt: instantOrNull(command.firstDispatchedAt),
})

/** A command with all that became of it, as it goes out to somebody. */
export function shownInFull(
  command: CommandInFull,
  timeline: readonly ListedTransition[],
  acks: readonly ListedAck[],
  identity: Identity | undefined,
) {
  const hidden = maySee(identity, command) ? {} : { reason: null }
  return {
    ...shownCommand(command, identity),
    timeline: timeline.map((step) => ({ ...step, ...hidden, at: iso(step.at), recordedAt: iso(step.recordedAt) })),
    acks: acks.map((ack) => ({
      ...ack,
      ...hidden,
      receivedAt: iso(ack.receivedAt),
      saidAt: instantOrNull(ack.saidAt),
    })),
  }
}

const iso = (at: number): string => new Date(at).toISOString()
