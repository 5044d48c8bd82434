import type { Queries } from '../../../platform/storage/queries.ts'
import { defaultPolicy, type RestorationPolicy } from '../domain/restoration-policy.ts'

/** What the policy was set to. */
export interface PolicyChange {
  /** Null: the default again. */
  readonly policy: RestorationPolicy | null
  readonly reason: string
  readonly changedBy: string
  /** UTC milliseconds. */
  readonly changedAt: number
}

/** Changes of the policy, the newest first. */
export const policyChanges = (queries: Queries, most: number): Promise<PolicyChange[]> =>
  queries.query(
    `select policy, reason, changed_by as "changedBy", round(extract(epoch from changed_at) * 1000)::float8 as "changedAt"
     from restoration_policy order by id desc limit $1`,
    [most],
  )

/** The policy that holds. */
export async function restorationPolicy(queries: Queries): Promise<RestorationPolicy> {
  const [newest] = await policyChanges(queries, 1)
  return newest?.policy ?? defaultPolicy
}

export async function insertPolicy(queries: Queries, change: PolicyChange): Promise<void> {
  await queries.query(
    `insert into restoration_policy (policy, reason, changed_by, changed_at)
     values ($1::jsonb, $2, $3, to_timestamp($4::float8 / 1000))`,
    [change.policy && JSON.stringify(change.policy), change.reason, change.changedBy, change.changedAt],
  )
}

/** How long restoring takes from now on, as somebody estimates it. */
export interface RestorationEstimate {
  readonly interruptionId: number
  /** Null: as the policy says. */
  readonly minutes: number | null
  readonly estimatedBy: string
  /** UTC milliseconds. */
  readonly estimatedAt: number
}

/** The newest estimates of interruptions that last. */
export const openEstimates = (queries: Queries): Promise<RestorationEstimate[]> =>
  queries.query(
    `select distinct on (e.interruption_id) e.interruption_id::float8 as "interruptionId", e.minutes,
       e.estimated_by as "estimatedBy", round(extract(epoch from e.estimated_at) * 1000)::float8 as "estimatedAt"
     from restoration_estimate e join interruption i using (interruption_id)
     where i.ended_at is null and not i.void
     order by e.interruption_id, e.id desc`,
  )

export async function insertEstimate(queries: Queries, estimate: RestorationEstimate): Promise<void> {
  await queries.query(
    `insert into restoration_estimate (interruption_id, minutes, estimated_by, estimated_at)
     values ($1, $2, $3, to_timestamp($4::float8 / 1000))`,
    [estimate.interruptionId, estimate.minutes, estimate.estimatedBy, estimate.estimatedAt],
  )
}
