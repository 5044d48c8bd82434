import { randomUUID } from 'node:crypto'
import type { PoolClient } from 'pg'
import type { Access } from '../../../platform/access/access.ts'
import { may, type Identity } from '../../../platform/access/identity.ts'
import type { ProofPurpose } from '../../../platform/access/proof.ts'
import { lackOf } from '../../../platform/access/roles.ts'
import type { Approval } from '../../../platform/approval/approval.ts'
import type { Approvals } from '../../../platform/approval/approvals.ts'
import { wallClock } from '../../../platform/clock/clock.ts'
import type { Database } from '../../../platform/storage/database.ts'
import { queriesOf } from '../../../platform/storage/queries.ts'
import { planFor } from '../domain/classes.ts'
import { changeCommands, type CommandChange } from '../keeper/change-commands.ts'
import { bodyHashOf } from './body-hash.ts'
import { approvalBodyOf, commandKindName } from './command-approval.ts'
import { readRequest, requestHashOf, type CommandRequest, type ReadRequest } from './command-request.ts'
import { look, mostOpen, type Stands } from './look.ts'
import { recordingRefusal } from './record-refusal.ts'
import { refusedRequest, refuseForbidden } from './refusal.ts'
import { findRequest, insertRequest } from './request-repository.ts'

/** What commands are accepted on. */
export interface Accepting {
  readonly database: Database
  readonly access: Pick<Access, 'redeemProof' | 'holderOfProof' | 'recordAccess' | 'noteAccess'>
  readonly approvals: Pick<Approvals, 'proposeIn'>
}

/** Who asks: somebody whose session the server has found open, or whoever the proof names. */
export interface Requester {
  readonly identity?: Identity | undefined
  /** That the password was given again, for this request. */
  readonly proof?: string | undefined
  readonly address?: string | undefined
}

export interface Accepted {
  readonly commandId: string
  /** It was asked for before, with the same key: nothing was done. */
  readonly isRepeated: boolean
}

/**
 * Accepts a command: checks everything, and writes it with the first line of its history in one transaction, from which it is
 * dispatched. What is refused is no command, and is in the access log.
 * @param now  UTC milliseconds, by the platform's clock
 * @throws Problem 400, 401, 403, 404, 409: `code` says why, where there are several reasons
 */
export async function acceptCommand(
  accepting: Accepting,
  request: CommandRequest,
  requester: Requester,
  now: number,
): Promise<Accepted> {
  let { identity } = requester
  const { address, proof } = requester
  const subject = `${request.type} ${request.deviceId}`
  const tried = () => ({ identity, address })
  return recordingRefusal(accepting.access, subject, tried, async () => {
    identity ??= await holderOf(accepting, request, proof)
    if (!may(identity, 'operate')) throw refusedRequest(403, 'wrong-role', lackOf(identity.role, 'operate'))
    const author = { identity, address }
    // Before anything else: what was accepted is the same command for good, also when it has expired.
    const earlier = await askedBefore(accepting, request, author)
    if (earlier) return earlier
    const read = readRequest(request, now)
    if (requester.identity && read.of.needsProof) await redeem(accepting, request, identity, proof)
    const commandId = await enter(accepting, read, author, now)
    if (commandId !== undefined) return { commandId, isRepeated: false }
    return (await askedBefore(accepting, request, author))!
  })
}

/** What a proof for a command must say that it is for. */
const purposeOf = (request: CommandRequest): ProofPurpose => ({
  ...{ action: 'command', target: request.deviceId, bodyHash: requestHashOf(request) },
})

/** Who asks by a proof alone. @throws Problem 401 */
async function holderOf({ access }: Accepting, request: CommandRequest, proof: string | undefined): Promise<Identity> {
  if (proof === undefined) throw refusedRequest(401, 'proof-needed', 'no proof says who asks for it')
  const holder = await access.holderOfProof(proof, purposeOf(request))
  if (!holder) throw refusedRequest(401, 'proof-refused', proofRefused)
  return holder
}
const proofRefused = 'the proof is not for this request, or no longer'

/** @throws Problem 403 */
async function redeem(
  { access }: Accepting,
  request: CommandRequest,
  identity: Identity,
  proof?: string,
): Promise<void> {
  if (proof === undefined)
    throw refusedRequest(
      403,
      'proof-needed',
      `${request.type} takes a proof that the password was given again: POST /api/auth/proof`,
    )
  if (!(await access.redeemProof(proof, identity, purposeOf(request))))
    throw refusedRequest(403, 'proof-refused', proofRefused)
}

/** Who asks, once that is known. */
interface Author extends Requester {
  readonly identity: Identity
}

/** What was accepted of the same author with the same key. @throws Problem 409 where the key was used for something else */
async function askedBefore(
  { database }: Accepting,
  request: CommandRequest,
  { identity }: Author,
): Promise<Accepted | undefined> {
  const key = request.idempotencyKey
  const found = await findRequest(database, identity.username, key)
  if (!found) return undefined
  const { commandId, requestHash } = found
  if (requestHash !== requestHashOf(request))
    throw refusedRequest(409, 'key-used', `the key ${key} was used for another request: command ${commandId}`)
  return { commandId, isRepeated: true }
}

/** Somebody used the key at the same moment: what was written is rolled back. */
class KeyUsed extends Error {}

/** @returns the id of the command; undefined where somebody used the key at the same moment */
async function enter(
  accepting: Accepting,
  read: ReadRequest,
  author: Author,
  now: number,
): Promise<string | undefined> {
  try {
    return await accepting.database.transaction((client) => write(accepting, client, read, author, now))
  } catch (error) {
    if (error instanceof KeyUsed) return undefined
    throw error
  }
}

async function write(
  { approvals }: Accepting,
  client: PoolClient,
  read: ReadRequest,
  author: Author,
  now: number,
): Promise<string> {
  const queries = queriesOf(client)
  const { device, capabilities, superseded, ...stands } = await look(queries, read, now)
  // Whoever was faster with the same key has the command: nothing stands against it that came of it.
  if (await findRequest(queries, author.identity.username, read.idempotencyKey)) throw new KeyUsed()
  refuseWhatStands({ superseded, ...stands })
  const commandId = randomUUID()
  const { deviceId, of, args, expiresAt, reason, requestHash, idempotencyKey } = read
  const body = { commandId, deviceId, type: of.type, args, expiresAt }
  const plan = planFor(of, capabilities)
  const approval = plan.needsApproval ? await propose(approvals, client, body, read, author, now) : null
  const kept = { feederId: device.feederId, requestReason: reason, approvalId: approval?.approvalId ?? null }
  const by = { username: author.identity.username }
  const changes: CommandChange[] = [
    { made: { ...body, ...kept, plan, capabilities, bodyHash: bodyHashOf(body) }, by },
    ...superseded.map((each) => ({ commandId: each, event: { kind: 'superseded', by: commandId } as const, by })),
  ]
  await changeCommands(client, changes, now)
  if (!(await insertRequest(queries, by.username, idempotencyKey, { commandId, requestHash }))) throw new KeyUsed()
  return commandId
}

/** Another one may agree to it until it expires: by the wall's clock, as all that persons decide. */
function propose(
  approvals: Accepting['approvals'],
  client: PoolClient,
  body: Parameters<typeof approvalBodyOf>[0],
  { expiresAt }: ReadRequest,
  { identity, address = '' }: Author,
  now: number,
): Promise<Approval> {
  const until = { evidence: `command ${body.commandId}`, expiresAt: wallClock.now() + expiresAt - now }
  const proposal = { kind: commandKindName, body: approvalBodyOf(body), ...until }
  return approvals.proposeIn(client, proposal, { identity, address })
}

/** @throws Problem 409 */
export function refuseWhatStands({
  open,
  superseded,
  forbidden,
}: Pick<Stands, 'open' | 'superseded' | 'forbidden'>): void {
  const inDoubt = open.find(({ state, isQuarantined }) => state === 'unknown' || isQuarantined)
  if (inDoubt)
    throw refusedRequest(
      409,
      'device-in-doubt',
      `nobody knows what became of command ${inDoubt.commandId}: it is reconciled, or somebody releases it, first`,
    )
  if (open.length - superseded.length >= mostOpen)
    throw refusedRequest(409, 'too-many', `${mostOpen} commands of the device wait already`)
  refuseForbidden(forbidden)
}
