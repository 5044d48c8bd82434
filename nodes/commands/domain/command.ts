/**
 * A command, from the request to its end (docs/commands.md; the practice is that of the control models of IEC 61850, DNP3 and IEC 60870-5-104).
 * How it changes: step.ts. Nothing here knows where it is kept or how it travels.
 */
import type { AckStatus, CommandPhase, CommandType } from '../../../platform/wire/command.ts'
import { commandStates, type CommandState } from '../../../platform/wire/live-command.ts'

export { commandStates, type CommandState }

/** What a device can do with commands, as the registry has it; what is not known of a device is false. */
export interface DeviceCapabilities {
  /** It keeps what became of each id, writes it before it answers, and answers a repetition from there: it may be told again. */
  readonly ledger: boolean
  /** It refuses by its own clock what comes too late. */
  readonly expiry: boolean
  /** It can be armed first. */
  readonly select: boolean
  /** Its clock is set by the network. */
  readonly clock: boolean
  /** It checks signatures, and obeys nothing that is not signed. */
  readonly signature: boolean
}

/** What the class of a command asks for, as it was when the command was accepted. */
export interface CommandPlan {
  readonly needsApproval: boolean
  readonly needsSelect: boolean
  readonly needsVerification: boolean
  /** Most attempts; 1 for a device without a ledger, whatever the class says. */
  readonly mostAttempts: number
  /** So long an answer is awaited after each attempt, ms. */
  readonly answerWithinMs: number
  /** So long the effect is awaited after `executed`, ms. */
  readonly verifyWithinMs: number
}

/** A command as it stands. Instants are UTC milliseconds. */
export interface Command {
  readonly commandId: string
  readonly deviceId: string
  readonly type: CommandType
  readonly args: Readonly<Record<string, number | string | boolean>>
  readonly plan: CommandPlan
  readonly capabilities: DeviceCapabilities
  readonly state: CommandState
  readonly requestedAt: number
  readonly expiresAt: number
  /** Given at the first dispatch; grows per device, and with each epoch. */
  readonly controlNumber: number | null
  /** How often it was told to act. */
  readonly attempts: number
  /** How often it was asked what became of it. */
  readonly asked: number
  /** When an effect became possible: what is seen of the device before says nothing. */
  readonly firstDispatchedAt: number | null
  /** When the device said that it has acted. */
  readonly executedAt: number | null
  readonly stateSince: number
  /** From when on something is to be sent; null: nothing is. What: {@link phaseOf}. */
  readonly sendAt: number | null
  /** When time alone next changes something; null: never. */
  readonly dueAt: number | null
  /** It stands where a backup left it: it is sent only after a person has said so. */
  readonly quarantined: boolean
  /** Why it stands as it does, in English, one line. */
  readonly reason: string | null
}

/** What happens to a command. */
export type CommandEvent =
  | { readonly kind: 'approved' | 'declined' | 'cancelled'; readonly reason?: string }
  | { readonly kind: 'superseded'; readonly by: string }
  /** An interlock or a limit forbids it, found again right before it would be sent. */
  | { readonly kind: 'forbidden'; readonly reason: string }
  /** Written before anything is sent: whatever happens then, it may have an effect. */
  | { readonly kind: 'selecting' | 'dispatching'; readonly controlNumber: number }
  /** Written before the device is asked what became of it: acts on nothing. */
  | { readonly kind: 'asking'; readonly controlNumber: number }
  /** The broker has it. */
  | { readonly kind: 'delivered' }
  | { readonly kind: 'answered'; readonly status: AckStatus; readonly reason?: string }
  /** What was observed of the device after the dispatch, in good quality, shows the effect or the contrary. */
  | { readonly kind: 'observed'; readonly effect: boolean; readonly at: number }
  /** Its time has come: what that means depends on where it stands. */
  | { readonly kind: 'due' }
  /** A person says how it ended, or that nobody will ever know, and takes the device back into use. */
  | { readonly kind: 'released'; readonly as: 'reconciled_done' | 'reconciled_not_done'; readonly reason: string }
  /** A person says that what a backup left may be sent. */
  | { readonly kind: 'unquarantined'; readonly reason: string }

/** Why an event is refused: it is late, or it cannot be where the command stands. */
export type CommandRefusal =
  | ('ended' | 'too-late-to-take-back' | 'not-unknown' | 'expired' | 'not-pending' | 'not-possible')
  | ('quarantined' | 'not-quarantined')

export interface CommandTransition {
  readonly from: CommandState | null
  readonly to: CommandState
  readonly at: number
  readonly cause: string
  readonly reason: string | null
}

export const endStates: ReadonlySet<CommandState> = new Set<CommandState>([
  ...(['verified', 'rejected', 'failed', 'expired', 'cancelled', 'superseded'] as const),
  ...(['reconciled_done', 'reconciled_not_done'] as const),
])

const sentStates: ReadonlySet<CommandState> = new Set<CommandState>([
  ...(['selected', 'dispatched', 'delivered', 'accepted', 'unknown'] as const),
])

/** Nothing happens to it any more. `executed` is an end where its class asks for no verification. */
export const isEnded = ({ state, plan }: Pick<Command, 'state' | 'plan'>): boolean =>
  endStates.has(state) || (state === 'executed' && !plan.needsVerification)

/** It is the device's one command: no other is sent to it. `executed` is among them while its effect is awaited. */
export const isInFlight = ({ state, plan }: Pick<Command, 'state' | 'plan'>): boolean =>
  sentStates.has(state) || (state === 'executed' && plan.needsVerification)

/** What is to be sent once `sendAt` has come. */
export function phaseOf({ state, plan, capabilities }: Pick<Command, 'state' | 'plan' | 'capabilities'>): CommandPhase {
  if (state === 'unknown') return 'query'
  return state === 'queued' && plan.needsSelect && capabilities.select ? 'select' : 'operate'
}
