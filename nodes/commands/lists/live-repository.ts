import { milliseconds } from '../../../platform/storage/milliseconds.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { CommandState } from '../domain/command.ts'
import { isOpen } from '../keeper/command-repository.ts'
import type { ListedCommand } from './command-repository.ts'

/** A command as the live stream shows it. Instants are UTC milliseconds. */
export interface ShownCommand extends Omit<
  ListedCommand,
  'bodyHash' | 'controlNumber' | 'firstDispatchedAt' | 'supersededBy'
> {
  /** Number of the transaction that last wrote it. */
  readonly changed: number
}

/** Number of the last transaction that changed commands. */
export async function newestChange(queries: Queries): Promise<number> {
  const [row] = await queries.query<{ changed: number }>('select changed::float8 as changed from command_progress')
  return row!.changed
}

/** How many commands are not over, of each state that has any. */
export async function countOpenByState(queries: Queries): Promise<Partial<Record<CommandState, number>>> {
  const rows = await queries.query<{ state: CommandState; commands: number }>(
    `select state, count(*)::integer as commands from command where ${isOpen} group by state`,
  )
  return Object.fromEntries(rows.map(({ state, commands }) => [state, commands]))
}

/**
 * Commands that are not over, the newest first, and those that ended since an instant, the last ones first.
 * @param now  UTC milliseconds
 */
export const shownCommands = (
  queries: Queries,
  endedSince: number,
  now: number,
  most: { readonly open: number; readonly ended: number },
): Promise<ShownCommand[]> =>
  queries.query(
    `with shown as (
       (select * from command where ${isOpen}
        order by requested_at desc limit $3)
       union all
       (select * from command where state_since >= to_timestamp($1::float8 / 1000)
          and not ${isOpen}
        order by state_since desc limit $4))
     select c.command_id as "commandId", c.device_id as "deviceId", c.feeder_id as "feederId", c.type, c.args, c.state,
       ${milliseconds('c.state_since')} as "stateSince", c.state_reason as "stateReason", c.in_flight as "isInFlight",
       c.quarantined as "isQuarantined", c.requested_by as "requestedBy", ${milliseconds('c.requested_at')} as "requestedAt",
       c.reason, ${milliseconds('c.expires_at')} as "expiresAt", c.attempts, c.approval_id::float8 as "approvalId",
       c.changed::float8 as changed,
       exists (select from device d join meter_assignment a using (device_key)
         where d.device_id = c.device_id and a.validity @> to_timestamp($2::float8 / 1000)) as "ofUnit"
     from shown c`,
    [endedSince, now, most.open, most.ended],
  )
