import { milliseconds } from '../../../platform/storage/milliseconds.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { LogEntry } from '../../../platform/storage/follower.ts'
import type { CivilDay } from './day-repository.ts'

/** What was written of a plant at once: slots, or days, or both. Instants are UTC milliseconds. */
export interface SolarRound {
  readonly plantId: string
  /** Slots that were written: from one instant up to another; the same twice: none. */
  readonly from: number
  readonly to: number
  readonly slots: number
  /** Day that was computed, and of how many panels; 0: none was. */
  readonly civilDay: CivilDay
  readonly panels: number
  /** By the platform's clock. */
  readonly recordedAt: number
}

/** Appends a round, in the transaction that writes it. Positions become visible in their order: one writes at a time. */
export async function appendRound(queries: Queries, round: SolarRound): Promise<void> {
  const { plantId, from, to, slots, civilDay, panels, recordedAt } = round
  await queries.query(`select pg_advisory_xact_lock(hashtextextended('linha-viva solar', 0))`)
  await queries.query(
    `insert into solar_round (plant_id, from_at, until, slots, day, day_begins_at, panels, recorded_at)
     values ($1, to_timestamp($2::float8 / 1000), to_timestamp($3::float8 / 1000), $4, $5::date, to_timestamp($6::float8 / 1000), $7,
       to_timestamp($8::float8 / 1000))`,
    [plantId, from, to, slots, civilDay.day, civilDay.beginsAt, panels, recordedAt],
  )
}

/** A round as it stands in its log. */
export interface LoggedRound extends LogEntry, SolarRound {}

const columns = `position::float8 as position, plant_id as "plantId", ${milliseconds('from_at')} as from, ${milliseconds('until')} as to,
  slots, to_char(day, 'YYYY-MM-DD') as day, ${milliseconds('day_begins_at')} as "beginsAt", panels,
  ${milliseconds('recorded_at')} as "recordedAt"`

/** Rounds after a position, oldest first: as many as make up `maxItems` points, at least one where there is one. */
export async function roundsAfter(queries: Queries, position: number, maxItems: number): Promise<LoggedRound[]> {
  const rows = await queries.query<Omit<LoggedRound, 'civilDay'> & CivilDay>(
    `select ${columns}
     from (select *, sum(slots + panels) over (order by position) - slots - panels as before
           from (select * from solar_round where position > $1 order by position limit 1000) next) summed
     where before < $2 order by position`,
    [position, maxItems],
  )
  return rows.map(({ day, beginsAt, ...round }) => ({ ...round, civilDay: { day, beginsAt } }))
}

export async function countRoundsAfter(
  queries: Queries,
  position: number,
): Promise<{ readonly rounds: number; readonly points: number }> {
  const [row] = await queries.query<{ rounds: number; points: number }>(
    `select count(*)::integer as rounds, coalesce(sum(slots + panels), 0)::integer as points from solar_round where position > $1`,
    [position],
  )
  return row!
}

/** Lets go of what is older than minutes of readings are kept: slots by whole months, and rounds. Instants are UTC milliseconds. */
export async function forgetSlots(queries: Queries, before: number, now: number): Promise<void> {
  await queries.query(
    `select drop_partitions_before('solar_plant_slot', to_timestamp($1::float8 / 1000), to_timestamp($2::float8 / 1000))`,
    [before, now],
  )
  await queries.query('delete from solar_round where recorded_at < to_timestamp($1::float8 / 1000)', [before])
}
