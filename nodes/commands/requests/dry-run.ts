import { may, type Identity } from '../../../platform/access/identity.ts'
import { lackOf } from '../../../platform/access/roles.ts'
import { Problem } from '../../../platform/http/problem.ts'
import type { Database } from '../../../platform/storage/database.ts'
import { queriesOf } from '../../../platform/storage/queries.ts'
import { planFor } from '../domain/classes.ts'
import type { CommandPlan, DeviceCapabilities } from '../domain/command.ts'
import type { Forbidden } from '../interlocks/interlock.ts'
import { refuseWhatStands } from './accept.ts'
import { affectedBy, type Affected } from './affected.ts'
import { readRequest, type CommandRequest } from './command-request.ts'
import { look, type Stands } from './look.ts'
import { refusedRequest } from './refusal.ts'

/** What would become of a request. */
export interface DryRun {
  /** What a proof for it is bound to. */
  readonly requestHash: string
  readonly needsProof: boolean
  readonly expiresAt: number
  readonly plan: CommandPlan
  readonly capabilities: DeviceCapabilities
  /** Null: it would be refused. */
  readonly state: 'pending_approval' | 'queued' | null
  /** Why it would be refused, as it would be said. */
  readonly refusal: { readonly code: string; readonly detail: string } | null
  /** Each interlock and tag that forbids it. */
  readonly forbidden: readonly Forbidden[]
  /** Commands of the device that would be sent before. */
  readonly waitsFor: readonly string[]
  readonly supersedes: readonly string[]
  readonly affected: Affected
}

/**
 * Says what would become of a request, and leaves no trace.
 * @param now  UTC milliseconds, by the platform's clock
 * @throws Problem 400, 403, 404
 */
export async function dryRun(
  database: Database,
  request: CommandRequest,
  identity: Identity,
  now: number,
): Promise<DryRun> {
  if (!may(identity, 'operate')) throw refusedRequest(403, 'wrong-role', lackOf(identity.role, 'operate'))
  const read = readRequest(request, now)
  const { of, expiresAt, requestHash } = read
  return database.transaction(async (client) => {
    const queries = queriesOf(client)
    const stands = await look(queries, read, now)
    const { capabilities, open, superseded, forbidden } = stands
    const plan = planFor(of, capabilities)
    const refusal = refusalOf(stands)
    return {
      ...{ requestHash, needsProof: of.needsProof, expiresAt, plan, capabilities, refusal, forbidden },
      state: refusal ? null : plan.needsApproval ? 'pending_approval' : 'queued',
      waitsFor: open.map(({ commandId }) => commandId).filter((commandId) => !superseded.includes(commandId)),
      supersedes: superseded,
      affected: await affectedBy(queries, { deviceId: read.deviceId, type: of.type }, now),
    }
  })
}

function refusalOf(stands: Stands): DryRun['refusal'] {
  try {
    refuseWhatStands(stands)
    return null
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return { code: error.code!, detail: error.message }
  }
}
