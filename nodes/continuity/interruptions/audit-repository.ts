import type { PoolClient } from 'pg'
import type { Queries } from '../../../platform/storage/queries.ts'

export const audited = [
  ...(['outage_entered', 'outage_ended', 'operation_entered', 'planned', 'plan_cancelled'] as const),
  ...(['classified', 'corrected', 'hint_confirmed', 'hint_dismissed'] as const),
] as const

/** Something that a person did about interruptions. */
export interface AuditEntry {
  readonly at: number
  readonly by: string
  readonly act: (typeof audited)[number]
  readonly interruptionId?: number | null
  /** Number of what was done, and what it is of, as `outage 12`. */
  readonly subject: string
  readonly before: object | null
  readonly after: object
  readonly evidence?: string | null
  readonly approvalId?: number | null
}

export interface StoredAuditEntry extends Required<AuditEntry> {
  readonly auditId: number
}

/** Adds an entry: nobody changes one. @returns its number */
export async function addAudit(client: Pick<PoolClient, 'query'>, entry: AuditEntry): Promise<number> {
  const { rows } = await client.query<{ id: number }>(
    `insert into interruption_audit (at, username, act, interruption_id, subject, before, after, evidence, approval_id)
     values (to_timestamp($1::float8 / 1000), $2, $3, $4, $5, $6, $7, $8, $9) returning audit_id::float8 as id`,
    [
      ...[entry.at, entry.by, entry.act, entry.interruptionId ?? null, entry.subject],
      ...[entry.before === null ? null : JSON.stringify(entry.before), JSON.stringify(entry.after)],
      ...[entry.evidence ?? null, entry.approvalId ?? null],
    ],
  )
  return rows[0]!.id
}

/** What was done about an interruption, or about one of some subjects: the oldest first. */
export const auditOf = (
  queries: Queries,
  interruptionId: number,
  subjects: readonly string[],
): Promise<StoredAuditEntry[]> =>
  queries.query<StoredAuditEntry>(
    `select audit_id::float8 as "auditId", extract(epoch from at)::float8 * 1000 as at, username as by, act,
       interruption_id::float8 as "interruptionId", subject, before, after, evidence, approval_id::float8 as "approvalId"
     from interruption_audit where interruption_id = $1 or subject = any ($2) order by audit_id limit 1000`,
    [interruptionId, subjects],
  )

/** Whether two persons have said what an interruption was. */
export async function wasCorrected(queries: Queries, interruptionId: number): Promise<boolean> {
  const [row] = await queries.query<{ corrected: boolean }>(
    `select exists (
       select from interruption_audit
       where interruption_id = $1 and act = 'corrected' and approval_id is not null and not after ? 'times'
     ) as corrected`,
    [interruptionId],
  )
  return row!.corrected
}
