import type { KindOf } from '../../../platform/wire/condition-kinds.ts'
import { conditionKey, type Condition } from '../../../platform/wire/condition.ts'
import type { CommandType } from '../../../platform/wire/command.ts'
import { classOf } from './classes.ts'
import type { CommandState } from './command.ts'
import { toleranceKw } from './following.ts'

export type CommandConditionKind = KindOf<'commands'>

/** A command of which nobody knows what became. Instants are UTC milliseconds. */
export interface UnknownCommand {
  readonly commandId: string
  readonly deviceId: string
  readonly feederId: string | null
  readonly type: CommandType
  readonly since: number
  readonly sentAt: number | null
  /** The device says that it has acted: nothing was seen of it. */
  readonly isSaidDone: boolean
}

/** A device's last command, which came to nothing. */
export interface FailedCommand {
  readonly commandId: string
  readonly deviceId: string
  readonly feederId: string | null
  readonly type: CommandType
  readonly state: CommandState
  readonly since: number
  readonly reason: string | null
}

/** A setpoint with the newest of what its device does. Power in kW, consumption positive. */
export interface FollowedSetpoint {
  readonly deviceId: string
  readonly feederId: string | null
  readonly setpointKw: number
  readonly requestedAt: number
  readonly ratedKw: number | null
  /** Of the reading. */
  readonly at: number
  readonly powerKw: number
  /** The setpoint that the device says that it follows; null: it does not say. */
  readonly followsKw: number | null
}

/** How things stand with commands and setpoints. */
export interface CommandsNow {
  readonly unknown: readonly UnknownCommand[]
  readonly failed: readonly FailedCommand[]
  /** Since when something that was sent waits for its end; null: nothing does. */
  readonly sentSince: number | null
  /** A node hears what devices answer. */
  readonly isHeard: boolean
  readonly setpoints: readonly FollowedSetpoint[]
}

/** A device has so long to follow a new setpoint, ms. */
export const followWithinMs = 2 * 60_000
/** An answer may be on its way for so long while nobody says that he hears any, ms. */
export const unheardAfterMs = 60_000

/** What holds of what is amiss, UTC milliseconds `now`. */
export const commandConditions = (state: CommandsNow, now: number): readonly Condition[] => [
  ...state.unknown.map(ofUnknown),
  ...state.failed.map(ofFailed),
  ...unheard(state, now),
  ...state.setpoints.filter((one) => ignores(one, now)).map(ofIgnored),
]

/** A condition that holds no more. */
export const normalOf = (said: Condition, at: number): Condition => ({
  ...{ key: said.key, area: said.area, kind: said.kind, subject: said.subject, state: 'normal', at },
  ...{ priority: said.priority, text: { ...said.text, message: endings[said.kind as CommandConditionKind] } },
  ...(said.feederId !== undefined && { feederId: said.feederId }),
  ...(said.deviceId !== undefined && { deviceId: said.deviceId }),
})

const endings: Readonly<Record<CommandConditionKind, string>> = {
  'command-unknown': 'commands.device-free',
  'not-verified': 'commands.device-free',
  'command-failed': 'commands.failure-over',
  'acks-unheard': 'commands.acks-heard',
  'setpoint-ignored': 'commands.setpoint-followed',
}

/** Somebody waits for supply, or works on the line. */
const isCritical = (type: CommandType): boolean => classOf(type).needsApproval || type === 'trip'

function ofUnknown(command: UnknownCommand): Condition {
  const { deviceId, type, since, sentAt, isSaidDone } = command
  const kind = isSaidDone ? 'not-verified' : 'command-unknown'
  return {
    ...about(kind, command),
    ...{ state: 'active', at: since, priority: isCritical(type) ? 'high' : 'medium' },
    text: {
      message: `commands.${kind}`,
      parameters: { device: deviceId, command: classOf(type).names, ...(sentAt !== null && { sentAt }) },
    },
    evidence: { commandId: command.commandId },
  }
}

function ofFailed(command: FailedCommand): Condition {
  const { deviceId, type, state, since } = command
  return {
    ...about('command-failed', command),
    ...{ state: 'active', at: since, priority: isCritical(type) ? 'medium' : 'low' },
    text: {
      message: 'commands.command-failed',
      parameters: { device: deviceId, command: classOf(type).names, how: outcomes[state] ?? { en: state, pt: state } },
    },
    evidence: { commandId: command.commandId },
  }
}

const outcomes: Partial<Record<CommandState, { readonly en: string; readonly pt: string }>> = {
  rejected: { en: 'refused', pt: 'recusado' },
  failed: { en: 'failed', pt: 'falhou' },
  expired: { en: 'expired before it was done', pt: 'expirou antes da execução' },
  reconciled_not_done: { en: 'was not done', pt: 'não foi executado' },
}

function unheard({ sentSince, isHeard }: CommandsNow, now: number): readonly Condition[] {
  if (isHeard || sentSince === null || now - sentSince < unheardAfterMs) return []
  const subject = 'acks'
  return [
    {
      ...{ key: conditionKey('commands', 'acks-unheard', subject), area: 'commands', kind: 'acks-unheard', subject },
      ...{ state: 'active', at: sentSince + unheardAfterMs, priority: 'medium' },
      text: { message: 'commands.acks-unheard', parameters: {} },
    },
  ]
}

/** It says that it follows another one, or is beyond its own by more than it may. Less is no fault: full, empty, no sun, no car. */
function ignores({ setpointKw, requestedAt, ratedKw, at, powerKw, followsKw }: FollowedSetpoint, now: number): boolean {
  // Old by now: what it did then says nothing of what it does.
  if (at < requestedAt + followWithinMs || at < now - 2 * followWithinMs) return false
  const within = toleranceKw(ratedKw ?? setpointKw)
  if (followsKw !== null && Math.abs(followsKw - setpointKw) > within) return true
  return powerKw > Math.max(setpointKw, 0) + within || powerKw < Math.min(setpointKw, 0) - within
}

function ofIgnored(setpoint: FollowedSetpoint): Condition {
  const { deviceId, requestedAt, powerKw, setpointKw } = setpoint
  return {
    ...about('setpoint-ignored', setpoint),
    ...{ state: 'active', at: requestedAt + followWithinMs, priority: 'low' },
    ...{ value: powerKw, limit: setpointKw, unit: 'kW' },
    text: { message: 'commands.setpoint-ignored', parameters: { device: deviceId, powerKw, setpointKw } },
  }
}

function about(
  kind: Exclude<CommandConditionKind, 'acks-unheard'>,
  { deviceId, feederId }: { readonly deviceId: string; readonly feederId: string | null },
) {
  return {
    ...{ key: conditionKey('commands', kind, deviceId), area: 'commands', kind, subject: deviceId, deviceId },
    ...(feederId !== null && { feederId }),
  }
}
