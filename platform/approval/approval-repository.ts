import type { Identity } from '../access/identity.ts'
import type { Queries } from '../storage/queries.ts'
import type { Approval, ApprovalStatus, KeptEffect } from './approval.ts'

/** Who does something: as the session says, and the user's number. */
export interface Person {
  readonly identity: Pick<Identity, 'username' | 'role' | 'sessionId'>
  readonly userId: number
  readonly address: string
}

/** What became of a proposal, when and by whom. */
export interface ApprovalTransition {
  readonly at: number
  readonly fromStatus: ApprovalStatus | null
  readonly toStatus: ApprovalStatus
  readonly username: string | null
  readonly role: string | null
  readonly address: string | null
  readonly reason: string | null
}

export interface StoredApproval extends Approval {
  readonly proposedById: number
}

const ms = (column: string): string => `(extract(epoch from ${column}) * 1000)::float8`
const columns = `approval_id::float8 as "approvalId", kind, body, body_hash as "bodyHash", evidence, effect,
  decided_effect as "decidedEffect", proposed_by as "proposedBy", proposed_by_id as "proposedById",
  ${ms('proposed_at')} as "proposedAt", ${ms('expires_at')} as "expiresAt", status, decided_by as "decidedBy",
  ${ms('decided_at')} as "decidedAt", reason`

/** The number of a user by name. @returns undefined for one that is gone */
export async function userIdOf(queries: Queries, username: string): Promise<number | undefined> {
  const [row] = await queries.query<{ userId: number }>(
    `select user_id as "userId" from user_account where lower(username) = lower($1)`,
    [username],
  )
  return row?.userId
}

/** @returns its number; undefined where the same is proposed already @param expiresAt UTC ms @param at UTC ms */
export async function insertProposal(
  queries: Queries,
  proposal: Pick<Approval, 'kind' | 'body' | 'bodyHash' | 'evidence' | 'effect' | 'proposedAt' | 'expiresAt'>,
  by: Person,
): Promise<number | undefined> {
  const { kind, body, bodyHash, evidence, effect, proposedAt, expiresAt } = proposal
  const [row] = await queries.query<{ approvalId: number }>(
    `insert into approval (kind, body, body_hash, evidence, effect, proposed_by, proposed_by_id, proposed_at, expires_at)
     values ($1, $2::jsonb, $3, $4, $5::jsonb, $6, $7, to_timestamp($8::float8 / 1000), to_timestamp($9::float8 / 1000))
     on conflict (kind, body_hash) where status = 'proposed' do nothing
     returning approval_id::float8 as "approvalId"`,
    [
      ...[kind, JSON.stringify(body), bodyHash, evidence, JSON.stringify(effect), by.identity.username, by.userId],
      ...[proposedAt, expiresAt],
    ],
  )
  return row?.approvalId
}

/** The proposal of this that waits. */
export async function findOpenProposal(
  queries: Queries,
  kind: string,
  bodyHash: string,
): Promise<StoredApproval | undefined> {
  const [row] = await queries.query<StoredApproval>(
    `select ${columns} from approval where kind = $1 and body_hash = $2 and status = 'proposed'`,
    [kind, bodyHash],
  )
  return row
}

/** Proposals of a user that wait. */
export async function countOpenProposals(queries: Queries, userId: number): Promise<number> {
  const [row] = await queries.query<{ count: number }>(
    `select count(*)::int as count from approval where proposed_by_id = $1 and status = 'proposed'`,
    [userId],
  )
  return row!.count
}

export async function findApproval(queries: Queries, approvalId: number): Promise<StoredApproval | undefined> {
  const [row] = await queries.query<StoredApproval>(`select ${columns} from approval where approval_id = $1`, [
    approvalId,
  ])
  return row
}

/** The proposal, and nobody else decides on it before this transaction ends. @throws DatabaseError 55P03 where somebody does already */
export async function lockApproval(queries: Queries, approvalId: number): Promise<StoredApproval | undefined> {
  const [row] = await queries.query<StoredApproval>(
    `select ${columns} from approval where approval_id = $1 for update nowait`,
    [approvalId],
  )
  return row
}

export interface ApprovalFilter {
  readonly kind: string | null
  readonly status: ApprovalStatus | null
  readonly proposedBy: string | null
}

/** The newest first. @param before the number before which to begin; null: at the newest */
export const listApprovals = (
  queries: Queries,
  { kind, status, proposedBy }: ApprovalFilter,
  before: number | null,
  limit: number,
): Promise<StoredApproval[]> =>
  queries.query(
    `select ${columns} from approval
     where ($1::bigint is null or approval_id < $1) and ($2::text is null or kind = $2)
       and ($3::approval_status is null or status = $3) and ($4::text is null or lower(proposed_by) = lower($4))
     order by approval_id desc limit $5`,
    [before, kind, status, proposedBy, limit],
  )

export interface Decision {
  readonly status: Exclude<ApprovalStatus, 'proposed' | 'expired'>
  readonly reason: string | null
  readonly effect: KeptEffect | null
  /** UTC ms. */
  readonly at: number
}

/** Writes a decision. @returns it as it is now */
export async function insertDecision(
  queries: Queries,
  approvalId: number,
  { status, reason, effect, at }: Decision,
  by: Person,
): Promise<StoredApproval> {
  const [row] = await queries.query<StoredApproval>(
    `update approval set status = $2, reason = $3, decided_effect = $4::jsonb, decided_by = $5, decided_by_id = $6,
       decided_at = to_timestamp($7::float8 / 1000)
     where approval_id = $1 returning ${columns}`,
    [approvalId, status, reason, effect && JSON.stringify(effect), by.identity.username, by.userId, at],
  )
  return row!
}

/** Proposals whose time ran out expire, each with its transition. @param now UTC ms */
export async function expireProposals(queries: Queries, now: number): Promise<void> {
  await queries.query(
    `with expired as (
       update approval set status = 'expired', decided_at = expires_at
       where approval_id in (
         select approval_id from approval where status = 'proposed' and expires_at <= to_timestamp($1::float8 / 1000)
         for update skip locked)
       returning approval_id, expires_at)
     insert into approval_transition (approval_id, at, from_status, to_status)
     select approval_id, expires_at, 'proposed', 'expired' from expired`,
    [now],
  )
}

/** @param at UTC ms */
export async function insertTransition(
  queries: Queries,
  approvalId: number,
  transition: Pick<ApprovalTransition, 'at' | 'fromStatus' | 'toStatus' | 'reason'>,
  { identity, address }: Person,
): Promise<void> {
  const { at, fromStatus, toStatus, reason } = transition
  await queries.query(
    `insert into approval_transition (approval_id, at, from_status, to_status, username, role, session_id, address, reason)
     values ($1, to_timestamp($2::float8 / 1000), $3, $4, $5, $6, $7, $8, $9)`,
    [approvalId, at, fromStatus, toStatus, identity.username, identity.role, identity.sessionId, address, reason],
  )
}

/** What became of a proposal, in order. */
export const transitionsOf = (queries: Queries, approvalId: number): Promise<ApprovalTransition[]> =>
  queries.query(
    `select ${ms('at')} as at, from_status as "fromStatus", to_status as "toStatus", username, role, address, reason
     from approval_transition where approval_id = $1 order by transition_id`,
    [approvalId],
  )
