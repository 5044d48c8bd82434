import type { PoolClient } from 'pg'
import { milliseconds } from '../../../platform/storage/milliseconds.ts'
import type { Command } from '../domain/command.ts'

/** A command of which something is to be sent, as it is looked at right before. */
export type Candidate = Pick<
  Command,
  | 'commandId'
  | 'deviceId'
  | 'type'
  | 'args'
  | 'plan'
  | 'capabilities'
  | 'state'
  | 'attempts'
  | 'controlNumber'
  | 'expiresAt'
> & {
  /** Of what was accepted. */
  readonly bodyHash: string
  /** Of what two persons have agreed to; null: they have not. */
  readonly approvedHash: string | null
  /** Whoever let the device in has thought better of it since. */
  readonly isKeptOut: boolean
}

/**
 * Takes, for this transaction, the oldest queued command of each device that has none in flight: what another process has taken is
 * passed over. What has expired is left to its timer. A device that is told once, is known to be offline, and was not heard since, is
 * told when it is back.
 * @param now  UTC milliseconds
 */
export async function takeQueued(client: PoolClient, now: number, most: number): Promise<readonly Candidate[]> {
  const { rows } = await client.query<Candidate>(
    `select ${columns} from command c
     where state = 'queued' and not quarantined and send_at <= to_timestamp($1::float8 / 1000)
       and expires_at > to_timestamp($1::float8 / 1000)
       and ((c.capabilities ->> 'ledger')::boolean or not exists (
         select from device join device_presence p using (device_key) where device_id = c.device_id and not p.online
           and not exists (select from latest_reading l where l.device_key = p.device_key and l.received_at > p.received_at)))
       and not exists (select from command f where f.device_id = c.device_id and f.in_flight)
       and not exists (select from command e where e.device_id = c.device_id and e.state = 'queued' and not e.quarantined
         and (e.requested_at, e.command_id) < (c.requested_at, c.command_id))
     order by requested_at, command_id limit $2
     for no key update of c skip locked`,
    [now, most],
  )
  return rows
}

/**
 * Takes, likewise, commands in flight of which something is to be sent again: because it is time, or because their device has been
 * away and is back. What a backup left is asked about, and not sent.
 */
export async function takeInFlight(client: PoolClient, now: number, most: number): Promise<readonly Candidate[]> {
  const { rows } = await client.query<Candidate>(
    `select ${columns} from command c
       left join device using (device_id)
       left join device_presence p using (device_key)
       left join command_counter n using (device_id)
     where c.in_flight and c.executed_at is null and (c.state = 'unknown' or not c.quarantined)
       and (c.state = 'unknown' or c.expires_at > to_timestamp($1::float8 / 1000))
       and (c.send_at <= to_timestamp($1::float8 / 1000)
         or p.online and p.received_at is distinct from n.presence_at and (c.capabilities ->> 'ledger')::boolean and c.state <> 'selected')
     order by c.send_at, c.command_id limit $2
     for no key update of c skip locked`,
    [now, most],
  )
  return rows
}

/**
 * Takes devices for this transaction, but for those that another one has, gives each its next control number, and remembers that
 * they are there.
 * @returns by device; numbers grow, with gaps
 */
export async function nextControlNumbers(
  client: PoolClient,
  deviceIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  // Only those that are missing: to insert one that another transaction is changing would wait for that one.
  await client.query(
    `insert into command_counter (device_id, counter) select device_id, 0 from unnest($1::text[]) as d (device_id)
     where not exists (select from command_counter n where n.device_id = d.device_id)
     order by device_id on conflict do nothing`,
    [deviceIds],
  )
  const { rows } = await client.query<{ deviceId: string; controlNumber: number }>(
    `update command_counter n set counter = counter + 1,
       presence_at = (select p.received_at from device join device_presence p using (device_key) where device.device_id = n.device_id)
     where device_id in (select device_id from command_counter where device_id = any ($1) for update skip locked)
     returning device_id as "deviceId",
       ((select epoch from command_progress)::bigint * 1000000000 + counter)::float8 as "controlNumber"`,
    [deviceIds],
  )
  return new Map(rows.map(({ deviceId, controlNumber }) => [deviceId, controlNumber]))
}

const columns = `c.command_id as "commandId", c.device_id as "deviceId", c.type, c.args, c.plan, c.capabilities, c.state, c.attempts,
  c.control_number::float8 as "controlNumber", ${milliseconds('c.expires_at')} as "expiresAt", c.body_hash as "bodyHash",
  (select body ->> 'bodyHash' from approval a where a.approval_id = c.approval_id and a.status = 'approved') as "approvedHash",
  exists (select from device k where k.device_id = c.device_id and k.status <> 'active') as "isKeptOut"`
