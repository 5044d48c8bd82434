import { milliseconds } from '../../../platform/storage/milliseconds.ts'
import type { Queries } from '../../../platform/storage/queries.ts'

export const participationKinds = ['enrolled', 'opted_out'] as const
export type ParticipationKind = (typeof participationKinds)[number]

/** Who takes part in a program, or in nothing. Instants are UTC milliseconds of the platform's clock. */
export interface Participation {
  readonly participationId: number
  readonly kind: ParticipationKind
  /** Null: an opt-out from every event and program. */
  readonly programId: number | null
  /** One of these: a device, or all that is steered at a unit's site. */
  readonly deviceId: string | null
  readonly unitId: string | null
  readonly startsAt: number
  /** Null: until somebody ends it. */
  readonly endsAt: number | null
  readonly enteredBy: string
  readonly enteredAt: number
}

const columns = `participation_id::float8 as "participationId", kind, program_id::float8 as "programId", device_id as "deviceId",
  unit_id as "unitId", ${milliseconds('starts_at')} as "startsAt", ${milliseconds('ends_at')} as "endsAt",
  entered_by as "enteredBy", ${milliseconds('entered_at')} as "enteredAt"`

export async function insertParticipation(
  queries: Queries,
  one: Omit<Participation, 'participationId'>,
): Promise<Participation> {
  const [row] = await queries.query<Participation>(
    `insert into dr_participation (kind, program_id, device_id, unit_id, starts_at, ends_at, entered_by, entered_at, changed_by)
     values ($1, $2, $3, $4, to_timestamp($5::float8 / 1000), to_timestamp($6::float8 / 1000), $7,
       to_timestamp($8::float8 / 1000), $7)
     returning ${columns}`,
    [one.kind, one.programId, one.deviceId, one.unitId, one.startsAt, one.endsAt, one.enteredBy, one.enteredAt],
  )
  return row!
}

/** Ends it at an instant (UTC milliseconds), or at its beginning where that is still to come. */
export async function endParticipation(
  queries: Queries,
  participationId: number,
  username: string,
  at: number,
): Promise<Participation | undefined> {
  const [row] = await queries.query<Participation>(
    `update dr_participation set ends_at = greatest(starts_at, to_timestamp($2::float8 / 1000)), changed_by = $3
     where participation_id = $1 and (ends_at is null or ends_at > greatest(starts_at, to_timestamp($2::float8 / 1000)))
     returning ${columns}`,
    [participationId, at, username],
  )
  return row
}

export async function findParticipation(queries: Queries, participationId: number): Promise<Participation | undefined> {
  const [row] = await queries.query<Participation>(
    `select ${columns} from dr_participation where participation_id = $1`,
    [participationId],
  )
  return row
}

export interface ParticipationFilter {
  readonly kind: ParticipationKind | null
  readonly programId: number | null
  readonly deviceId: string | null
  readonly unitId: string | null
  /** Those that hold at this instant, UTC milliseconds; null: all that ever were. */
  readonly at: number | null
}

/** By number, `limit` at most, behind `after`. */
export function listParticipations(
  queries: Queries,
  { kind, programId, deviceId, unitId, at }: ParticipationFilter,
  page: { readonly after: number | undefined; readonly limit: number },
): Promise<Participation[]> {
  return queries.query<Participation>(
    `select ${columns} from dr_participation
     where ($1::text is null or kind = $1) and ($2::bigint is null or program_id = $2)
       and ($3::text is null or device_id = $3) and ($4::text is null or unit_id = $4)
       and ($5::float8 is null or starts_at <= to_timestamp($5 / 1000) and (ends_at is null or ends_at > to_timestamp($5 / 1000)))
       and ($6::bigint is null or participation_id > $6)
     order by participation_id limit $7`,
    [kind, programId, deviceId, unitId, at, page.after ?? null, page.limit],
  )
}

/** A device that takes part in a program, or has opted out of it or of everything. */
export interface TakingPart {
  readonly kind: ParticipationKind
  readonly programId: number | null
  readonly deviceId: string
}

/**
 * What holds of devices at an instant: of a unit, for all DERs at its site.
 * @param at  UTC milliseconds
 */
export function takingPartAt(queries: Queries, at: number): Promise<TakingPart[]> {
  return queries.query<TakingPart>(
    `select p.kind, p.program_id::float8 as "programId", p.device_id as "deviceId" from dr_participation p
     where p.device_id is not null and p.starts_at <= to_timestamp($1::float8 / 1000)
       and (p.ends_at is null or p.ends_at > to_timestamp($1::float8 / 1000))
     union
     select p.kind, p.program_id::float8, d.device_id from dr_participation p
     join consumer_unit u using (unit_id) join device d on d.site_id = u.site_id and d.kind = 'der'
     where p.starts_at <= to_timestamp($1::float8 / 1000)
       and (p.ends_at is null or p.ends_at > to_timestamp($1::float8 / 1000))`,
    [at],
  )
}

/** The next instant at which somebody begins or ends to take part, UTC milliseconds; null: none is known. */
export async function nextParticipationChange(queries: Queries, at: number): Promise<number | null> {
  const [row] = await queries.query<{ next: number | null }>(
    `select ${milliseconds('min(instant)')} as next from (
       select starts_at as instant from dr_participation where starts_at > to_timestamp($1::float8 / 1000)
       union all select ends_at from dr_participation where ends_at > to_timestamp($1::float8 / 1000)
     ) instants`,
    [at],
  )
  return row!.next
}

export async function isDer(queries: Queries, deviceId: string): Promise<boolean> {
  const rows = await queries.query(`select from device where device_id = $1 and kind = 'der'`, [deviceId])
  return rows.length > 0
}

export async function isUnit(queries: Queries, unitId: string): Promise<boolean> {
  const rows = await queries.query('select from consumer_unit where unit_id = $1', [unitId])
  return rows.length > 0
}
