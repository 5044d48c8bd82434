import type { TestDatabase } from '../../../platform/storage/test-database.ts'

/** When the town is looked at: a Monday, 10:00 in São Paulo, UTC milliseconds. */
export const townAt = Date.parse('2026-03-02T13:00:00Z')

/**
 * A busbar with two feeders, the first of which has one below it: heads at the busbar and at the first feeder, meters of units on the
 * second, an EV and a PV behind one of them.
 */
export async function buildTown({ database }: TestDatabase): Promise<void> {
  const run = (text: string, values: unknown[] = []) => database.query(text, values)
  await run(`insert into feeder (feeder_id, parent_feeder_id, limit_kw, nominal_voltage_v) values
    ('f-0', null, 500, null), ('f-1', 'f-0', 80, 127), ('f-1a', 'f-1', null, null), ('f-2', 'f-0', 150, null), ('other', null, 9, null)`)
  await run(`insert into site (site_id, feeder_id) values ('s-1', 'f-2'), ('s-2', 'f-2')`)
  await run(`insert into device (device_id, kind, der_type, status, feeder_id, site_id, rated_kw) values
    ('h-0', 'meter', null, 'active', null, null, null), ('h-1', 'meter', null, 'active', null, null, null),
    ('m-1', 'meter', null, 'active', null, 's-1', null), ('m-2', 'meter', null, 'active', null, 's-2', null),
    ('m-x', 'meter', null, 'active', 'f-2', null, null),
    ('ev-1', 'der', 'ev', 'active', null, 's-1', 7.4), ('pv-1', 'der', 'pv', 'active', 'f-2', null, 5),
    ('ev-2', 'der', 'ev', 'active', 'f-1a', null, 22), ('ev-3', 'der', 'ev', 'pending', 'f-1a', null, 22)`)
  await run(`update feeder set head_meter_id = 'h-' || right(feeder_id, 1) where feeder_id in ('f-0', 'f-1')`)
  await run(`insert into consumer_unit (unit_id, site_id, feeder_id, phases, nominal_voltage_v) values
    ('u-1', 's-1', null, 'AB', 127), ('u-2', 's-2', null, 'C', 127)`)
  await run(`insert into meter_assignment (unit_id, device_key, validity)
    select 'u-' || right(device_id, 1), device_key, '(,)' from device where device_id in ('m-1', 'm-2')`)
}

/** What a device has said last. @param at  UTC milliseconds */
export async function said(
  { database }: TestDatabase,
  deviceId: string,
  at: number,
  powerKw: number,
  measures: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  await database.query(
    `insert into latest_reading (device_key, kind, at, received_at, quality, power_kw, measures)
     select device_key, kind, to_timestamp($2::float8 / 1000), to_timestamp($2::float8 / 1000), 'good', $3, $4
     from device where device_id = $1
     on conflict (device_key) do update set at = excluded.at, received_at = excluded.received_at, power_kw = excluded.power_kw,
       measures = excluded.measures`,
    [deviceId, at, powerKw, JSON.stringify(measures)],
  )
}
