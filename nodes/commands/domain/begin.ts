import type { Command, CommandTransition } from './command.ts'
import { timesOf } from './times.ts'

/** What a request says of a command, with the plan and the capabilities that it is accepted with. */
export type RequestedCommand = Pick<
  Command,
  'commandId' | 'deviceId' | 'type' | 'args' | 'plan' | 'capabilities' | 'expiresAt'
>

/** A command at its beginning. @param now  UTC milliseconds */
export function begin(requested: RequestedCommand, now: number): { command: Command; transition: CommandTransition } {
  const { commandId, deviceId, type, args, plan, capabilities, expiresAt } = requested
  const state = plan.needsApproval ? 'pending_approval' : 'queued'
  const command: Command = {
    ...{ commandId, deviceId, type, args, plan, capabilities, expiresAt, state, requestedAt: now, stateSince: now },
    ...{ controlNumber: null, attempts: 0, asked: 0, firstDispatchedAt: null, executedAt: null, reason: null },
    ...{ sendAt: null, dueAt: null, quarantined: false },
  }
  return {
    command: { ...command, ...timesOf(command, now) },
    transition: { from: null, to: state, at: now, cause: 'requested', reason: null },
  }
}
