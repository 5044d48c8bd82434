import { milliseconds } from '../../../platform/storage/milliseconds.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { Phase } from '../domain/allocation/problem.ts'
import type { ForecastState } from '../domain/base-forecast.ts'
import type { MeterMeasures } from '../domain/head-reading.ts'
import type { FeederPlace } from '../domain/limits-in-force.ts'

/** A feeder with the newest reading of the meter at its head. */
export interface FeederRow extends FeederPlace {
  readonly rootId: string
  /** Null: it has no meter there, or that has never reported. UTC milliseconds; a power that is not fit for use is null. */
  readonly head: { readonly at: number; readonly powerKw: number | null; readonly measures: MeterMeasures } | null
}

/** @returns undefined where there is no such feeder */
export async function findFeeder(
  queries: Queries,
  feederId: string,
): Promise<Pick<FeederPlace, 'nominalVoltageV'> | undefined> {
  const [feeder] = await queries.query<Pick<FeederPlace, 'nominalVoltageV'>>(
    'select nominal_voltage_v as "nominalVoltageV" from feeder where feeder_id = $1',
    [feederId],
  )
  return feeder
}

/** The roots of the registry, by name. */
export async function rootFeeders(queries: Queries): Promise<string[]> {
  const rows = await queries.query<{ feederId: string }>(
    'select feeder_id as "feederId" from feeder where parent_feeder_id is null order by feeder_id',
  )
  return rows.map(({ feederId }) => feederId)
}

/** The feeders of whole trees. @param rootIds  null: of all */
export function findFeeders(queries: Queries, rootIds: readonly string[] | null): Promise<FeederRow[]> {
  return queries.query<FeederRow>(
    `with recursive tree as (
       select feeder_id as root_id, feeder_id from feeder
       where parent_feeder_id is null and ($1::text[] is null or feeder_id = any ($1))
       union
       select t.root_id, f.feeder_id from feeder f join tree t on f.parent_feeder_id = t.feeder_id
     )
     select t.root_id as "rootId", f.feeder_id as "feederId", f.parent_feeder_id as "parentFeederId", f.limit_kw as "limitKw",
       f.nominal_voltage_v as "nominalVoltageV", f.head_meter_id as "headMeterId",
       case when l.device_key is not null then jsonb_build_object('at', ${milliseconds('l.at')},
         'powerKw', case when l.quality <> 'invalid' then l.power_kw end, 'measures', l.measures) end as head
     from tree t join feeder f using (feeder_id)
     left join device d on d.device_id = f.head_meter_id and d.status = 'active' and d.kind = 'meter'
     left join latest_reading l on l.device_key = d.device_key
     order by f.feeder_id`,
    [rootIds],
  )
}

/** What the meters of the consumer units on a feeder said last, together. */
export interface UnitMetersRow {
  readonly feederId: string
  /** UTC milliseconds. */
  readonly at: number
  /** Of the slowest of them. */
  readonly intervalMs: number
  readonly lostShare: number
  readonly total: number
  readonly A: number
  readonly B: number
  readonly C: number
}

/** `$1` feeders, `$2` of which instant the units are, UTC milliseconds: `feeder_id, site_id, device_key, phases`. */
const unitMeters = `
  select coalesce(d.feeder_id, u.feeder_id, s.feeder_id) as feeder_id, coalesce(d.site_id, u.site_id) as site_id, d.device_key, u.phases
  from meter_assignment a
  join device d on d.device_key = a.device_key and d.status = 'active'
  join consumer_unit u on u.unit_id = a.unit_id
  left join site s on s.site_id = coalesce(d.site_id, u.site_id)
  where a.validity @> to_timestamp($2::float8 / 1000) and coalesce(d.feeder_id, u.feeder_id, s.feeder_id) = any ($1)`

const ofPhase = (phase: Phase): string => {
  const current = (name: string): string => `coalesce((measures ->> 'i${name.toLowerCase()}_a')::float8, 0)`
  const all = `(${['A', 'B', 'C'].map(current).join(' + ')})`
  return `sum(power_kw * case when ${all} > 0 then ${current(phase)} / ${all}
    when strpos(phases, '${phase}') > 0 then 1.0 / length(phases) else 0 end)::float8 as "${phase}"`
}

/**
 * What the meters of the units on feeders said last, by feeder; shared by phases as their currents are. A meter that fell silent
 * counts with its last.
 * @param freshMs  an age of a reading up to which it counts as of now; longer where a meter reports less often than half of it
 * @param lostAfterAges  so many times that age later it is lost
 */
export function unitMetersOn(
  queries: Queries,
  feederIds: readonly string[],
  at: number,
  { freshMs, lostAfterAges }: { readonly freshMs: number; readonly lostAfterAges: number },
): Promise<UnitMetersRow[]> {
  return queries.query<UnitMetersRow>(
    `with metered as (${unitMeters}), heard as (
       select feeder_id, phases, l.at, l.power_kw, l.measures, coalesce((l.measures ->> 'interval_s')::float8, 0) * 1000 as interval_ms
       from metered join latest_reading l using (device_key) where l.power_kw is not null and l.quality <> 'invalid'
     )
     select feeder_id as "feederId", ${milliseconds('max(at)')} as at, max(interval_ms) as "intervalMs",
       avg(least(1, greatest(0, (abs($2 - extract(epoch from at)::float8 * 1000) / greatest($3, 2 * interval_ms) - 1) / $4)))
         as "lostShare",
       sum(power_kw) as total, ${ofPhase('A')}, ${ofPhase('B')}, ${ofPhase('C')}
     from heard group by feeder_id`,
    [feederIds, at, freshMs, lostAfterAges],
  )
}

/** Those of the devices that stand where the meter of a unit on the same feeder measures them too. */
export async function devicesBehindUnitMeters(
  queries: Queries,
  feederIds: readonly string[],
  at: number,
  deviceIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await queries.query<{ deviceId: string }>(
    `with metered as (${unitMeters})
     select d.device_id as "deviceId" from device d
     where d.device_id = any ($3) and exists (select from metered m where m.site_id = d.site_id)`,
    [feederIds, at, deviceIds],
  )
  return new Set(rows.map(({ deviceId }) => deviceId))
}

/** What the rounds before have kept of feeders. */
export async function keptForecasts(
  queries: Queries,
  feederIds: readonly string[],
): Promise<ReadonlyMap<string, ForecastState>> {
  const rows = await queries.query<{ state: ForecastState }>(
    'select state from feeder_forecast where forecast_of = any ($1)',
    [feederIds],
  )
  return new Map(rows.map(({ state }) => [state.feederId, state]))
}

/** Keeps what the next round goes on from. */
export async function keepForecasts(queries: Queries, states: readonly ForecastState[]): Promise<void> {
  await queries.query(
    `insert into feeder_forecast (forecast_of, measured_at, state)
     select one ->> 'feederId', to_timestamp((one ->> 'measuredAt')::float8 / 1000), one
     from jsonb_array_elements($1::jsonb) one order by 1
     on conflict (forecast_of) do update set measured_at = excluded.measured_at, state = excluded.state`,
    [JSON.stringify(states)],
  )
}
