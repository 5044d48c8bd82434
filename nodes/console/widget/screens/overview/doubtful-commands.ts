import type { LiveCommand } from '../../../../../platform/wire/live-command.ts'

/** Commands that somebody should look at. */
export interface DoubtfulCommands {
  /** Sent, and nobody knows whether they took effect; the oldest first. */
  readonly inDoubt: readonly LiveCommand[]
  readonly inFlight: number
  readonly awaitingApproval: number
}

export function doubtfulCommands(commands: Iterable<LiveCommand>): DoubtfulCommands {
  const all = [...commands]
  return {
    inDoubt: all
      .filter(({ state }) => state === 'unknown')
      .toSorted((one, other) => Date.parse(one.stateSince) - Date.parse(other.stateSince)),
    inFlight: all.filter(({ isInFlight }) => isInFlight).length,
    awaitingApproval: all.filter(({ state }) => state === 'pending_approval').length,
  }
}
