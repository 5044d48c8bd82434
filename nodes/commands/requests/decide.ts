import { lackOf, type Right } from '../../../platform/access/roles.ts'
import { may, type Identity } from '../../../platform/access/identity.ts'
import type { Access } from '../../../platform/access/access.ts'
import type { Approvals } from '../../../platform/approval/approvals.ts'
import { recorded } from '../../../platform/approval/recorded.ts'
import { notFound } from '../../../platform/http/problem.ts'
import type { Database } from '../../../platform/storage/database.ts'
import type { CommandEvent } from '../domain/command.ts'
import { changeCommands } from '../keeper/change-commands.ts'
import { commandById } from '../keeper/command-repository.ts'
import type { KeptCommand } from '../keeper/kept-command.ts'
import { recordingRefusal } from './record-refusal.ts'
import { problemOfRefusal, refusedRequest } from './refusal.ts'

/** What decisions on commands stand on. */
export interface Deciding {
  readonly database: Database
  readonly access: Pick<Access, 'recordAccess' | 'noteAccess'>
  readonly approvals: Pick<Approvals, 'get' | 'approve' | 'reject' | 'withdraw'>
}

/** Who decides: somebody whose session the server has found open. */
export interface Decider {
  readonly identity: Identity
  readonly address: string
}

/** How somebody ends a doubt: it was done, or it was not; or what a backup left is to be sent. */
export const releases = ['done', 'not_done', 'send'] as const
export type Release = (typeof releases)[number]

/**
 * Lets a command be sent that another one asked for.
 * @param bodyHash  of the command, as the approver was shown it
 * @throws Problem 403, 404, 409
 */
export async function approveCommand(
  deciding: Deciding,
  commandId: string,
  bodyHash: string,
  by: Decider,
): Promise<void> {
  const { approvals, access } = deciding
  await trying(deciding, 'approve', commandId, by, 'approve', async () => {
    const { approvalId, bodyHash: stands } = await pendingCommand(deciding, commandId)
    if (bodyHash !== stands)
      throw refusedRequest(409, 'another-body', `command ${commandId} has the hash ${stands}, and not the one given`)
    const { approval } = await approvals.get(approvalId)
    const approve = () => approvals.approve(approvalId, { bodyHash: approval.bodyHash }, by)
    await recorded(access, 'approved', `approval ${approvalId}`, by, approve)
  })
}

/** @throws Problem 403, 404, 409 */
export async function rejectCommand(deciding: Deciding, commandId: string, reason: string, by: Decider): Promise<void> {
  await trying(deciding, 'reject', commandId, by, 'approve', async () => {
    const { approvalId } = await pendingCommand(deciding, commandId)
    await reject(deciding, approvalId, reason, by)
  })
}

/**
 * Takes a command back that no device has heard of. One that waits for an approval is withdrawn by whoever asked for it; for others
 * that is to reject it.
 * @throws Problem 403, 404, 409
 */
export async function cancelCommand(
  deciding: Deciding,
  commandId: string,
  reason: string,
  by: Decider,
  now: number,
): Promise<void> {
  const { approvals, access } = deciding
  await trying(deciding, 'cancel', commandId, by, 'operate', async () => {
    const { state, approvalId, requestedBy } = await knownCommand(deciding, commandId)
    if (state !== 'pending_approval' || approvalId === null)
      return happen(deciding, commandId, { kind: 'cancelled', reason }, by, now)
    if (requestedBy.toLowerCase() !== by.identity.username.toLowerCase())
      return reject(deciding, approvalId, reason, by)
    const withdraw = () => approvals.withdraw(approvalId, reason, by)
    await recorded(access, 'withdrawn', `approval ${approvalId}`, by, withdraw)
  })
}

/** Ends a doubt about a command, and with it gives its device free. @throws Problem 403, 404, 409 */
export async function releaseCommand(
  deciding: Deciding,
  commandId: string,
  { as, reason }: { readonly as: Release; readonly reason: string },
  by: Decider,
  now: number,
): Promise<void> {
  const event: CommandEvent =
    as === 'send'
      ? { kind: 'unquarantined', reason }
      : { kind: 'released', as: as === 'done' ? 'reconciled_done' : 'reconciled_not_done', reason }
  await trying(deciding, 'release', commandId, by, 'approve', () => happen(deciding, commandId, event, by, now))
}

/** What lacks the right, and whatever else is refused, is in the access log. */
const trying = (
  { access }: Deciding,
  what: string,
  commandId: string,
  by: Decider,
  right: Right,
  work: () => Promise<void>,
): Promise<void> =>
  recordingRefusal(
    access,
    `${what} ${commandId}`,
    () => by,
    async () => {
      if (!may(by.identity, right)) throw refusedRequest(403, 'wrong-role', lackOf(by.identity.role, right))
      await work()
    },
  )

async function knownCommand({ database }: Deciding, commandId: string): Promise<KeptCommand> {
  const command = await commandById(database, commandId)
  if (!command) throw notFound('command', 'path.commandId', commandId)
  return command
}

async function pendingCommand(
  deciding: Deciding,
  commandId: string,
): Promise<KeptCommand & { readonly approvalId: number }> {
  const command = await knownCommand(deciding, commandId)
  const { state, approvalId } = command
  if (state !== 'pending_approval' || approvalId === null) throw problemOfRefusal('not-pending', commandId)
  return { ...command, approvalId }
}

async function reject({ approvals, access }: Deciding, approvalId: number, reason: string, by: Decider): Promise<void> {
  await recorded(access, 'rejected', `approval ${approvalId}`, by, () => approvals.reject(approvalId, reason, by))
}

async function happen(
  { database }: Deciding,
  commandId: string,
  event: CommandEvent,
  { identity: { username } }: Decider,
  now: number,
): Promise<void> {
  const change = { commandId, event, by: { username } }
  const [changed] = await database.transaction((client) => changeCommands(client, [change], now))
  if (changed!.refused === 'unknown-command') throw notFound('command', 'path.commandId', commandId)
  if (changed!.refused) throw problemOfRefusal(changed!.refused, commandId)
}
