import type { Command, CommandTransition } from '../domain/command.ts'

/** A command as the database has it. */
export interface KeptCommand extends Command {
  readonly feederId: string | null
  /** SHA-256 of device, type, arguments and expiry: what was approved is what is sent. */
  readonly bodyHash: string
  readonly requestedBy: string
  /** Why it was requested. */
  readonly requestReason: string | null
  /** Which command came in its place. */
  readonly supersededBy: string | null
  /** The approval that it waits for, or waited. */
  readonly approvalId: number | null
}

/** A step in a command's life with what is kept beside it. */
export interface RecordedTransition extends CommandTransition {
  readonly commandId: string
  /** Null: the device or time. */
  readonly username: string | null
  /** What was requested, with the first; control number and attempt, where it was sent. */
  readonly detail: Readonly<Record<string, unknown>> | null
}
