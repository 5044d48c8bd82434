import type { Queries } from '../../../platform/storage/queries.ts'
import type { ExclusionReason } from '../domain/exclusions.ts'
import type { UnitOutage } from '../domain/interruption.ts'

const ms = (column: string): string => `(extract(epoch from ${column}) * 1000)::float8`

/** An interruption with its reach: from the first beginning to the last end of all of its root. UTC milliseconds. */
export interface ReachedInterruption {
  readonly interruptionId: number
  readonly startedAt: number
  /** Null: it lasts. */
  readonly endedAt: number | null
  readonly rootFrom: number
  /** Null: something of it lasts. */
  readonly rootUntil: number | null
}

/** Interruptions that are some still, of these. */
export const findInterruptions = (
  queries: Queries,
  interruptionIds: readonly number[],
): Promise<ReachedInterruption[]> =>
  queries.query(
    `select i.interruption_id::float8 as "interruptionId", ${ms('i.started_at')} as "startedAt",
       ${ms('i.ended_at')} as "endedAt", root."rootFrom", root."rootUntil"
     from interruption i,
       lateral (
         select ${ms('min(r.started_at)')} as "rootFrom",
           case when bool_or(r.ended_at is null) then null else ${ms('max(r.ended_at)')} end as "rootUntil"
         from interruption r where r.event_id = i.event_id and not r.void
       ) root
     where i.interruption_id = any ($1::bigint[]) and not i.void`,
    [interruptionIds],
  )

/** Units that interruptions concern. */
export async function unitsOfInterruptions(queries: Queries, interruptionIds: readonly number[]): Promise<string[]> {
  const rows = await queries.query<{ unitId: string }>(
    `select distinct unit_id as "unitId" from unit_interruption where interruption_id = any ($1::bigint[]) order by unit_id`,
    [interruptionIds],
  )
  return rows.map(({ unitId }) => unitId)
}

export async function conjuntosOfUnits(queries: Queries, unitIds: readonly string[]): Promise<string[]> {
  const rows = await queries.query<{ conjuntoId: string }>(
    `select distinct conjunto_id as "conjuntoId" from consumer_unit
     where unit_id = any ($1) and conjunto_id is not null order by conjunto_id`,
    [unitIds],
  )
  return rows.map(({ conjuntoId }) => conjuntoId)
}

export interface KeptExclusion {
  readonly exclusionId: number
  readonly interruptionId: number
  readonly unitId: string | null
  readonly reason: ExclusionReason
  readonly situationId: string | null
  readonly approvalId: number
  readonly takenBackBy: number | null
}

const exclusionColumns = `exclusion_id::float8 as "exclusionId", interruption_id::float8 as "interruptionId", unit_id as "unitId",
  reason, situation_id as "situationId", approval_id::float8 as "approvalId", taken_back_by::float8 as "takenBackBy"`

export async function findExclusion(queries: Queries, exclusionId: number): Promise<KeptExclusion | undefined> {
  const [row] = await queries.query<KeptExclusion>(
    `select ${exclusionColumns} from interruption_exclusion where exclusion_id = $1`,
    [exclusionId],
  )
  return row
}

/** Exclusions of an interruption that hold. */
export const exclusionsOf = (queries: Queries, interruptionId: number): Promise<KeptExclusion[]> =>
  queries.query(
    `select ${exclusionColumns} from interruption_exclusion where interruption_id = $1 and taken_back_by is null
     order by exclusion_id`,
    [interruptionId],
  )

export async function insertExclusions(
  queries: Queries,
  exclusions: readonly Pick<KeptExclusion, 'interruptionId' | 'unitId' | 'reason' | 'situationId'>[],
  { approvalId, evidence }: { readonly approvalId: number; readonly evidence: string },
): Promise<void> {
  const column = (name: keyof (typeof exclusions)[number]): unknown[] => exclusions.map((each) => each[name])
  await queries.query(
    `insert into interruption_exclusion (interruption_id, unit_id, reason, situation_id, evidence, approval_id)
     select interruption_id, unit_id, reason, situation_id, $5, $6
     from unnest($1::bigint[], $2::text[], $3::text[], $4::text[]) rows (interruption_id, unit_id, reason, situation_id)`,
    [column('interruptionId'), column('unitId'), column('reason'), column('situationId'), evidence, approvalId],
  )
}

/** @returns whether there was one to take back */
export async function takeBackExclusion(queries: Queries, exclusionId: number, approvalId: number): Promise<boolean> {
  const rows = await queries.query(
    `update interruption_exclusion set taken_back_by = $2 where exclusion_id = $1 and taken_back_by is null returning 1`,
    [exclusionId, approvalId],
  )
  return rows.length > 0
}

/** When the last interruption of units of a conjunto ended that was under way in a stretch of time (UTC milliseconds). */
export async function lastEndIn(
  queries: Queries,
  conjuntoId: string,
  from: number,
  until: number,
): Promise<{ readonly lastEnd: number | null; readonly lasts: boolean }> {
  const [row] = await queries.query<{ lastEnd: number | null; lasts: boolean }>(
    `select ${ms('max(u.ended_at)')} as "lastEnd", coalesce(bool_or(u.ended_at is null), false) as lasts
     from unit_interruption u join consumer_unit using (unit_id)
     where conjunto_id = $1 and u.started_at < to_timestamp($3::float8 / 1000)
       and (u.ended_at is null or u.ended_at > to_timestamp($2::float8 / 1000))
       and u.started_at >= coalesce(
         (select min(started_at) from interruption
          where not void and (ended_at is null or ended_at > to_timestamp($2::float8 / 1000))), 'infinity')`,
    [conjuntoId, from, until],
  )
  return row!
}

/** The zone of a conjunto's civil days, null where it has none of its own; undefined for no conjunto. */
export async function zoneOfConjunto(queries: Queries, conjuntoId: string): Promise<string | null | undefined> {
  const [row] = await queries.query<{ zone: string | null }>(
    'select time_zone as zone from conjunto where conjunto_id = $1',
    [conjuntoId],
  )
  return row?.zone
}

/** Where and when a situation of emergency is. UTC milliseconds. */
export interface EmergencyReach {
  readonly conjuntoIds: readonly string[]
  /** IBGE codes. */
  readonly municipalityCodes: readonly number[]
  readonly startsAt: number
  readonly endsAt: number
}

export async function findSituation(queries: Queries, situationId: string): Promise<EmergencyReach | undefined> {
  const [row] = await queries.query<EmergencyReach>(
    `select conjunto_ids as "conjuntoIds", municipality_codes as "municipalityCodes", ${ms('starts_at')} as "startsAt",
       ${ms('ends_at')} as "endsAt"
     from emergency_situation where situation_id = $1`,
    [situationId],
  )
  return row
}

/** Of these units the first that are neither in these conjuntos nor in these municipalities. */
export async function unitsOutside(
  queries: Queries,
  unitIds: readonly string[],
  { conjuntoIds, municipalityCodes }: Pick<EmergencyReach, 'conjuntoIds' | 'municipalityCodes'>,
  limit: number,
): Promise<string[]> {
  const rows = await queries.query<{ unitId: string }>(
    `select unit_id as "unitId" from consumer_unit
     where unit_id = any ($1) and not coalesce(conjunto_id = any ($2), false)
       and not coalesce(municipality_code = any ($3), false)
     order by unit_id limit $4`,
    [unitIds, conjuntoIds, municipalityCodes, limit],
  )
  return rows.map(({ unitId }) => unitId)
}

/** Of which events interruptions are. */
export const eventsOf = (
  queries: Queries,
  interruptionIds: readonly number[],
): Promise<{ interruptionId: number; eventId: number }[]> =>
  queries.query(
    `select interruption_id::float8 as "interruptionId", event_id::float8 as "eventId" from interruption
     where interruption_id = any ($1::bigint[]) order by interruption_id`,
    [interruptionIds],
  )

/** Of these units those that the registry has. */
export async function unitsKnown(queries: Queries, unitIds: readonly string[]): Promise<Set<string>> {
  const rows = await queries.query<{ unitId: string }>(
    'select unit_id as "unitId" from consumer_unit where unit_id = any ($1)',
    [unitIds],
  )
  return new Set(rows.map(({ unitId }) => unitId))
}

/** Outages of units that began within a stretch of time (UTC milliseconds), by unit and time. */
export const outagesOfUnits = (
  queries: Queries,
  unitIds: readonly string[],
  from: number,
  until: number,
): Promise<UnitOutage[]> =>
  queries.query(
    `select unit_id as "unitId", interruption_id::float8 as "interruptionId", ${ms('started_at')} as "from",
       ${ms('ended_at')} as until
     from unit_interruption
     where unit_id = any ($1) and started_at >= to_timestamp($2::float8 / 1000) and started_at < to_timestamp($3::float8 / 1000)
     order by unit_id, started_at`,
    [unitIds, from, until],
  )
