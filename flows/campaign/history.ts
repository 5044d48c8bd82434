import type { CommandState } from '../../nodes/commands/domain/command.ts'
import type { CommandMessage, CommandType } from '../../platform/wire/command.ts'
import type { Effect, Traits } from './counting-device.ts'

/** What somebody wanted of a device, once. */
export interface Wish {
  /** Idempotency keys of its requests: one, however often it was sent. */
  readonly keys: readonly string[]
  readonly deviceId: string
  /** The command that it was told to have become; undefined where it was refused. */
  readonly commandId: string | undefined
}

/** A command as it was stored in the end. Instants are UTC milliseconds. */
export interface StoredCommand {
  readonly commandId: string
  /** Idempotency key that it was asked for with. */
  readonly key: string
  readonly deviceId: string
  readonly type: string
  readonly state: CommandState
  readonly needsVerification: boolean
  readonly expiresAt: number
}

/** A command that is not over. */
export interface StandingCommand {
  readonly commandId: string
  readonly deviceId: string
  readonly type: CommandType
  readonly args: CommandMessage['args']
  readonly state: CommandState
  readonly needsVerification: boolean
  readonly expiresAt: number
}

/** In the order in which they were written. */
export interface StoredTransition {
  readonly commandId: string
  readonly from: CommandState | null
  readonly to: CommandState
  readonly cause: string
}

/** A command on its way to the field, as seen on the line. */
export interface Sent {
  readonly message: CommandMessage
  readonly deviceId: string
  readonly at: number
  readonly retained: boolean
}

/** All that is known of a campaign when it is over. */
export interface History {
  readonly wishes: readonly Wish[]
  readonly commands: readonly StoredCommand[]
  readonly transitions: readonly StoredTransition[]
  readonly sent: readonly Sent[]
  /** Ids of commands that the line brought late or twice to a device. */
  readonly disturbed: ReadonlySet<string>
  /** Ids of commands whose end a person had to say. */
  readonly released: ReadonlySet<string>
  readonly effects: readonly Effect[]
  readonly devices: readonly Traits[]
  /** Commands that the broker keeps for whoever subscribes. */
  readonly retained: readonly string[]
  /** What is wrong with the audit's chain; undefined: it is sound. */
  readonly audit: string | undefined
}
