import { milliseconds } from '../../platform/storage/milliseconds.ts'
import type { Queries } from '../../platform/storage/queries.ts'
import type { StandingCommand, StoredCommand, StoredTransition } from './history.ts'

/** Every command there is. */
export const storedCommands = (queries: Queries): Promise<StoredCommand[]> =>
  queries.query<StoredCommand>(
    `select command_id as "commandId", coalesce(idempotency_key, '') as key, device_id as "deviceId", type, state,
       (plan ->> 'needsVerification')::boolean as "needsVerification", ${milliseconds('expires_at')} as "expiresAt"
     from command left join command_request using (command_id) order by requested_at, command_id`,
  )

/** Every step of every command, in the order in which they were written. */
export const storedTransitions = (queries: Queries): Promise<StoredTransition[]> =>
  queries.query<StoredTransition>(
    `select command_id as "commandId", from_state as from, to_state as to, cause from command_transition
     order by changed, ordinal`,
  )

/** Those that have not come to an end; what is `executed` and waits for nothing more has. */
export const standingCommands = (queries: Queries): Promise<StandingCommand[]> =>
  queries.query<StandingCommand>(
    `select command_id as "commandId", device_id as "deviceId", type, args, state, true as "needsVerification",
       ${milliseconds('expires_at')} as "expiresAt"
     from command
     where state not in ('verified', 'rejected', 'failed', 'expired', 'cancelled', 'superseded', 'reconciled_done', 'reconciled_not_done')
       and not (state = 'executed' and not (plan ->> 'needsVerification')::boolean)`,
  )
