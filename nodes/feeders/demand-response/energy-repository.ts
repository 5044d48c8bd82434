import { milliseconds } from '../../../platform/storage/milliseconds.ts'
import type { Queries } from '../../../platform/storage/queries.ts'

/** What power is read of: one meter at a feeder's head, or DERs. */
export interface EnergySeries {
  readonly measure: 'p_kw' | 'p_actual_kw'
  readonly deviceKeys: readonly number[]
}

/** A span of time, UTC milliseconds. */
export interface EnergySpan {
  readonly from: number
  readonly to: number
}

const isoOf = (instant: number): string => new Date(instant).toISOString()

/** Beginning of the first span and end of the last one: they spare the partitions that have nothing of them. */
const boundsOf = (spans: readonly EnergySpan[]): readonly [string, string] => [
  isoOf(Math.min(...spans.map(({ from }) => from))),
  isoOf(Math.max(...spans.map(({ to }) => to))),
]

/** The meter at a feeder's head; undefined: it has none. */
export async function headOf(queries: Queries, feederId: string): Promise<EnergySeries | undefined> {
  const [row] = await queries.query<{ deviceKey: number }>(
    `select device_key as "deviceKey" from feeder f join device d on d.device_id = f.head_meter_id where f.feeder_id = $1`,
    [feederId],
  )
  return row && { measure: 'p_kw', deviceKeys: [row.deviceKey] }
}

/** All DERs at a feeder and below it. */
export async function dersBelow(queries: Queries, feederId: string): Promise<EnergySeries> {
  const rows = await queries.query<{ deviceKey: number }>(
    `with recursive below as (
       select feeder_id from feeder where feeder_id = $1
       union select f.feeder_id from below b join feeder f on f.parent_feeder_id = b.feeder_id
     )
     select d.device_key as "deviceKey" from device d left join site s using (site_id)
     where d.kind = 'der' and d.status = 'active' and coalesce(d.feeder_id, s.feeder_id) in (select feeder_id from below)
     order by d.device_key`,
    [feederId],
  )
  return { measure: 'p_actual_kw', deviceKeys: rows.map(({ deviceKey }) => deviceKey) }
}

/** Mean power of hours, by their beginnings (UTC milliseconds), kW: the sum of what was reported. Hours without readings are not there. */
export async function hourMeans(
  queries: Queries,
  { measure, deviceKeys }: EnergySeries,
  hours: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  const rows = await queries.query<{ hour: number; kw: number }>(
    `select ${milliseconds('at')} as hour, sum(total / samples) as kw from reading_hour
     where device_key = any ($1::int[]) and measure = $2::measure
       and at = any ($3::timestamptz[])
     group by at`,
    [deviceKeys, measure, hours.map(isoOf)],
  )
  return new Map(rows.map(({ hour, kw }) => [hour, kw]))
}

/** What was measured in a span: the sum of the devices' means, kW, and of how many quarters of an hour, counted by device. */
export interface SpanMean {
  readonly kw: number
  readonly devices: number
  readonly quarters: number
}

/** Of each span, in the order given; undefined where nothing was measured. */
export async function spanMeans(
  queries: Queries,
  { measure, deviceKeys }: EnergySeries,
  spans: readonly EnergySpan[],
): Promise<(SpanMean | undefined)[]> {
  const rows = await queries.query<SpanMean & { readonly index: number }>(
    `select index::int, sum(kw) as kw, count(*)::int as devices, sum(quarters)::int as quarters from (
       select index, device_key, avg(total / samples) as kw,
         count(distinct date_bin('15 minutes', at, span.from)) as quarters
       from unnest($3::float8[], $4::float8[]) with ordinality as given (from_ms, to_ms, index)
       cross join lateral (select to_timestamp(from_ms / 1000) as "from", to_timestamp(to_ms / 1000) as "to") span
       join reading_minute on at >= span.from and at < span.to
       where device_key = any ($1::int[]) and measure = $2::measure
         and at >= $5::timestamptz and at < $6::timestamptz
       group by index, device_key
     ) by_device group by index`,
    [deviceKeys, measure, spans.map(({ from }) => from), spans.map(({ to }) => to), ...boundsOf(spans)],
  )
  const found = new Map(rows.map(({ index, ...mean }) => [index - 1, mean]))
  return spans.map((_, index) => found.get(index))
}

/** How many of these devices were measured in any of these hours. */
export async function measuredDevices(
  queries: Queries,
  { measure, deviceKeys }: EnergySeries,
  hours: readonly number[],
): Promise<number> {
  const [row] = await queries.query<{ devices: number }>(
    `select count(distinct device_key)::int as devices from reading_hour
     where device_key = any ($1::int[]) and measure = $2::measure
       and at = any ($3::timestamptz[])`,
    [deviceKeys, measure, hours.map(isoOf)],
  )
  return row!.devices
}

/** Part of an event as utilisation needs it: its span, and the hours of like days that its baseline is the mean of. */
export interface UtilisationPart extends EnergySpan {
  readonly hours: readonly number[]
}

/**
 * Writes what each device took in an event, and gave up against the mean of its own same hours; anew where it was written before.
 * @param sign  1: less taken is given up; −1: less fed in
 */
export async function writeUtilisation(
  queries: Queries,
  eventId: number,
  startsAt: number,
  { measure, deviceKeys }: EnergySeries,
  parts: readonly UtilisationPart[],
  sign: 1 | -1,
): Promise<void> {
  const hours = parts.flatMap(({ hours }, index) => hours.map((hour) => [index + 1, hour] as const))
  await queries.query(
    `insert into dr_utilisation as u (at, event_id, device_id, used_kwh, baseline_kwh, shed_kwh)
     with part as (
       select index, to_timestamp(from_ms / 1000) as "from", to_timestamp(to_ms / 1000) as "to", (to_ms - from_ms) / 3600000 as hours
       from unnest($5::float8[], $6::float8[]) with ordinality as given (from_ms, to_ms, index)
     ), used as (
       select device_key, sum(kw * hours) as kwh from (
         select part.index, part.hours, device_key, avg(total / samples) as kw
         from part join reading_minute on at >= part."from" and at < part."to"
         where device_key = any ($1::int[]) and measure = $2::measure
           and at >= $10::timestamptz and at < $11::timestamptz group by 1, 2, 3
       ) by_part group by 1
     ), like_hour as (
       select index, to_timestamp(ms / 1000) as at from unnest($7::int[], $8::float8[]) as given (index, ms)
     ), baseline as (
       select device_key, sum(kw * hours) as kwh from (
         select part.index, part.hours, device_key, avg(total / samples) as kw
         from part join like_hour using (index) join reading_hour using (at)
         where device_key = any ($1::int[]) and measure = $2::measure and at >= $12::timestamptz and at < $10::timestamptz
         group by 1, 2, 3
       ) by_part group by 1 having count(*) = (select count(*) from part)
     )
     select to_timestamp($4::float8 / 1000), $3::bigint, device_id, used.kwh, baseline.kwh, $9::int * (baseline.kwh - used.kwh)
     from used join device using (device_key) left join baseline using (device_key) order by device_id
     on conflict (at, event_id, device_id) do update set used_kwh = excluded.used_kwh, baseline_kwh = excluded.baseline_kwh,
       shed_kwh = excluded.shed_kwh`,
    [
      ...[deviceKeys, measure, eventId, startsAt, parts.map(({ from }) => from), parts.map(({ to }) => to)],
      ...[hours.map(([index]) => index), hours.map(([, hour]) => hour), sign],
      ...[...boundsOf(parts), isoOf(Math.min(startsAt, ...hours.map(([, hour]) => hour)))],
    ],
  )
}
