import type { AckStatus } from '../../../platform/wire/command.ts'
import { isEnded, type Command, type CommandEvent, type CommandRefusal, type CommandState } from './command.ts'
import type { CommandTransition } from './command.ts'
import { againAfterMs, timesOf } from './times.ts'

export interface Stepped {
  readonly command: Command
  readonly transitions: readonly CommandTransition[]
  /** Why what somebody wanted was refused: then nothing changed. What a device says or time does is never refused, at most of no effect. */
  readonly refused: CommandRefusal | null
}

/** A device refuses what is late by its own clock: by so much that clock may be wrong. */
export const clockToleranceMs = 60_000

/**
 * What an event makes of a command. From `dispatching` on an effect is possible: then only the device's own refusal, an observation
 * or a person ends it without one. What was decided where the practice leaves it open:
 * - A refusal that comes once the outcome is unknown counts where the device has a ledger only: without one it may be about a copy
 *   that the network made. So may, at any time, `expired`, and a refusal of what it was just armed for.
 * - `executed` of a class that is verified waits for an observation, also where it comes late: what is seen outranks what is said.
 *   Said again after nothing was seen it changes nothing.
 * - The contrary seen shows that nothing was done only where nothing can be done any more: after the expiry, of a device that
 *   refuses late commands by a clock that is set; and not while a ledger can be asked, for somebody may have undone it since.
 * - What must not be sent again is not taken back by that: its outcome is unknown, and the device is asked.
 * - What a backup left unsent may have been sent since: where it would end, it is unknown instead, until the device or a person says.
 *   A device that says of what was not sent that it acts on it, was told before the restore: its ledger says so to a select, too.
 * @param now  UTC milliseconds
 */
export function step(before: Command, event: CommandEvent, now: number): Stepped {
  const life = new Life(before, now)
  const refused = apply(life, event, now) ?? null
  return { command: life.command, transitions: life.transitions, refused }
}

/** A command on its way through one event, with the transitions so far. */
class Life {
  command: Command
  readonly transitions: CommandTransition[] = []
  readonly now: number

  constructor(command: Command, now: number) {
    this.command = command
    this.now = now
  }

  /** Without a transition: what concerns what is sent and when. */
  note(change: Partial<Command>): void {
    this.command = { ...this.command, ...change }
  }

  change(to: CommandState, cause: string, reason: string | null = null, change: Partial<Command> = {}): void {
    const { now, command } = this
    this.transitions.push({ from: command.state, to, at: now, cause, reason })
    const stateSince = to === command.state ? command.stateSince : now
    const changed = { ...command, ...change, state: to, stateSince, reason }
    this.command = { ...changed, ...timesOf(changed, now), quarantined: changed.quarantined && !isEnded(changed) }
  }
}

function apply(life: Life, event: CommandEvent, now: number): CommandRefusal | undefined {
  switch (event.kind) {
    case 'approved':
    case 'declined':
      return decide(life, event.kind, event.reason ?? null)
    case 'cancelled':
      return takeBack(life, 'cancelled', event.reason ?? null)
    case 'superseded':
      return takeBack(life, 'superseded', `superseded by ${event.by}`)
    case 'forbidden':
      return forbid(life, event.reason)
    case 'selecting':
      return select(life, event.controlNumber)
    case 'dispatching':
      return dispatch(life, event.controlNumber)
    case 'asking':
      return ask(life, event.controlNumber)
    case 'delivered':
      // The answer is awaited from the sending on, whatever the broker takes.
      if (life.command.state === 'dispatched') {
        const { sendAt, dueAt } = life.command
        life.change('delivered', 'delivered')
        life.note({ sendAt, dueAt })
      }
      return undefined
    case 'answered':
      return void hear(life, event.status, event.reason ?? null)
    case 'observed':
      return void see(life, event.effect, event.at)
    case 'due':
      if (life.command.dueAt !== null && life.command.dueAt <= now) letPass(life)
      return undefined
    case 'released':
      return release(life, event.as, event.reason)
    case 'unquarantined':
      if (isEnded(life.command)) return 'ended'
      if (!life.command.quarantined) return 'not-quarantined'
      if (isUnsent(life.command) && isExpired(life)) return 'expired'
      // Its number is of an epoch that is over: the device has seen greater ones, perhaps.
      return void life.change(life.command.state, 'unquarantined', event.reason, {
        ...{ quarantined: false, controlNumber: null },
      })
  }
}

const isExpired = ({ command, now }: Life): boolean => now >= command.expiresAt

function decide(life: Life, decision: 'approved' | 'declined', reason: string | null): CommandRefusal | undefined {
  if (isEnded(life.command)) return 'ended'
  if (life.command.state !== 'pending_approval') return 'not-pending'
  if (decision === 'declined') return void end(life, 'rejected', 'declined', reason)
  if (isExpired(life)) return 'expired'
  life.change('approved', 'approved', reason)
  life.change('queued', 'queued', reason)
  return undefined
}

/** No effect is possible yet. */
const isUnsent = ({ state }: Command): boolean =>
  state === 'pending_approval' || state === 'approved' || state === 'queued' || state === 'selected'

/** It was told to act, and has not said what came of it. */
const isAwaited = ({ state }: Command): boolean =>
  state === 'dispatched' || state === 'delivered' || state === 'accepted'

function takeBack(life: Life, to: 'cancelled' | 'superseded', reason: string | null): CommandRefusal | undefined {
  if (isEnded(life.command)) return 'ended'
  if (!isUnsent(life.command)) return 'too-late-to-take-back'
  if (life.command.quarantined && to === 'superseded') return 'quarantined'
  return void end(life, to, to, reason)
}

/** Ends what was not sent, as far as is known here. */
function end(
  life: Life,
  to: 'cancelled' | 'superseded' | 'rejected' | 'expired',
  cause: string,
  reason: string | null,
): void {
  if (!life.command.quarantined) return life.change(to, cause, reason)
  life.change('unknown', cause, `not sent before the backup, perhaps after it${reason === null ? '' : ` (${reason})`}`)
}

function forbid(life: Life, reason: string): CommandRefusal | undefined {
  if (isEnded(life.command)) return 'ended'
  if (isUnsent(life.command)) return void life.change('rejected', 'forbidden', reason)
  if (!isAwaited(life.command)) return 'too-late-to-take-back'
  return void life.change('unknown', 'forbidden', `not sent again: ${reason}`)
}

/** What anything that makes a device act must not pass. */
function unsendable(life: Life): CommandRefusal | undefined {
  if (isEnded(life.command)) return 'ended'
  if (life.command.quarantined) return 'quarantined'
  return isExpired(life) ? 'expired' : undefined
}

function select(life: Life, controlNumber: number): CommandRefusal | undefined {
  const { command } = life
  const refused = unsendable(life)
  if (refused) return refused
  if (command.state !== 'queued' || !mustSelect(command)) return 'not-possible'
  life.change('selected', 'selecting', null, { controlNumber: command.controlNumber ?? controlNumber, sendAt: null })
  return undefined
}

const mustSelect = ({ plan, capabilities }: Command): boolean => plan.needsSelect && capabilities.select

function dispatch(life: Life, controlNumber: number): CommandRefusal | undefined {
  const { command, now } = life
  const refused = unsendable(life)
  if (refused) return refused
  const { attempts, plan, capabilities } = command
  const sent = {
    attempts: attempts + 1,
    controlNumber: command.controlNumber ?? controlNumber,
    firstDispatchedAt: command.firstDispatchedAt ?? now,
  }
  if (isAwaited(command)) {
    if (!capabilities.ledger || attempts >= plan.mostAttempts) return 'not-possible'
    return void life.change(command.state === 'accepted' ? 'accepted' : 'dispatched', 'sent-again', null, sent)
  }
  const ready = mustSelect(command)
    ? command.state === 'selected' && command.sendAt !== null
    : command.state === 'queued'
  if (!ready) return 'not-possible'
  return void life.change('dispatched', 'dispatching', null, sent)
}

function ask(life: Life, controlNumber: number): CommandRefusal | undefined {
  const { command, now } = life
  if (isEnded(command)) return 'ended'
  if (!command.capabilities.ledger || !(command.state === 'unknown' || isAwaited(command))) return 'not-possible'
  const asked = command.asked + 1
  life.note({ asked, controlNumber: command.quarantined ? controlNumber : (command.controlNumber ?? controlNumber) })
  if (command.state === 'unknown') life.note({ sendAt: now + againAfterMs(command.plan, asked) })
  return undefined
}

function hear(life: Life, status: AckStatus, reason: string | null): void {
  const { command } = life
  if (isUnsent(command) && (status === 'accepted' || status === 'executed')) hearOfOperate(life, status, reason)
  else if (command.state === 'selected') hearOfSelect(life, status, reason)
  else if (isAwaited(command)) hearOfOperate(life, status, reason)
  else if (command.state === 'unknown') hearLate(life, status, reason)
}

function hearOfSelect(life: Life, status: AckStatus, reason: string | null): void {
  const { command, now } = life
  if (status === 'selected' && command.sendAt === null) life.change('selected', 'selected', reason, { sendAt: now })
  else if (status === 'expired') life.change('expired', 'refused-by-device', reason)
  else if (status === 'rejected' || status === 'failed' || status === 'not_done')
    life.change('rejected', 'refused-by-device', reason)
}

function hearOfOperate(life: Life, status: AckStatus, reason: string | null): void {
  switch (status) {
    case 'accepted':
      if (life.command.state !== 'accepted') life.change('accepted', 'accepted', reason)
      return
    case 'executed':
      return life.change('executed', 'executed', reason, { executedAt: life.now })
    case 'failed':
      return life.change('failed', 'failed', reason)
    case 'rejected':
    case 'expired':
      if (isOfCopy(life.command, status))
        return life.change('unknown', 'refused-by-device', `${status}, perhaps of a copy that came later`)
      return life.change(status, 'refused-by-device', reason)
    case 'not_done':
      if (life.command.capabilities.ledger) life.change('reconciled_not_done', 'not-done', reason)
      return
    case 'selected':
  }
}

const isOfCopy = (command: Command, status: 'rejected' | 'expired'): boolean =>
  !command.capabilities.ledger && (status === 'expired' || mustSelect(command))

function hearLate(life: Life, status: AckStatus, reason: string | null): void {
  const { plan, capabilities, executedAt } = life.command
  // It has said so before, and nothing of it was seen.
  if (executedAt !== null || status === 'accepted' || status === 'selected') return
  if (status === 'executed')
    life.change(plan.needsVerification ? 'executed' : 'reconciled_done', 'executed', reason, { executedAt: life.now })
  else if (capabilities.ledger) life.change('reconciled_not_done', status === 'not_done' ? 'not-done' : status, reason)
}

function see(life: Life, effect: boolean, at: number): void {
  const { state, requestedAt, firstDispatchedAt } = life.command
  if (at <= (firstDispatchedAt ?? requestedAt)) return
  if (state === 'executed' && life.command.plan.needsVerification && effect) life.change('verified', 'observed')
  if (state !== 'unknown') return
  if (effect) life.change('reconciled_done', 'observed')
  else if (isOver(life.command, at)) life.change('reconciled_not_done', 'observed')
}

/** It cannot act any more, at this instant, if it has not; and nobody can be asked who knows better than what is seen. */
const isOver = ({ capabilities, expiresAt, executedAt }: Command, at: number): boolean =>
  capabilities.expiry &&
  capabilities.clock &&
  at > expiresAt + clockToleranceMs &&
  (!capabilities.ledger || executedAt !== null)

function letPass(life: Life): void {
  const { command } = life
  if (command.state === 'executed')
    return life.change('unknown', 'due', 'it says that it acted, and nothing is seen of it')
  if (isAwaited(command)) return life.change('unknown', 'due', 'no answer')
  if (isExpired(life)) return end(life, 'expired', 'due', 'not sent before it expired')
  if (command.state === 'selected') life.change('queued', 'due', 'no answer to the select')
}

function release(
  life: Life,
  to: 'reconciled_done' | 'reconciled_not_done',
  reason: string,
): CommandRefusal | undefined {
  if (isEnded(life.command)) return 'ended'
  const { command } = life
  if (command.state !== 'unknown' && !(command.quarantined && isUnsent(command))) return 'not-unknown'
  return void life.change(to, 'released', reason)
}
