import type { PoolClient } from 'pg'
import { milliseconds } from '../../../platform/storage/milliseconds.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { CommandStep } from '../messages.ts'

/** A transaction that changed commands: the next one has a greater position. */
export interface LoggedCommands {
  readonly position: number
  readonly transitions: number
}

/** Has a consumer that has taken nothing yet begin behind the last transaction. */
export async function beginAtEnd(client: PoolClient, consumer: string): Promise<void> {
  await client.query(
    `update consumer_cursor set position = (select changed from command_progress)
     where log = 'commands' and consumer = $1 and position = 0`,
    [consumer],
  )
}

/** Transactions after a position, oldest first: as many as make up `most` transitions, at least one where there is one. */
export async function changesAfter(client: PoolClient, position: number, most: number): Promise<LoggedCommands[]> {
  const { rows } = await client.query<LoggedCommands>(
    `select changed::float8 as position, count(*)::integer as transitions
     from (select changed from command_transition where changed > $1 order by changed, ordinal limit $2) next
     group by changed order by changed`,
    [position, most],
  )
  const last = rows.at(-1)
  if (!last) return []
  // The last one may be cut short: it is counted whole.
  const whole = await transitionsOf(client, last.position)
  return [...rows.slice(0, -1), { ...last, transitions: whole }]
}

async function transitionsOf(client: PoolClient, changed: number): Promise<number> {
  const { rows } = await client.query<{ transitions: number }>(
    'select count(*)::integer as transitions from command_transition where changed = $1',
    [changed],
  )
  return rows[0]!.transitions
}

/** How many transactions stand after a position, how many transitions they wrote, and when the first was about to be committed. */
export async function countChangesAfter(
  queries: Queries,
  position: number,
): Promise<{ changes: number; transitions: number; oldestAt: number | null }> {
  const [row] = await queries.query<{ changes: number; transitions: number; oldestAt: number | null }>(
    `select count(distinct changed)::integer as changes, count(*)::float8 as transitions,
       ${milliseconds('min(at)')} as "oldestAt"
     from command_transition where changed > $1`,
    [position],
  )
  return row!
}

/** A place in the log: of a transition within its transaction. */
export interface LogPlace {
  readonly changed: number
  readonly ordinal: number
}

/** Transitions after one place in the log up to a transaction, in their order, `most` at once. */
export const stepsAfter = (queries: Queries, after: LogPlace, upTo: number, most: number): Promise<CommandStep[]> =>
  queries.query<CommandStep>(
    `select t.command_id as "commandId", c.device_id as "deviceId", c.feeder_id as "feederId", c.type, c.args,
       c.requested_by as "requestedBy", ${milliseconds('c.expires_at')} as "expiresAt",
       t.from_state as "from", t.to_state as "to", ${milliseconds('t.at')} as at, t.cause, t.reason, t.username,
       t.changed::float8 as changed, t.ordinal
     from command_transition t join command c using (command_id)
     where t.changed <= $3 and (t.changed, t.ordinal) > ($1, $2)
     order by t.changed, t.ordinal limit $4`,
    [after.changed, after.ordinal, upTo, most],
  )
