import type { Role } from '../../../platform/access/roles.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { ConditionPlace } from '../domain/definition.ts'
import type { AlarmAction } from './action.ts'

/** An alarm, as far as acting on it asks. */
export interface ActedAlarm extends ConditionPlace {
  readonly alarmId: number
  readonly key: string
  readonly escalatedTo: readonly string[]
}

/** Those that there are, by their numbers or by the keys of their conditions. */
export const findAlarms = (
  queries: Queries,
  alarmIds: readonly number[],
  keys: readonly string[],
): Promise<ActedAlarm[]> =>
  queries.query(
    `select alarm_id::float8 as "alarmId", key, area, kind, subject, feeder_id as "feederId", escalated_to as "escalatedTo"
     from alarm where alarm_id = any ($1::bigint[]) or key = any ($2::text[])`,
    [alarmIds, keys],
  )

/** The alarms that one explains and whose condition holds, with the occurrence that stands of each, by number. */
export const membersOf = (
  queries: Queries,
  rootAlarmId: number,
  most: number,
): Promise<{ alarmId: number; occurrence: number }[]> =>
  queries.query(
    `select alarm_id::float8 as "alarmId", occurrence from alarm where root_alarm_id = $1 and active order by alarm_id limit $2`,
    [rootAlarmId, most],
  )

/** A row of the audit, as it is written. */
export interface ActionRow {
  /** UTC milliseconds, by the wall's clock. */
  readonly at: number
  readonly requestId: string
  readonly action: AlarmAction
  readonly alarmId: number | null
  readonly key: string | null
  readonly occurrence: number | null
  /** UTC milliseconds, by the platform's clock. */
  readonly until: number | null
  readonly reason: string | null
  readonly outcome: 'done' | 'refused'
  readonly code: string | null
  readonly problem: string | null
  readonly username: string
  readonly role: Role | null
  readonly sessionId: string | null
  readonly address: string | null
}

export async function insertActions(queries: Queries, rows: readonly ActionRow[]): Promise<void> {
  if (rows.length === 0) return
  const column = (name: keyof ActionRow): unknown[] => rows.map((row) => row[name])
  await queries.query(
    `insert into alarm_action (at, request_id, action, alarm_id, key, occurrence, until, reason, outcome, code, problem,
       username, role, session_id, address)
     select to_timestamp(at / 1000), request_id, action, alarm_id, key, occurrence, to_timestamp(until / 1000), reason,
       outcome, code, problem, username, role::user_role, session_id, address
     from unnest($1::float8[], $2::uuid[], $3::text[], $4::bigint[], $5::text[], $6::integer[], $7::float8[], $8::text[],
       $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::uuid[], $15::text[])
       with ordinality rows (at, request_id, action, alarm_id, key, occurrence, until, reason, outcome, code, problem,
         username, role, session_id, address, place)
     order by place`,
    (
      [
        ...(['at', 'requestId', 'action', 'alarmId', 'key', 'occurrence', 'until', 'reason'] as const),
        ...(['outcome', 'code', 'problem', 'username', 'role', 'sessionId', 'address'] as const),
      ] as const
    ).map(column),
  )
}

/** @param hour  its beginning, UTC milliseconds */
export async function countUnlisted(
  queries: Queries,
  hour: number,
  counts: readonly { readonly username: string; readonly code: string; readonly attempts: number }[],
): Promise<void> {
  if (counts.length === 0) return
  await queries.query(
    `insert into alarm_action_unlisted as counted (hour, username, code, attempts)
     select to_timestamp($1::float8 / 1000), username, code, attempts
     from unnest($2::text[], $3::text[], $4::bigint[]) rows (username, code, attempts) order by username, code
     on conflict (hour, username, code) do update set attempts = counted.attempts + excluded.attempts`,
    [hour, counts.map((each) => each.username), counts.map((each) => each.code), counts.map((each) => each.attempts)],
  )
}

/** @param at  UTC milliseconds: the month of it has a partition afterwards */
export async function ensureMonth(queries: Queries, at: number): Promise<void> {
  await queries.query(`select ensure_partition('alarm_action', to_timestamp($1::float8 / 1000))`, [at])
}

/** What to look for among actions; null: whatever it is. Instants are UTC milliseconds. */
export interface ActionFilter {
  readonly from: number | null
  readonly to: number | null
  readonly username: string | null
  readonly action: AlarmAction | null
  readonly alarmId: number | null
  readonly outcome: 'done' | 'refused' | null
  readonly code: string | null
}

/** A row of the audit, as it is read. */
export interface ListedAction extends Omit<ActionRow, 'at' | 'until'> {
  readonly actionId: number
  readonly at: Date
  readonly until: Date | null
}

/** The newest first. @param before  the number before which to begin; null: at the newest */
export const listActions = (
  queries: Queries,
  { from, to, username, action, alarmId, outcome, code }: ActionFilter,
  before: number | null,
  limit: number,
): Promise<ListedAction[]> =>
  queries.query(
    `select action_id::float8 as "actionId", at, request_id as "requestId", action, alarm_id::float8 as "alarmId", key, occurrence,
       until, reason, outcome, code, problem, username, role, session_id as "sessionId", address
     from alarm_action
     where ($1::bigint is null or action_id < $1)
       and ($2::float8 is null or at >= to_timestamp($2 / 1000)) and ($3::float8 is null or at < to_timestamp($3 / 1000))
       and ($4::text is null or lower(username) = lower($4)) and ($5::text is null or action = $5)
       and ($6::bigint is null or alarm_id = $6) and ($7::text is null or outcome = $7) and ($8::text is null or code = $8)
     order by action_id desc limit $9`,
    [before, from, to, username, action, alarmId, outcome, code, limit],
  )

/** How many attempts of a period were counted and not listed, by whole hours. */
export async function countedAttempts(
  queries: Queries,
  { from, to, username, code }: Pick<ActionFilter, 'from' | 'to' | 'username' | 'code'>,
): Promise<number> {
  const [row] = await queries.query<{ attempts: number }>(
    `select coalesce(sum(attempts), 0)::float8 as attempts from alarm_action_unlisted
     where ($1::float8 is null or hour > to_timestamp($1 / 1000) - interval '1 hour')
       and ($2::float8 is null or hour < to_timestamp($2 / 1000))
       and ($3::text is null or lower(username) = lower($3)) and ($4::text is null or code = $4)`,
    [from, to, username, code],
  )
  return row!.attempts
}
