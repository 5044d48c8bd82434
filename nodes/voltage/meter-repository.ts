import type { PoolClient } from 'pg'
import type { FieldDisturbance } from './domain/disturbances.ts'
import type { Terminals } from './domain/measuring-point.ts'
import { referenceVoltage } from '../../platform/network/reference-voltage.ts'

/** A time of one meter: instants are UTC milliseconds. */
export interface MeterTime {
  readonly deviceKey: number
  readonly from: number
  readonly until: number
}

/** A unit that a meter measures, for a time. */
export interface MeasuredUnit {
  /** Both may be infinite. */
  readonly from: number
  readonly until: number
  readonly unitId: string
  /** Contracted voltage above 2.3 kV where there is one, else nominal, V. */
  readonly referenceV: number
  /** As `ABC`. */
  readonly phases: string
  readonly measuredBetween: Terminals
}

/** What the registry says of a meter. */
export interface RegisteredMeter {
  readonly deviceKey: number
  readonly deviceId: string
  /** Its own nominal voltage, V: holds while it measures no unit. */
  readonly nominalV: number | null
  readonly units: readonly MeasuredUnit[]
}

/** Keys of the first meters behind one, in their order. */
export async function metersAfter(client: PoolClient, after: number, most: number): Promise<number[]> {
  const { rows } = await client.query<[number]>({
    text: `select device_key from device where kind = 'meter' and device_key > $1 order by device_key limit $2`,
    values: [after, most],
    rowMode: 'array',
  })
  return rows.map(([deviceKey]) => deviceKey)
}

export async function countMeters(client: PoolClient): Promise<number> {
  const { rows } = await client.query<{ meters: number }>(
    `select count(*)::integer as meters from device where kind = 'meter'`,
  )
  return rows[0]!.meters
}

/** What meters measure at some time from `from` until `until`, by key. */
export async function registeredMeters(
  client: PoolClient,
  deviceKeys: readonly number[],
  from: number,
  until: number,
): Promise<Map<number, RegisteredMeter>> {
  const { rows } = await client.query<
    Omit<RegisteredMeter, 'units'> & { [Field in keyof MeasuredUnit]: MeasuredUnit[Field] | null }
  >(
    `select d.device_key as "deviceKey", device_id as "deviceId", d.nominal_voltage_v as "nominalV", unit_id as "unitId", u.phases,
       ${referenceVoltage} as "referenceV", measured_between as "measuredBetween",
       coalesce(extract(epoch from lower(validity))::float8 * 1000, '-infinity') as "from",
       coalesce(extract(epoch from upper(validity))::float8 * 1000, 'infinity') as until
     from device d
     left join meter_assignment a on a.device_key = d.device_key
       and validity && tstzrange(to_timestamp($2::float8 / 1000), to_timestamp($3::float8 / 1000))
     left join consumer_unit u using (unit_id)
     where d.device_key = any ($1)
     order by d.device_key, lower(validity)`,
    [deviceKeys, from, until],
  )
  const meters = new Map<number, RegisteredMeter & { units: MeasuredUnit[] }>()
  for (const { deviceKey, deviceId, nominalV, ...unit } of rows) {
    let meter = meters.get(deviceKey)
    if (!meter) meters.set(deviceKey, (meter = { deviceKey, deviceId, nominalV, units: [] }))
    if (unit.unitId !== null) meter.units.push(unit as MeasuredUnit)
  }
  return meters
}

/** Device, end of the interval (UTC ms), its length in seconds, and the voltages of the phases. */
export type SampleRow = [
  deviceKey: number,
  at: number,
  intervalS: number,
  va: number | null,
  vb: number | null,
  vc: number | null,
]

/** Readings in memory at a time. */
const fetched = 2_000

/**
 * Voltages that meters reported for some times, by meter and instant: intervals that reach into the time count, and readings of
 * up to `fineMs` as far as `reachMs` around it. Not all at once: there may be millions. The transaction must not end meanwhile.
 * @param times  one a meter
 */
export async function* samplesOf(
  client: PoolClient,
  times: readonly MeterTime[],
  qualities: readonly string[],
  fineMs: number,
  reachMs: number,
): AsyncGenerator<SampleRow[]> {
  const deviceKeys = times.map(({ deviceKey }) => deviceKey)
  const from = times.reduce((least, time) => Math.min(least, time.from), Infinity)
  const until = times.reduce((most, time) => Math.max(most, time.until), -Infinity)
  const common = [deviceKeys, from, until, fineMs / 1_000, reachMs, qualities]
  if (times.every((time) => time.from === from && time.until === until)) await client.query(samplesOfOneTime, common)
  else await client.query(samplesOfTimes, [...common, times.map((time) => time.from), times.map((time) => time.until)])
  for (;;) {
    const { rows } = await client.query<SampleRow>({
      text: `fetch forward ${fetched} from voltage_sample`,
      rowMode: 'array',
    })
    if (rows.length > 0) yield rows
    if (rows.length < fetched) break
  }
  await client.query('close voltage_sample')
}

/** Closing: many meters, side by side in the index. No interval is longer than ten minutes. */
const samplesOfOneTime = `
  declare voltage_sample no scroll cursor for
  select device_key, date_part('epoch', at) * 1000, interval_s, va_v, vb_v, vc_v
  from meter_reading
  where device_key = any ($1)
    and at > to_timestamp(($2::float8 - $5::float8) / 1000) and at < to_timestamp(($3::float8 + 600000) / 1000)
    and (at > to_timestamp($2 / 1000) or interval_s <= $4::float8)
    and (at <= to_timestamp($3 / 1000)
      or at < to_timestamp(($3 + case when interval_s <= $4 then $5 else 0 end) / 1000) + interval_s * interval '1 second')
    and quality = any ($6::reading_quality[]) and coalesce(va_v, vb_v, vc_v) is not null
  order by device_key, at`

/** Correcting: each meter has its own time, which is little of the whole; "offset 0" has each looked up by itself. */
const samplesOfTimes = `
  declare voltage_sample no scroll cursor for
  select t.device_key, date_part('epoch', at) * 1000, interval_s, va_v, vb_v, vc_v
  from (select device_key, to_timestamp(since / 1000) as since, to_timestamp(upto / 1000) as upto
        from unnest($1::integer[], $7::float8[], $8::float8[]) as given (device_key, since, upto)) t
  cross join lateral (
    select at, interval_s, va_v, vb_v, vc_v from meter_reading m
    where m.device_key = t.device_key
      and at > since - $5::float8 * interval '1 millisecond' and at < upto + interval '10 minutes'
      and at > to_timestamp(($2::float8 - $5) / 1000) and at < to_timestamp(($3::float8 + 600000) / 1000)
      and (at > since or interval_s <= $4::float8)
      and (at <= upto
        or at < upto + (interval_s * 1000 + case when interval_s <= $4 then $5 else 0 end) * interval '1 millisecond')
      and quality = any ($6::reading_quality[]) and coalesce(va_v, vb_v, vc_v) is not null
    offset 0) m
  order by t.device_key, at`

/** Outages that began before are looked for as far back as this. */
const longestOutage = '31 days'

/**
 * What events of meters say of a time, by meter. An outage lasts from the loss of power to its return, where that is the next
 * thing known; else the instant alone is. A VTCD is told at its end. Instants are UTC milliseconds.
 */
export async function disturbancesOf(
  client: PoolClient,
  deviceKeys: readonly number[],
  from: number,
  until: number,
  qualities: readonly string[],
): Promise<Map<number, FieldDisturbance[]>> {
  const { rows } = await client.query<
    FieldDisturbance & { deviceKey: number; phases: string | null; magnitudePu: number | null }
  >(
    `with event as (
       select device_key, type, event_id, phases, magnitude_pu, duration_s, at as told_at,
         at - coalesce(duration_s, 0) * interval '1 second' as at,
         lag(type) over power as previous, lead(type) over power as next, lead(at) over power as next_at
       from field_event
       where device_key = any ($1) and type in ('power_lost', 'power_restored', 'vtcd')
         and at >= to_timestamp($2::float8 / 1000) - interval '${longestOutage}' and quality = any ($4::reading_quality[])
       window power as (partition by device_key, type = 'vtcd' order by at, event_id)
     )
     select device_key as "deviceKey", magnitude_pu as "magnitudePu", case type when 'vtcd' then 'vtcd' else 'interruption' end as reason, event_id as "eventId",
       extract(epoch from at)::float8 * 1000 as at, phases,
       case when type = 'vtcd' and duration_s > 0 then extract(epoch from told_at)::float8 * 1000
         when type = 'power_lost' and next = 'power_restored' then extract(epoch from next_at)::float8 * 1000 end as until
     from event
     where at < to_timestamp($3::float8 / 1000) and (
       told_at >= to_timestamp($2::float8 / 1000) and (type <> 'power_restored' or previous is distinct from 'power_lost')
       or type = 'power_lost' and next = 'power_restored' and next_at > to_timestamp($2::float8 / 1000))
     order by device_key, at, event_id`,
    [deviceKeys, from, until, qualities],
  )
  const found = new Map<number, FieldDisturbance[]>()
  for (const { deviceKey, phases, magnitudePu, ...event } of rows) {
    const disturbance = { ...event, ...(phases && { phases }), ...(magnitudePu !== null && { magnitudePu }) }
    const of = found.get(deviceKey)
    if (of) of.push(disturbance)
    else found.set(deviceKey, [disturbance])
  }
  return found
}
