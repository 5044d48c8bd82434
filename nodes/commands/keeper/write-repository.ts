import type { PoolClient } from 'pg'
import { isInFlight } from '../domain/command.ts'
import type { KeptCommand, RecordedTransition } from './kept-command.ts'

/** Writes commands that were not there before. @param changed  number of the transaction in the log */
export async function insertCommands(
  client: PoolClient,
  commands: readonly KeptCommand[],
  changed: number,
): Promise<void> {
  if (commands.length === 0) return
  await client.query(
    `insert into command (command_id, device_id, feeder_id, type, args, body_hash, plan, capabilities, requested_by, reason,
       requested_at, expires_at, approval_id, state, state_since, in_flight, changed)
     select "commandId", "deviceId", "feederId", type, args, "bodyHash", plan, capabilities, "requestedBy", "requestReason",
       to_timestamp("requestedAt" / 1000), to_timestamp("expiresAt" / 1000), "approvalId", state,
       to_timestamp("stateSince" / 1000), false, $2
     from json_to_recordset($1::json) as w ("commandId" uuid, "deviceId" text, "feederId" text, type text, args jsonb,
       "bodyHash" text, plan jsonb, capabilities jsonb, "requestedBy" text, "requestReason" text, "requestedAt" float8,
       "expiresAt" float8, "approvalId" bigint, state command_state, "stateSince" float8)`,
    [JSON.stringify(commands), changed],
  )
  await writeCommands(client, commands, changed)
}

/** Writes commands as they stand now: what of them changes. @param changed  number of the transaction in the log */
export async function writeCommands(
  client: PoolClient,
  commands: readonly KeptCommand[],
  changed: number,
): Promise<void> {
  if (commands.length === 0) return
  const written = commands.map((command) => ({ ...command, inFlight: isInFlight(command) }))
  await client.query(
    `update command set state = w.state, control_number = w."controlNumber", attempts = w.attempts, asked = w.asked,
       first_dispatched_at = to_timestamp(w."firstDispatchedAt" / 1000), executed_at = to_timestamp(w."executedAt" / 1000),
       state_since = to_timestamp(w."stateSince" / 1000), state_reason = w.reason, send_at = to_timestamp(w."sendAt" / 1000),
       due_at = to_timestamp(w."dueAt" / 1000), in_flight = w."inFlight", quarantined = w.quarantined,
       superseded_by = w."supersededBy", changed = $2
     from json_to_recordset($1::json) as w ("commandId" uuid, state command_state, "controlNumber" bigint, attempts integer,
       asked integer, "firstDispatchedAt" float8, "executedAt" float8, "stateSince" float8, reason text, "sendAt" float8,
       "dueAt" float8, "inFlight" boolean, quarantined boolean, "supersededBy" uuid)
     where command.command_id = w."commandId"`,
    [JSON.stringify(written), changed],
  )
}

/** Appends to the history, in their order. @param recordedAt  UTC milliseconds, by the wall's clock */
export async function writeTransitions(
  client: PoolClient,
  transitions: readonly RecordedTransition[],
  changed: number,
  recordedAt: number,
): Promise<void> {
  if (transitions.length === 0) return
  await client.query(
    `insert into command_transition (changed, ordinal, command_id, at, recorded_at, from_state, to_state, cause, username, reason,
       detail)
     select $2, place - 1, "commandId", to_timestamp(at / 1000), to_timestamp($3::float8 / 1000), "from", "to", cause, username,
       reason, detail
     from rows from (json_to_recordset($1::json) as ("commandId" uuid, at float8, "from" command_state, "to" command_state,
       cause text, username text, reason text, detail jsonb)) with ordinality
       as w ("commandId", at, "from", "to", cause, username, reason, detail, place)`,
    [JSON.stringify(transitions), changed, recordedAt],
  )
}
