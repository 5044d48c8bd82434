import { milliseconds } from '../../../platform/storage/milliseconds.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { Direction } from '../domain/allocation/problem.ts'
import type { DemandMode } from '../domain/demand-response/call.ts'
import type { ProgramWindow, Weekday } from '../domain/demand-response/program-window.ts'

/** What is agreed on with those who give way. */
export interface ProgramContent {
  readonly name: string
  readonly mode: DemandMode
  /** Null: each root feeder by itself. */
  readonly feederId: string | null
  /** When it calls by itself; null: only events call on it. */
  readonly window: ProgramWindow | null
  /** IANA zone of the window. */
  readonly timeZone: string
  /** Of mode `limit`, kW. */
  readonly limitKw: number | null
  readonly direction: Direction
  /** What is to be shed, kW: what incentive and penalty go by. */
  readonly targetShedKw: number | null
  /** Of mode `price`; null: the reference price and the incentive together. */
  readonly priceBrlPerKwh: number | null
  readonly elasticity: number
  readonly incentiveBrlPerKwh: number
  readonly penaltyBrlPerKwh: number
  readonly enrolledOnly: boolean
  readonly snapbackMinutes: number
  readonly active: boolean
}

export interface StoredProgram extends ProgramContent {
  readonly programId: number
  readonly source: string
  readonly externalId: string | null
  readonly requestHash: string
  readonly changedBy: string
  /** UTC milliseconds of the platform's clock. */
  readonly changedAt: number
  readonly version: number
}

interface ProgramRow extends Omit<StoredProgram, 'window'> {
  readonly days: readonly Weekday[] | null
  readonly fromMinute: number | null
  readonly untilMinute: number | null
  readonly validFrom: string | null
  readonly validUntil: string | null
}

const columns = `program_id::float8 as "programId", name, mode, feeder_id as "feederId", days, from_minute as "fromMinute",
  until_minute as "untilMinute", valid_from::text as "validFrom", valid_until::text as "validUntil", time_zone as "timeZone",
  limit_kw as "limitKw", direction, target_shed_kw as "targetShedKw", price_brl_kwh as "priceBrlPerKwh", elasticity,
  incentive_brl_kwh::float8 as "incentiveBrlPerKwh", penalty_brl_kwh::float8 as "penaltyBrlPerKwh",
  enrolled_only as "enrolledOnly", snapback_minutes as "snapbackMinutes", active, source, external_id as "externalId",
  request_hash as "requestHash", changed_by as "changedBy", ${milliseconds('changed_at')} as "changedAt", version`

function programOf({ days, fromMinute, untilMinute, validFrom, validUntil, ...row }: ProgramRow): StoredProgram {
  const window =
    days === null ? null : { days, fromMinute: fromMinute!, untilMinute: untilMinute!, validFrom, validUntil }
  return { ...row, window }
}

/** What is written of a program, by whom and when (UTC milliseconds of the platform's clock). */
export type NewProgram = ProgramContent &
  Pick<StoredProgram, 'source' | 'externalId' | 'requestHash' | 'changedBy' | 'changedAt'>

const valuesOf = (program: NewProgram): unknown[] => [
  ...[program.name, program.mode, program.feederId, program.window?.days ?? null, program.window?.fromMinute ?? null],
  ...[program.window?.untilMinute ?? null, program.timeZone, program.window?.validFrom ?? null],
  ...[
    program.window?.validUntil ?? null,
    program.limitKw,
    program.direction,
    program.targetShedKw,
    program.priceBrlPerKwh,
  ],
  ...[program.elasticity, program.incentiveBrlPerKwh, program.penaltyBrlPerKwh, program.enrolledOnly],
  ...[program.snapbackMinutes, program.active, program.requestHash, program.changedBy, program.changedAt],
]

/** @returns its id; undefined where its source has one of that name already */
export async function insertProgram(queries: Queries, program: NewProgram): Promise<number | undefined> {
  const [row] = await queries.query<{ programId: number }>(
    `insert into dr_program (name, mode, feeder_id, days, from_minute, until_minute, time_zone, valid_from, valid_until, limit_kw,
       direction, target_shed_kw, price_brl_kwh, elasticity, incentive_brl_kwh, penalty_brl_kwh, enrolled_only,
       snapback_minutes, active, request_hash, changed_by, changed_at, source, external_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
       to_timestamp($22::float8 / 1000), $23, $24)
     on conflict (source, external_id) do nothing returning program_id::float8 as "programId"`,
    [...valuesOf(program), program.source, program.externalId],
  )
  return row?.programId
}

export async function updateProgram(queries: Queries, programId: number, program: NewProgram): Promise<void> {
  await queries.query(
    `update dr_program set name = $1, mode = $2, feeder_id = $3, days = $4, from_minute = $5, until_minute = $6, time_zone = $7,
       valid_from = $8, valid_until = $9, limit_kw = $10, direction = $11, target_shed_kw = $12, price_brl_kwh = $13,
       elasticity = $14, incentive_brl_kwh = $15, penalty_brl_kwh = $16, enrolled_only = $17, snapback_minutes = $18,
       active = $19, request_hash = $20, changed_by = $21, changed_at = to_timestamp($22::float8 / 1000), version = version + 1
     where program_id = $23`,
    [...valuesOf(program), programId],
  )
}

export async function findProgram(queries: Queries, programId: number): Promise<StoredProgram | undefined> {
  const [row] = await queries.query<ProgramRow>(`select ${columns} from dr_program where program_id = $1`, [programId])
  return row && programOf(row)
}

/** The program, which nobody else changes before this transaction ends. */
export async function lockProgram(queries: Queries, programId: number): Promise<StoredProgram | undefined> {
  const [row] = await queries.query<ProgramRow>(`select ${columns} from dr_program where program_id = $1 for update`, [
    programId,
  ])
  return row && programOf(row)
}

/** The program that a source calls so. */
export async function programNamed(
  queries: Queries,
  source: string,
  externalId: string,
): Promise<StoredProgram | undefined> {
  const [row] = await queries.query<ProgramRow>(
    `select ${columns} from dr_program where source = $1 and external_id = $2 for update`,
    [source, externalId],
  )
  return row && programOf(row)
}

/** Programs that call by themselves. */
export async function callingPrograms(queries: Queries, most: number): Promise<StoredProgram[]> {
  const rows = await queries.query<ProgramRow>(
    `select ${columns} from dr_program where active and days is not null order by program_id limit $1`,
    [most],
  )
  return rows.map(programOf)
}

/** Which of these programs are for the enrolled only. */
export async function enrolledOnlyOf(queries: Queries, programIds: readonly number[]): Promise<ReadonlySet<number>> {
  if (programIds.length === 0) return new Set()
  const rows = await queries.query<{ programId: number }>(
    `select program_id::float8 as "programId" from dr_program where enrolled_only and program_id = any ($1::bigint[])`,
    [programIds],
  )
  return new Set(rows.map(({ programId }) => programId))
}

export async function countPrograms(queries: Queries): Promise<number> {
  const [row] = await queries.query<{ programs: number }>('select count(*)::int as programs from dr_program')
  return row!.programs
}

/** By number, `limit` at most, behind `after`. */
export async function listPrograms(
  queries: Queries,
  { active, feederId }: { readonly active: boolean | null; readonly feederId: string | null },
  page: { readonly after: number | undefined; readonly limit: number },
): Promise<StoredProgram[]> {
  const rows = await queries.query<ProgramRow>(
    `select ${columns} from dr_program
     where ($1::boolean is null or active = $1) and ($2::text is null or feeder_id = $2 or feeder_id is null)
       and ($3::bigint is null or program_id > $3)
     order by program_id limit $4`,
    [active, feederId, page.after ?? null, page.limit],
  )
  return rows.map(programOf)
}

/** @returns false: events belong to it, and it stays */
export async function deleteProgram(queries: Queries, programId: number): Promise<boolean> {
  const rows = await queries.query(
    `delete from dr_program where program_id = $1
       and not exists (select from dr_event where program_id = $1)
       and not exists (select from dr_participation where program_id = $1)
     returning program_id`,
    [programId],
  )
  return rows.length > 0
}
