import type { PoolClient } from 'pg'
import type { CommandAck } from '../../../platform/wire/command.ts'
import { parseInstant } from '../../../platform/wire/instant.ts'
import { isCommandId } from './command-repository.ts'

/** An answer as it came. */
export interface ReceivedAck {
  /** The device that said it: by the topic. */
  readonly deviceId: string
  readonly ack: CommandAck
  /** UTC milliseconds. */
  readonly receivedAt: number
}

/** Whose commands these are, by their ids; ids that are none are missing. */
export async function devicesOfCommands(
  client: PoolClient,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await client.query<{ commandId: string; deviceId: string }>(
    `select command_id as "commandId", device_id as "deviceId" from command where command_id = any ($1::uuid[])`,
    [ids.filter(isCommandId)],
  )
  return new Map(rows.map(({ commandId, deviceId }) => [commandId, deviceId]))
}

/** What a device wrote as its time; null where no clock says so. */
function saidAt({ at }: CommandAck): number | null {
  const instant = parseInstant(at)
  return instant !== undefined && instant >= 0 && instant <= lastInstant ? instant : null
}
/** The year 9999. */
const lastInstant = 253_402_300_799_000

/** A device that says the same over and over fills no disk. */
const mostOfCommand = 500

/** Appends answers, in their order, each with the number of what it changed; of each command so many and no more. */
export async function insertAcks(
  client: PoolClient,
  received: readonly (ReceivedAck & { readonly changed: number | null })[],
): Promise<void> {
  if (received.length === 0) return
  const rows = received.map(({ deviceId, ack, receivedAt, changed }) => ({
    ...{ commandId: ack.command_id, deviceId, status: ack.status, controlNumber: ack.control_number ?? null },
    ...{ saidAt: saidAt(ack), receivedAt, reason: ack.reason ?? null },
    ...{ addCause: ack.add_cause ?? null, changed },
  }))
  await client.query(
    `insert into command_ack (command_id, device_id, status, control_number, said_at, received_at, reason, add_cause, changed)
     select "commandId", "deviceId", status, "controlNumber", to_timestamp("saidAt" / 1000), to_timestamp("receivedAt" / 1000),
       reason, "addCause", changed
     from rows from (json_to_recordset($1::json) as ("commandId" uuid, "deviceId" text, status text, "controlNumber" bigint,
       "saidAt" float8, "receivedAt" float8, reason text, "addCause" smallint, changed bigint)) with ordinality
       as w ("commandId", "deviceId", status, "controlNumber", "saidAt", "receivedAt", reason, "addCause", changed, place)
     where changed is not null
       or (select count(*) from (select from command_ack a where a.command_id = w."commandId" limit $2) before) < $2
     order by place`,
    [JSON.stringify(rows), mostOfCommand],
  )
}
