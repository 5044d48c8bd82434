import { milliseconds } from '../../../platform/storage/milliseconds.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { AckStatus, CommandType } from '../../../platform/wire/command.ts'
import type { CommandPlan, CommandState, DeviceCapabilities } from '../domain/command.ts'

/** A command as it is listed. Instants are UTC milliseconds. */
export interface ListedCommand {
  readonly commandId: string
  readonly deviceId: string
  readonly feederId: string | null
  /** Its device metered a consumer unit when it was asked for. */
  readonly ofUnit: boolean
  readonly type: CommandType
  readonly args: Readonly<Record<string, number | string | boolean>>
  readonly state: CommandState
  readonly stateSince: number
  readonly stateReason: string | null
  readonly isInFlight: boolean
  readonly isQuarantined: boolean
  readonly requestedBy: string
  readonly requestedAt: number
  readonly reason: string | null
  readonly expiresAt: number
  readonly bodyHash: string
  readonly controlNumber: number | null
  readonly attempts: number
  readonly firstDispatchedAt: number | null
  readonly approvalId: number | null
  readonly supersededBy: string | null
}

/** Which commands are wanted; null says nothing. Instants are UTC milliseconds. */
export interface CommandFilter {
  readonly deviceId: string | null
  /** With all feeders below it. */
  readonly feederId: string | null
  readonly types: readonly CommandType[] | null
  readonly states: readonly CommandState[] | null
  readonly inFlight: boolean | null
  readonly requestedBy: string | null
  readonly since: number | null
  readonly until: number | null
}

/** The last command of the page before. */
export interface CommandKey {
  readonly requestedAt: number
  readonly commandId: string
}

const columns = `c.command_id as "commandId", c.device_id as "deviceId", c.feeder_id as "feederId", c.type, c.args, c.state,
  ${milliseconds('c.state_since')} as "stateSince", c.state_reason as "stateReason", c.in_flight as "isInFlight",
  c.quarantined as "isQuarantined", c.requested_by as "requestedBy", ${milliseconds('c.requested_at')} as "requestedAt", c.reason,
  ${milliseconds('c.expires_at')} as "expiresAt", c.body_hash as "bodyHash", c.control_number::float8 as "controlNumber",
  c.attempts, ${milliseconds('c.first_dispatched_at')} as "firstDispatchedAt", c.approval_id::float8 as "approvalId",
  c.superseded_by as "supersededBy",
  exists (select from device d join meter_assignment a using (device_key)
    where d.device_id = c.device_id and a.validity @> c.requested_at) as "ofUnit"`

/** The newest first, `limit` at most, those behind `after`. */
export const listCommands = (
  queries: Queries,
  filter: CommandFilter,
  { after, limit }: { readonly after: CommandKey | undefined; readonly limit: number },
): Promise<ListedCommand[]> =>
  queries.query<ListedCommand>(
    `with recursive downstream as (
       select $2::text as feeder_id
       union
       select f.feeder_id from feeder f join downstream d on f.parent_feeder_id = d.feeder_id
     )
     select ${columns} from command c
     where ($1::text is null or c.device_id = $1)
       and ($2::text is null or c.feeder_id in (select feeder_id from downstream))
       and ($3::text[] is null or c.type = any ($3)) and ($4::command_state[] is null or c.state = any ($4))
       and ($5::boolean is null or c.in_flight = $5) and ($6::text is null or lower(c.requested_by) = lower($6))
       and ($7::float8 is null or c.requested_at >= to_timestamp($7::float8 / 1000))
       and ($8::float8 is null or c.requested_at < to_timestamp($8::float8 / 1000))
       and ($9::float8 is null or c.requested_at < to_timestamp($9::float8 / 1000)
         or c.requested_at = to_timestamp($9::float8 / 1000) and c.command_id > $10::uuid)
     order by c.requested_at desc, c.command_id limit $11`,
    [
      ...[filter.deviceId, filter.feederId, filter.types, filter.states, filter.inFlight, filter.requestedBy],
      ...[filter.since, filter.until, after?.requestedAt ?? null, after?.commandId ?? null, limit],
    ],
  )

/** With what it was accepted with. */
export interface CommandInFull extends ListedCommand {
  readonly plan: CommandPlan
  readonly capabilities: DeviceCapabilities
}

/** @returns undefined where there is none of that id */
export async function findCommand(queries: Queries, commandId: string): Promise<CommandInFull | undefined> {
  const [found] = await queries.query<CommandInFull>(
    `select ${columns}, c.plan, c.capabilities from command c where c.command_id = $1`,
    [commandId],
  )
  return found
}

/** A step in the life of a command. */
export interface ListedTransition {
  readonly at: number
  readonly recordedAt: number
  readonly fromState: CommandState | null
  readonly toState: CommandState
  readonly cause: string
  readonly username: string | null
  readonly reason: string | null
}

/** In their order. */
export const transitionsOf = (queries: Queries, commandId: string): Promise<ListedTransition[]> =>
  queries.query<ListedTransition>(
    `select ${milliseconds('at')} as at, ${milliseconds('recorded_at')} as "recordedAt", from_state as "fromState",
       to_state as "toState", cause, username, reason
     from command_transition where command_id = $1 order by changed, ordinal`,
    [commandId],
  )

/** Something that the device answered. */
export interface ListedAck {
  readonly receivedAt: number
  readonly saidAt: number | null
  readonly status: AckStatus
  readonly controlNumber: number | null
  readonly reason: string | null
  readonly addCause: number | null
  readonly hadEffect: boolean
}

/** In the order in which they came, `most` at most: a device may go on and on. */
export const acksOf = (queries: Queries, commandId: string, most: number): Promise<ListedAck[]> =>
  queries.query<ListedAck>(
    `select ${milliseconds('received_at')} as "receivedAt", ${milliseconds('said_at')} as "saidAt", status,
       control_number::float8 as "controlNumber", reason, add_cause as "addCause", changed is not null as "hadEffect"
     from command_ack where command_id = $1 order by ack_id limit $2`,
    [commandId, most],
  )
