import type { Role } from '../../../platform/access/roles.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import { assignUsers, putArea } from '../responsibility/responsibility-repository.ts'
import type { ActingParty } from './act.ts'

/** A person of this role, from a console. */
export const person = (role: Role, username: string = role): ActingParty => ({
  actor: { kind: 'person', username, role },
  sessionId: '0b9f3c1e-6f4b-4d5e-8a51-2f6f0f3a9c11',
  address: '192.0.2.7',
})

export interface AuditLine {
  readonly action: string
  readonly alarmId: number | null
  readonly outcome: string
  readonly code: string | null
  readonly problem: string | null
  readonly username: string
  readonly role: string | null
  readonly requestId: string
}

/** The whole audit, in its order. */
export const auditOf = (queries: Queries): Promise<AuditLine[]> =>
  queries.query(
    `select action, alarm_id::float8 as "alarmId", outcome, code, problem, username, role, request_id as "requestId"
     from alarm_action order by action_id`,
  )

/** Has somebody answer for one feeder and nothing else. */
export async function answerForFeeder(
  queries: Queries,
  username: string,
  feederId: string,
  role: Role = 'operator',
): Promise<void> {
  await queries.query(
    `insert into user_account (username, role, origin, created_at, changed_at)
     values ($1, $2, 'api', to_timestamp(0), to_timestamp(0)) on conflict do nothing`,
    [username, role],
  )
  await queries.query('insert into feeder (feeder_id) values ($1) on conflict do nothing', [feederId])
  await putArea(queries, { name: feederId, feederIds: [feederId], conditionAreas: null }, 'engineer', 0)
  await assignUsers(queries, feederId, [username])
}
