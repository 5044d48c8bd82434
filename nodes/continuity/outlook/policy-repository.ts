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

/** When an interruption that lasts will have ended, as somebody said it last. */
export interface RestorationEstimate {
  readonly interruptionId: number
  /** UTC milliseconds. */
  readonly restoredBy: number
  readonly estimatedBy: string
}

/** What was said last of interruptions that last, those that nobody can say anything of left out. */
export const openEstimates = (queries: Queries): Promise<RestorationEstimate[]> =>
  queries.query(
    `select interruption_id::float8 as "interruptionId", round(extract(epoch from restored_by) * 1000)::float8 as "restoredBy",
       entered_by as "estimatedBy"
     from (
       select distinct on (interruption_id) e.*
       from restoration_estimate e join interruption i using (interruption_id)
       where i.ended_at is null and not i.void
       order by interruption_id, entered_at desc
     ) newest
     where restored_by is not null`,
  )
