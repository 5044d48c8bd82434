import type { Role } from '../../../platform/access/roles.ts'
import { milliseconds } from '../../../platform/storage/milliseconds.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { Signer } from './entry-repository.ts'
import type { ProposedHandover, ShiftSummary } from './handover.ts'

export interface NewHandover {
  readonly responsibility: string | null
  readonly note: string | null
}

export interface StoredHandover extends NewHandover, ShiftSummary, ProposedHandover {
  readonly handoverId: number
  readonly role: Role
  /** UTC milliseconds; null, as the next three, until somebody signs. */
  readonly signedAt: number | null
  readonly signedBy: string | null
  readonly signedRole: Role | null
  readonly signedNote: string | null
}

/** What stands open now. Tables of other areas are read here and never written: a handover that leaves some of it out is worth nothing. */
export async function summaryNow(queries: Queries): Promise<ShiftSummary> {
  const [row] = await queries.query<ShiftSummary>(
    `select
       (select count(*)::integer from alarm where state <> 'A' and root_alarm_id is null) as "alarmsStanding",
       (select count(*)::integer from alarm where state in ('B', 'D', 'E') and root_alarm_id is null) as "alarmsUnacknowledged",
       (select count(*)::integer from command where state = 'unknown') as "commandsInDoubt",
       (select count(*)::integer from interruption where ended_at is null and not void) as "interruptionsOpen",
       (select count(distinct u.unit_id)::integer from unit_interruption u join interruption i using (interruption_id)
        where u.ended_at is null and i.ended_at is null and not i.void) as "unitsOut"`,
  )
  return row!
}

/** @param at UTC milliseconds, by the wall @returns its number */
export async function insertHandover(
  queries: Queries,
  { responsibility, note }: NewHandover,
  summary: ShiftSummary,
  { username, role, sessionId, address }: Signer,
  at: number,
): Promise<number> {
  const { alarmsStanding, alarmsUnacknowledged, commandsInDoubt, interruptionsOpen, unitsOut } = summary
  const [row] = await queries.query<{ handoverId: number }>(
    `insert into shift_handover (proposed_at, responsibility, note, alarms_standing, alarms_unacknowledged,
       commands_in_doubt, interruptions_open, units_out, username, role, session_id, address)
     values (to_timestamp($1::float8 / 1000), $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
     returning handover_id::float8 as "handoverId"`,
    [
      ...[at, responsibility, note, alarmsStanding, alarmsUnacknowledged, commandsInDoubt, interruptionsOpen, unitsOut],
      ...[username, role, sessionId, address],
    ],
  )
  return row!.handoverId
}

/** Signs, unless somebody has signed meanwhile. @param at UTC milliseconds, by the wall @returns whether it did */
export async function insertSignature(
  queries: Queries,
  handoverId: number,
  note: string | null,
  { username, role, sessionId, address }: Signer,
  at: number,
): Promise<boolean> {
  const rows = await queries.query(
    `insert into shift_signature (handover_id, signed_at, note, username, role, session_id, address)
     values ($1, to_timestamp($2::float8 / 1000), $3, $4, $5, $6, $7) on conflict do nothing returning handover_id`,
    [handoverId, at, note, username, role, sessionId, address],
  )
  return rows.length === 1
}

/**
 * Handovers, the newest first.
 * @param signed  only those that are signed, or only those that are not; null: both
 * @param before  only those with a lesser number; null: from the newest on
 */
export const listHandovers = (
  queries: Queries,
  signed: boolean | null,
  before: number | null,
  limit: number,
): Promise<StoredHandover[]> =>
  queries.query(
    `select handover_id::float8 as "handoverId", ${milliseconds('proposed_at')} as "proposedAt", responsibility, h.note,
       alarms_standing as "alarmsStanding", alarms_unacknowledged as "alarmsUnacknowledged",
       commands_in_doubt as "commandsInDoubt", interruptions_open as "interruptionsOpen", units_out as "unitsOut",
       h.username, h.role, s.handover_id is not null as "isSigned", ${milliseconds('s.signed_at')} as "signedAt",
       s.username as "signedBy", s.role as "signedRole", s.note as "signedNote",
       exists (select from shift_handover newer where newer.handover_id > h.handover_id
         and newer.responsibility is not distinct from h.responsibility) as "isSuperseded"
     from shift_handover h left join shift_signature s using (handover_id)
     where ($1::bigint is null or handover_id < $1) and ($2::boolean is null or (s.handover_id is not null) = $2)
     order by handover_id desc limit $3`,
    [before, signed, limit],
  )

export const findHandover = async (queries: Queries, handoverId: number): Promise<StoredHandover | undefined> => {
  const [handover] = await listHandovers(queries, null, handoverId + 1, 1)
  return handover?.handoverId === handoverId ? handover : undefined
}
