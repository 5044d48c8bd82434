import type { CommandState, LiveCommand } from '../../../../../platform/wire/live-command.ts'

const ended: ReadonlySet<CommandState> = new Set([
  ...(['verified', 'rejected', 'failed', 'expired', 'cancelled', 'superseded'] as const),
  ...(['reconciled_done', 'reconciled_not_done'] as const),
])
const unsent: ReadonlySet<CommandState> = new Set(['pending_approval', 'approved', 'queued', 'selected'])

type Standing = Pick<LiveCommand, 'state' | 'isQuarantined'>

/** Whether nothing becomes of it any more. */
export const isOver = ({ state }: Pick<LiveCommand, 'state'>): boolean => ended.has(state)

/** Whether a person has to say what became of it, or may become: nobody knows, or it comes from a backup. */
export const isInDoubt = ({ state, isQuarantined }: Standing): boolean =>
  state === 'unknown' || (isQuarantined && !ended.has(state))

/** Whether it can be taken back: its device has not been told to act. */
export const canBeTakenBack = ({ state }: Pick<LiveCommand, 'state'>): boolean => unsent.has(state)

/** How loudly its state is shown. */
export function severityOf(command: Standing): 'normal' | 'attention' | 'alarm' {
  if (isInDoubt(command)) return 'alarm'
  const { state } = command
  return state === 'pending_approval' || state === 'rejected' || state === 'failed' || state === 'expired'
    ? 'attention'
    : 'normal'
}

/** A sign beside the word, for who does not tell colours. */
export function signOf(command: Standing): string {
  if (isInDoubt(command)) return '?'
  switch (command.state) {
    case 'verified':
    case 'reconciled_done':
      return '✓'
    case 'rejected':
    case 'failed':
    case 'expired':
    case 'reconciled_not_done':
      return '✕'
    case 'cancelled':
    case 'superseded':
      return '–'
    case 'pending_approval':
      return '‖'
    default:
      return '▸'
  }
}

/** The commands of the stream, the newest first: what a person has to look at stands in lists of its own. */
export function sorted(commands: Iterable<LiveCommand>): {
  readonly pending: readonly LiveCommand[]
  readonly inDoubt: readonly LiveCommand[]
  readonly others: readonly LiveCommand[]
} {
  const newest = [...commands].toSorted(
    (one, other) =>
      Date.parse(other.requestedAt) - Date.parse(one.requestedAt) || (one.commandId < other.commandId ? -1 : 1),
  )
  const inDoubt = newest.filter(isInDoubt)
  const pending = newest.filter((command) => command.state === 'pending_approval' && !isInDoubt(command))
  return { pending, inDoubt, others: newest.filter((each) => !inDoubt.includes(each) && !pending.includes(each)) }
}
