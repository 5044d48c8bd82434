import { DatabaseError, type PoolClient } from 'pg'
import { may, type Identity } from '../access/identity.ts'
import { lackOf, type Right } from '../access/roles.ts'
import { platformClock, type Clock } from '../clock/clock.ts'
import { badField, conflict, faultOf, notFound, Problem, titleOf } from '../http/problem.ts'
import { partCheck } from '../http/request-check.ts'
import { canonicalJson, sha256Of } from '../storage/canonical-json.ts'
import type { Database } from '../storage/database.ts'
import { queriesOf, type Queries } from '../storage/queries.ts'
import {
  countOpenProposals,
  expireProposals,
  findApproval,
  findOpenProposal,
  insertDecision,
  insertProposal,
  insertTransition,
  listApprovals,
  lockApproval,
  transitionsOf,
  userIdOf,
  type ApprovalFilter,
  type ApprovalTransition,
  type Decision,
  type Person,
  type StoredApproval,
} from './approval-repository.ts'
import { hasMoved, type Approval, type ApprovalEffect, type ApprovalKind, type KeptEffect } from './approval.ts'

const hourMs = 3_600_000
/** Whoever floods the others with proposals is stopped here. */
const mostOpenOfOne = 200

export interface Proposal {
  readonly kind: string
  readonly body: unknown
  readonly evidence: string
  readonly expiresInHours: number
}

/** A proposal that is made with what it is about. */
export interface ProposalUntil extends Omit<Proposal, 'expiresInHours'> {
  /** UTC milliseconds of the wall's clock. */
  readonly expiresAt: number
}

/** Who asks. */
export interface Actor {
  readonly identity: Identity | undefined
  readonly address: string
}

/** How a proposal is bound: what was approved is what was seen. */
export const hashOf = (kind: string, body: unknown): string => sha256Of(canonicalJson({ kind, body }))

/**
 * What takes two persons. The instants are the wall's: who decided when, and until when somebody may, concerns persons, and a
 * simulated clock that runs a year in minutes would let every proposal expire unread (as tokens and the access log have it).
 */
export class Approvals {
  #database: Database
  #kinds: () => ReadonlyMap<string, ApprovalKind>
  #clock: Clock
  #checks = new WeakMap<ApprovalKind, (body: unknown) => void>()

  constructor(database: Database, kinds: () => ReadonlyMap<string, ApprovalKind>, clock: Clock) {
    this.#database = database
    this.#kinds = kinds
    this.#clock = clock
  }

  get kinds(): readonly ApprovalKind[] {
    return [...this.#kinds().values()]
  }

  /** Computes what it would change, and keeps it for another one to decide. @throws Problem */
  async propose({ expiresInHours, ...proposal }: Proposal, actor: Actor): Promise<Approval> {
    const kind = this.#kindNamed(proposal.kind)
    allowed(actor, kind.right.propose)
    const proposedAt = this.#clock.now()
    await expireProposals(this.#database, proposedAt)
    return this.#transaction(kind, (client) =>
      this.proposeIn(client, { ...proposal, expiresAt: proposedAt + expiresInHours * hourMs }, actor),
    )
  }

  /** The same in a transaction with what it is about: both come to be, or neither. @throws Problem */
  async proposeIn(client: PoolClient, proposal: ProposalUntil, actor: Actor): Promise<Approval> {
    const { kind: name, body, evidence, expiresAt } = proposal
    const kind = this.#kindNamed(name)
    const identity = allowed(actor, kind.right.propose)
    this.#check(kind)(body)
    const proposedAt = this.#clock.now()
    if (expiresAt <= proposedAt) throw conflict('it expires before anybody could decide on it')
    const queries = queriesOf(client)
    const by = await personOf(queries, identity, actor)
    if ((await countOpenProposals(queries, by.userId)) >= mostOpenOfOne)
      throw conflict(
        `${mostOpenOfOne} proposals of ${identity.username} wait already: some must be decided or withdrawn first`,
      )
    const effect = await effectOf(kind, queries, body, platformClock.now())
    const bodyHash = hashOf(name, body)
    const written = { kind: name, body, bodyHash, evidence: evidence.trim(), effect, proposedAt, expiresAt }
    const approvalId = await insertProposal(queries, written, by)
    if (approvalId === undefined) throw await proposedAlready(queries, name, bodyHash)
    const began = { at: proposedAt, fromStatus: null, toStatus: 'proposed', reason: null } as const
    await insertTransition(queries, approvalId, began, by)
    return (await findApproval(queries, approvalId))!
  }

  /**
   * Does what was proposed, if it is what the approver saw and changes what the approver saw.
   * @param bodyHash           of the proposal, as the approver was shown it
   * @param confirmedDeltaBrl  the approver knows that it changes this much by now, R$
   * @throws Problem 403, 404, 409
   */
  async approve(
    approvalId: number,
    { bodyHash, confirmedDeltaBrl }: { bodyHash: string; confirmedDeltaBrl?: number | null },
    actor: Actor,
  ): Promise<Approval> {
    return this.#decide(approvalId, actor, 'decide', async (proposal, kind, by, client) => {
      if (isSame(by, proposal)) throw forbidden('whoever proposed it cannot approve it')
      if (bodyHash !== proposal.bodyHash)
        throw conflict(`what is proposed has the hash ${proposal.bodyHash}, and not the one given`)
      const effect = await effectAgain(kind, queriesOf(client), proposal)
      const expected = confirmedDeltaBrl === undefined ? proposal.effect.deltaBrl : confirmedDeltaBrl
      if (hasMoved(expected, effect.deltaBrl)) throw moved(expected, effect)
      const decision = { status: 'approved', reason: null, effect, at: this.#clock.now() } as const
      const approved = await this.#write(queriesOf(client), approvalId, decision, by)
      await kind.apply(client, proposal.body, approved)
      return approved
    })
  }

  /** @throws Problem 403, 404, 409 */
  async reject(approvalId: number, reason: string, actor: Actor): Promise<Approval> {
    return this.#decide(approvalId, actor, 'decide', async (_proposal, kind, by, client) => {
      const decision = { status: 'rejected', reason: reason.trim(), effect: null, at: this.#clock.now() } as const
      return this.#decline(client, kind, approvalId, decision, by)
    })
  }

  /** By its author. @throws Problem 403, 404, 409 */
  async withdraw(approvalId: number, reason: string | null, actor: Actor): Promise<Approval> {
    return this.#decide(approvalId, actor, 'propose', async (proposal, kind, by, client) => {
      if (proposal.proposedById !== by.userId) throw forbidden('only whoever proposed it can withdraw it')
      const decision = {
        status: 'withdrawn',
        reason: reason?.trim() || null,
        effect: null,
        at: this.#clock.now(),
      } as const
      return this.#decline(client, kind, approvalId, decision, by)
    })
  }

  /** One, and what became of it. @throws Problem 404 */
  async get(approvalId: number): Promise<{ approval: Approval; history: ApprovalTransition[] }> {
    await expireProposals(this.#database, this.#clock.now())
    const approval = await findApproval(this.#database, approvalId)
    if (!approval) throw noApproval(approvalId)
    return { approval, history: await transitionsOf(this.#database, approvalId) }
  }

  /** What it would change if it were approved now. @throws Problem where it could not be */
  async effectNow(proposal: Approval): Promise<KeptEffect> {
    const kind = this.#kindNamed(proposal.kind)
    return this.#transaction(kind, (client) => effectAgain(kind, queriesOf(client), proposal))
  }

  /** The newest first. @param before the number before which to begin; null: at the newest */
  async list(filter: ApprovalFilter, before: number | null, limit: number): Promise<Approval[]> {
    await expireProposals(this.#database, this.#clock.now())
    return listApprovals(this.#database, filter, before, limit)
  }

  async #decide(
    approvalId: number,
    actor: Actor,
    step: 'propose' | 'decide',
    work: (proposal: StoredApproval, kind: ApprovalKind, by: Person, client: PoolClient) => Promise<StoredApproval>,
  ): Promise<Approval> {
    const kind = this.#kindNamed((await this.get(approvalId)).approval.kind)
    return this.#transaction(kind, async (client) => {
      const queries = queriesOf(client)
      const proposal = await locked(queries, approvalId)
      const by = await personOf(queries, allowed(actor, kind.right[step]), actor)
      if (proposal.status !== 'proposed') throw decided(proposal)
      return work(proposal, kind, by, client)
    })
  }

  #transaction<T>({ atOneInstant }: ApprovalKind, work: (client: PoolClient) => Promise<T>): Promise<T> {
    return this.#database.transaction(async (client) => {
      if (atOneInstant) await client.query('set transaction isolation level repeatable read')
      return work(client)
    })
  }

  async #decline(
    client: PoolClient,
    kind: ApprovalKind,
    approvalId: number,
    decision: Decision,
    by: Person,
  ): Promise<StoredApproval> {
    const declined = await this.#write(queriesOf(client), approvalId, decision, by)
    await kind.decline?.(client, declined.body, declined)
    return declined
  }

  async #write(queries: Queries, approvalId: number, decision: Decision, by: Person): Promise<StoredApproval> {
    const { at, status: toStatus, reason } = decision
    const written = await insertDecision(queries, approvalId, decision, by)
    await insertTransition(queries, approvalId, { at, fromStatus: 'proposed', toStatus, reason }, by)
    return written
  }

  #kindNamed(name: string): ApprovalKind {
    const kind = this.#kinds().get(name)
    if (!kind) throw badField('body.kind', name, `must be one of ${[...this.#kinds().keys()].join(', ')}`)
    return kind
  }

  #check(kind: ApprovalKind): (body: unknown) => void {
    const check = this.#checks.get(kind) ?? partCheck(kind.body, 'body.body')
    this.#checks.set(kind, check)
    return check
  }
}

async function effectOf(kind: ApprovalKind, queries: Queries, body: unknown, asOf: number): Promise<KeptEffect> {
  return { ...(await kind.effect(queries, body, asOf)), asOf: new Date(asOf).toISOString() }
}

const effectAgain = (kind: ApprovalKind, queries: Queries, { body, effect }: Approval): Promise<KeptEffect> =>
  effectOf(kind, queries, body, Date.parse(effect.asOf))

/** @throws Problem 403 */
function allowed({ identity }: Actor, right: Right): Identity {
  if (!identity) throw new Problem(401)
  if (!may(identity, right)) throw forbidden(lackOf(identity.role, right))
  return identity
}

/** @throws Problem 403 where the user is gone by now */
async function personOf(queries: Queries, identity: Identity, { address }: Actor): Promise<Person> {
  const userId = await userIdOf(queries, identity.username)
  if (userId === undefined) throw forbidden(`there is no user ${identity.username} any more`)
  return { identity, userId, address }
}

const isSame = ({ userId, identity }: Person, { proposedById, proposedBy }: StoredApproval): boolean =>
  userId === proposedById || identity.username.toLowerCase() === proposedBy.toLowerCase()

async function locked(queries: Queries, approvalId: number): Promise<StoredApproval> {
  try {
    const proposal = await lockApproval(queries, approvalId)
    if (!proposal) throw noApproval(approvalId)
    return proposal
  } catch (error) {
    if (error instanceof DatabaseError && [lockNotAvailable, changedMeanwhile].includes(error.code ?? ''))
      throw conflict('somebody else is deciding on it at this moment')
    throw error
  }
}
const [lockNotAvailable, changedMeanwhile] = ['55P03', '40001']

async function proposedAlready(queries: Queries, kind: string, bodyHash: string): Promise<Problem> {
  const open = await findOpenProposal(queries, kind, bodyHash)
  return conflict(
    open
      ? `the same is proposed already: approval ${open.approvalId}, by ${open.proposedBy}`
      : 'the same is being proposed',
  )
}

const decided = ({ status, decidedBy }: Approval): Problem =>
  conflict(decidedBy === null ? `it is ${status}` : `it is ${status} by ${decidedBy}`)

/** It changes something else by now than the approver saw. */
const moved = (expected: number | null, { deltaBrl, notComputable }: ApprovalEffect): Problem =>
  new Problem(409, titleOf(409), {
    detail: `it changes ${moneyOf(deltaBrl, notComputable)} now, and not ${moneyOf(expected)}: look at it again, and approve with confirmedDeltaBrl`,
    errors: [faultOf('body.confirmedDeltaBrl', deltaBrl, 'is what it changes now, R$')],
  })

const moneyOf = (brl: number | null, why?: string): string =>
  brl === null ? `an amount that cannot be computed${why === undefined ? '' : ` (${why})`}` : `R$ ${brl.toFixed(2)}`

const forbidden = (detail: string): Problem => new Problem(403, titleOf(403), { detail })

const noApproval = (approvalId: number): Problem => notFound('approval', 'path.approvalId', approvalId)
