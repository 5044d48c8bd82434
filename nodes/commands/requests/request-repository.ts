import type { Queries } from '../../../platform/storage/queries.ts'
import type { ReadingKind } from '../../../platform/wire/reading.ts'
import type { CommandState } from '../domain/command.ts'
import { isOpen } from '../keeper/command-repository.ts'

/** A device, as a command to it needs it. */
export interface CommandedDevice {
  readonly kind: ReadingKind | null
  readonly feederId: string | null
}

/**
 * The device, if it is registered and let in; nobody else asks it for something before this transaction ends.
 * @param at  of which its unit is, UTC milliseconds
 */
export async function lockDevice(queries: Queries, deviceId: string, at: number): Promise<CommandedDevice | undefined> {
  const [device] = await queries.query<CommandedDevice>(
    `select d.kind, coalesce(d.feeder_id, u.feeder_id, s.feeder_id) as "feederId"
     from device d
     left join meter_assignment a on a.device_key = d.device_key and a.validity @> to_timestamp($2::float8 / 1000)
     left join consumer_unit u on u.unit_id = a.unit_id
     left join site s on s.site_id = coalesce(d.site_id, u.site_id)
     where d.device_id = $1 and d.status = 'active' for no key update of d`,
    [deviceId, at],
  )
  return device
}

/** Consumer units of a meter: one, or none where it is not in use. @param at  UTC milliseconds */
export async function countUnitsOf(queries: Queries, deviceId: string, at: number): Promise<number> {
  const [row] = await queries.query<{ units: number }>(
    `select count(*)::int as units from meter_assignment a join device d using (device_key)
     where d.device_id = $1 and a.validity @> to_timestamp($2::float8 / 1000)`,
    [deviceId, at],
  )
  return row!.units
}

/** A command that is not over. */
export interface OpenCommand {
  readonly commandId: string
  readonly type: string
  readonly state: CommandState
  readonly isInFlight: boolean
  /** It was in a backup that was restored. */
  readonly isQuarantined: boolean
}

/** Commands of a device that are not over, the oldest first. */
export const openCommands = (queries: Queries, deviceId: string, most: number): Promise<OpenCommand[]> =>
  queries.query<OpenCommand>(
    `select command_id as "commandId", type, state, in_flight as "isInFlight", quarantined as "isQuarantined" from command
     where device_id = $1 and ${isOpen}
     order by requested_at, command_id limit $2`,
    [deviceId, most],
  )

/** A command that somebody asked for with a key before. */
export interface EarlierRequest {
  readonly commandId: string
  readonly requestHash: string
}

export async function findRequest(
  queries: Queries,
  username: string,
  idempotencyKey: string,
): Promise<EarlierRequest | undefined> {
  const [found] = await queries.query<EarlierRequest>(
    `select command_id as "commandId", request_hash as "requestHash" from command_request
     where requested_by = $1 and idempotency_key = $2`,
    [username, idempotencyKey],
  )
  return found
}

/** @returns false where the key has been used meanwhile: then nothing was written */
export async function insertRequest(
  queries: Queries,
  username: string,
  idempotencyKey: string,
  { commandId, requestHash }: EarlierRequest,
): Promise<boolean> {
  const rows = await queries.query(
    `insert into command_request (requested_by, idempotency_key, request_hash, command_id) values ($1, $2, $3, $4)
     on conflict (requested_by, idempotency_key) do nothing returning command_id`,
    [username, idempotencyKey, requestHash, commandId],
  )
  return rows.length === 1
}
