import { Type, type Static } from '@sinclair/typebox'
import type { PoolClient } from 'pg'
import { approvalKindOf, type Approval, type ApprovalKind } from '../../../platform/approval/approval.ts'
import { platformClock } from '../../../platform/clock/clock.ts'
import { OneOf } from '../../../platform/http/fields.ts'
import { conflict } from '../../../platform/http/problem.ts'
import { queriesOf } from '../../../platform/storage/queries.ts'
import { commandTypes } from '../../../platform/wire/command.ts'
import type { Command, CommandEvent } from '../domain/command.ts'
import { forbidding } from '../interlocks/forbidding.ts'
import { changeCommands } from '../keeper/change-commands.ts'
import { commandById } from '../keeper/command-repository.ts'
import { affectedBy } from './affected.ts'
import { bodyHashOf } from './body-hash.ts'
import { problemOfRefusal, refuseForbidden } from './refusal.ts'

export const commandKindName = 'commands/command'

const ApprovalBody = Type.Object({
  commandId: Type.String({ format: 'uuid', description: 'A command that waits for it' }),
  deviceId: Type.String(),
  type: OneOf(commandTypes, 'What the device is to do'),
  expiresAt: Type.String({ format: 'date-time' }),
  bodyHash: Type.String({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256 of device, type, arguments and expiry' }),
})
type ApprovalBody = Static<typeof ApprovalBody>

/**
 * What of a command is approved. Arguments and reasons stand with the command, where those see them who may; the hash is over the
 * arguments, too.
 */
export const approvalBodyOf = (
  command: Pick<Command, 'commandId' | 'deviceId' | 'type' | 'args' | 'expiresAt'>,
): ApprovalBody => {
  const { commandId, deviceId, type, expiresAt } = command
  return { commandId, deviceId, type, expiresAt: new Date(expiresAt).toISOString(), bodyHash: bodyHashOf(command) }
}

/**
 * A command that takes two persons. It is proposed with the command that waits for it; what else is proposed under this name belongs
 * to no command, and cannot be approved.
 */
export const commandKind: ApprovalKind = approvalKindOf({
  kind: commandKindName,
  summary: 'Let a command be sent that takes two persons',
  body: ApprovalBody,
  right: { propose: 'operate', decide: 'approve' },
  async effect(queries, { deviceId, type }, asOf) {
    const notComputable = 'a command itself moves no money'
    return { deltaBrl: null, notComputable, ...(await affectedBy(queries, { deviceId, type }, asOf)) }
  },
  async apply(client, body, approval) {
    const command = await proposedCommand(client, body, approval)
    refuseForbidden(await forbidding(queriesOf(client), command, platformClock.now()))
    const refused = await happen(client, body, { kind: 'approved' }, approval)
    if (refused) throw problemOfRefusal(refused, body.commandId)
  },
  async decline(client, body, approval) {
    const command = await commandById(queriesOf(client), body.commandId)
    if (command?.approvalId !== approval.approvalId) return
    const kind = approval.status === 'withdrawn' ? 'cancelled' : 'declined'
    // One that has ended meanwhile stays as it is.
    await happen(client, body, { kind, ...(approval.reason !== null && { reason: approval.reason }) }, approval)
  },
})

/** @throws Problem 409 where what would be sent is not what was proposed */
async function proposedCommand(client: PoolClient, body: ApprovalBody, { approvalId }: Approval): Promise<Command> {
  const command = await commandById(queriesOf(client), body.commandId)
  if (command?.approvalId !== approvalId) throw conflict(`command ${body.commandId} does not wait for this approval`)
  if (bodyHashOf(command) !== body.bodyHash || command.bodyHash !== body.bodyHash)
    throw conflict(`command ${body.commandId} is not what was proposed`)
  return command
}

async function happen(client: PoolClient, { commandId }: ApprovalBody, event: CommandEvent, { decidedBy }: Approval) {
  const change = { commandId, event, by: { username: decidedBy! } }
  const [changed] = await changeCommands(client, [change], platformClock.now())
  return changed!.refused
}
