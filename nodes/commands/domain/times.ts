import { isEnded, type Command, type CommandPlan } from './command.ts'

const mostWaitMs = 900_000

/** So long after the n-th time something is said again: twice as long each time, up to a quarter of an hour or the first wait. */
export const againAfterMs = ({ answerWithinMs }: Pick<CommandPlan, 'answerWithinMs'>, times: number): number =>
  Math.min(answerWithinMs * 2 ** (times - 1), Math.max(answerWithinMs, mostWaitMs))

/**
 * When something of a command is to be sent, and when time alone changes it, from an instant on at which it came where it stands.
 * A select that was answered says so by a `sendAt` of its own.
 */
export function timesOf(command: Command, now: number): Pick<Command, 'sendAt' | 'dueAt'> {
  if (isEnded(command)) return { sendAt: null, dueAt: null }
  const { plan, capabilities, expiresAt } = command
  switch (command.state) {
    case 'queued':
      return { sendAt: now, dueAt: expiresAt }
    case 'selected':
      return selectTimes(command, now)
    case 'dispatched':
    case 'delivered':
    case 'accepted': {
      const answerBy = now + againAfterMs(plan, Math.max(1, command.attempts))
      const again = capabilities.ledger && command.attempts < plan.mostAttempts && answerBy < expiresAt
      return again ? { sendAt: answerBy, dueAt: expiresAt } : { sendAt: null, dueAt: answerBy }
    }
    case 'executed':
      return { sendAt: null, dueAt: now + plan.verifyWithinMs }
    case 'unknown':
      return { sendAt: capabilities.ledger && command.executedAt === null ? now : null, dueAt: null }
    default:
      return { sendAt: null, dueAt: expiresAt }
  }
}

const selectTimes = ({ sendAt, plan, expiresAt }: Command, now: number): Pick<Command, 'sendAt' | 'dueAt'> => ({
  sendAt,
  dueAt: Math.min(now + plan.answerWithinMs, expiresAt),
})
