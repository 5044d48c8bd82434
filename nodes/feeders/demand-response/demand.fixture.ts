import type { Database } from '../../../platform/storage/database.ts'
import { Partitions } from '../../../platform/storage/partitions.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import { enterEvent, type EnteredEvent, type Origin } from './enter-event.ts'
import { enterProgram } from './enter-program.ts'
import type { ProgramContent } from './program-repository.ts'

export const minuteMs = 60_000
export const hourMs = 3_600_000
/** 2026-11-23 18:00 in São Paulo, a Monday, UTC milliseconds. */
export const six = Date.parse('2026-11-23T21:00:00Z')

/**
 * Two roots, `root` (500 kW) and `other`; below the first `f-1` (110 kW, head meter `head-1`) with the chargers `ev-1` and `ev-2` of
 * 22 kW, and `f-2`; at the site of unit `u-1`, on `f-1`, `ev-3` of 7 kW.
 */
export async function seedTown(queries: Queries): Promise<void> {
  await queries.query(`insert into device (device_id, kind, status) values ('head-1', 'meter', 'active')`)
  await queries.query(
    `insert into feeder (feeder_id, parent_feeder_id, limit_kw, head_meter_id) values ('root', null, 500, null),
       ('other', null, null, null), ('f-1', 'root', 110, 'head-1'), ('f-2', 'root', null, null)`,
  )
  await queries.query(`insert into site (site_id, feeder_id) values ('s-1', 'f-1')`)
  await queries.query(
    `insert into consumer_unit (unit_id, site_id, feeder_id, nominal_voltage_v) values ('u-1', 's-1', 'f-1', 127)`,
  )
  await queries.query(
    `insert into device (device_id, kind, der_type, status, rated_kw, feeder_id, site_id)
     values ('ev-1', 'der', 'ev', 'active', 22, 'f-1', null), ('ev-2', 'der', 'ev', 'active', 22, 'f-1', null),
       ('ev-3', 'der', 'ev', 'active', 7, null, 's-1'), ('pv-1', 'der', 'pv', 'active', 50, 'f-2', null),
       ('bat-1', 'der', 'battery', 'active', 10, 'f-2', null)`,
  )
}

/** A limit of 50 kW on `f-1` for two hours from six o'clock on. */
export const anEvent = (of: Partial<EnteredEvent> = {}): EnteredEvent => ({
  ...{ type: 'peak', feederId: 'f-1', programId: null, startsAt: six, endsAt: six + 2 * hourMs, snapbackMinutes: 50 },
  action: { mode: 'limit', direction: 'import', limitKw: 50, targetShedKw: null },
  ...of,
})

/** 40 kW are shed on working days from six to nine; R$ 0.90 for each kWh, R$ 0.45 for each that is missing. */
export const aProgram = (of: Partial<ProgramContent> = {}): ProgramContent => ({
  ...{
    name: 'Ponta',
    mode: 'shed',
    feederId: 'f-1',
    timeZone: 'America/Sao_Paulo',
    limitKw: null,
    direction: 'import',
  },
  window: {
    ...{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], fromMinute: 18 * 60, untilMinute: 21 * 60 },
    ...{ validFrom: null, validUntil: null },
  },
  ...{ targetShedKw: 40, priceBrlPerKwh: null, elasticity: 0, incentiveBrlPerKwh: 0.9, penaltyBrlPerKwh: 0.45 },
  ...{ enrolledOnly: false, snapbackMinutes: 0, active: true },
  ...of,
})

const nameless: Origin = { source: 'test', externalId: null, whenChanged: 'refuse' }

/** @returns the number of the event */
export const entered = async (
  database: Database,
  of: Partial<EnteredEvent> = {},
  at = six - hourMs,
  origin = nameless,
): Promise<number> => {
  const { eventId } = await enterEvent(database, anEvent(of), origin, 'ana', at)
  return eventId
}

/** @returns the number of the program */
export const enteredProgram = async (
  database: Database,
  of: Partial<ProgramContent> = {},
  at = six - 48 * hourMs,
): Promise<number> => {
  const { programId } = await enterProgram(database, aProgram(of), nameless, 'ana', at)
  return programId
}

/** Power of a device in kW over a span, as roll-ups have it: one sample a minute. */
export async function seedPower(
  database: Database,
  deviceId: string,
  measure: 'p_kw' | 'p_actual_kw',
  { from, to }: { readonly from: number; readonly to: number },
  kw: number,
): Promise<void> {
  const partitions = new Partitions(database)
  for (const at of [from, to - 1])
    for (const table of ['reading_minute', 'reading_hour']) await partitions.ensure(table, at)
  await database.query(
    `with minute as (
       insert into reading_minute (at, device_key, measure, total, lowest, highest, samples)
       select at, device_key, $2::measure, $5, $5, $5, 1
       from device, generate_series(to_timestamp($3::float8 / 1000), to_timestamp(($4::float8 - 1) / 1000), '1 minute') at
       where device_id = $1
       on conflict (device_key, measure, at) do update set total = excluded.total returning *
     )
     insert into reading_hour as h (at, device_key, measure, total, lowest, highest, samples)
     select date_trunc('hour', at, 'UTC'), device_key, measure, sum(total), min(lowest), max(highest), count(*)::int
     from minute group by 1, 2, 3
     on conflict (device_key, measure, at) do update set total = h.total + excluded.total, samples = h.samples + excluded.samples`,
    [deviceId, measure, from, to, kw],
  )
}
