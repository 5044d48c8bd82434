import type { PoolClient } from 'pg'
import { milliseconds } from '../../../platform/storage/milliseconds.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { KeptCommand } from './kept-command.ts'

/** Whether it can be the id of a command at all: the database takes nothing else. */
export const isCommandId = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)

/** Commands by their ids, in their order; locked for this transaction. Ids that are none are passed over. */
export async function lockCommands(client: PoolClient, ids: readonly string[]): Promise<KeptCommand[]> {
  const possible = ids.filter(isCommandId)
  if (possible.length === 0) return []
  // Not `for update`: what refers to a command does not wait.
  const { rows } = await client.query<KeptCommand>(
    `select ${columns} from command where command_id = any ($1::uuid[]) order by command_id for no key update`,
    [possible],
  )
  return rows
}

/** @returns undefined where there is none of that id */
export async function commandById(queries: Queries, commandId: string): Promise<KeptCommand | undefined> {
  if (!isCommandId(commandId)) return undefined
  const [row] = await queries.query<KeptCommand>(`select ${columns} from command where command_id = $1::uuid`, [
    commandId,
  ])
  return row
}

/**
 * Commands of which time alone changes something by an instant (UTC milliseconds), the longest due first; not those that a backup
 * left unsent and that become unknown once their device is free: many may wait so for a person, and others come behind them.
 */
export async function dueCommands(queries: Queries, at: number, most: number): Promise<string[]> {
  const rows = await queries.query<{ commandId: string }>(
    `select command_id as "commandId" from command c
     where due_at <= to_timestamp($1::float8 / 1000)
       and (in_flight or not quarantined
         or not exists (select from command f where f.device_id = c.device_id and f.in_flight))
     order by due_at limit $2`,
    [at, most],
  )
  return rows.map(({ commandId }) => commandId)
}

/** Commands whose effect is awaited, or of which nobody knows whether they had it, by their ids, after one of them. */
export const awaitingCommands = (queries: Queries, after: string | null, most: number): Promise<KeptCommand[]> =>
  queries.query<KeptCommand>(
    `select ${columns} from command
     where in_flight and state in ('executed', 'unknown') and ($1::uuid is null or command_id > $1)
     order by command_id limit $2`,
    [after, most],
  )

/** Of a row of `command`, as index `command_open` has it: it is not over. What `isEnded` says of one in memory. */
export const isOpen = `(in_flight or state in ('pending_approval', 'approved', 'queued'))`

/** Takes the progress for this transaction, and with it the number of its changes: of several writers the others wait. */
export async function nextChange(client: PoolClient): Promise<number> {
  const { rows } = await client.query<{ changed: number }>(
    'update command_progress set changed = changed + 1 returning changed::float8 as changed',
  )
  return rows[0]!.changed
}

/** Which of these devices have a command in flight that is none of these. */
export async function busyDevices(
  client: PoolClient,
  deviceIds: readonly string[],
  butFor: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ deviceId: string }>(
    `select device_id as "deviceId" from command
     where in_flight and device_id = any ($1::text[]) and command_id <> all ($2::uuid[])`,
    [deviceIds, butFor],
  )
  return new Set(rows.map(({ deviceId }) => deviceId))
}

const columns = `command_id as "commandId", device_id as "deviceId", feeder_id as "feederId", type, args,
  body_hash as "bodyHash", plan, capabilities, requested_by as "requestedBy", command.reason as "requestReason", state,
  ${milliseconds('requested_at')} as "requestedAt", ${milliseconds('expires_at')} as "expiresAt",
  control_number::float8 as "controlNumber", attempts, asked, ${milliseconds('first_dispatched_at')} as "firstDispatchedAt",
  ${milliseconds('executed_at')} as "executedAt", ${milliseconds('state_since')} as "stateSince",
  state_reason as reason, ${milliseconds('send_at')} as "sendAt", ${milliseconds('due_at')} as "dueAt", quarantined,
  superseded_by as "supersededBy", approval_id::float8 as "approvalId"`
