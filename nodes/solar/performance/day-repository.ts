import { milliseconds } from '../../../platform/storage/milliseconds.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { YieldSums } from '../domain/performance.ts'

/** A civil day: `YYYY-MM-DD`, and its first instant, UTC milliseconds. */
export interface CivilDay {
  readonly day: string
  readonly beginsAt: number
}

/** What a panel made of a civil day. */
export interface PanelDay {
  readonly deviceKey: number
  /** What it is held against, W. */
  readonly ratedW: number
  readonly sums: YieldSums
}

export interface WrittenDay extends CivilDay {
  readonly plantId: string
  /** It is over, and nothing more is expected of it. */
  readonly isFinal: boolean
  /** R$. */
  readonly tariffBrlPerKwh: number | null
  readonly panels: readonly PanelDay[]
}

/** The sums as columns, in one order. */
const sumColumns = [
  ...(['hours', 'daylightHours', 'energyWh', 'ratedWh', 'daylightWh', 'expectedWh'] as const),
  ...(['referredWh', 'referenceWh', 'correctedWh', 'correctedReferenceWh'] as const),
] satisfies readonly (keyof YieldSums)[]
const columnOf = (field: string): string => field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
const columnNames = sumColumns.map(columnOf)
export const selectedSums = sumColumns.map((field) => `${columnOf(field)} as "${field}"`).join(', ')

/** Writes days of the panels of a plant: what was computed of one before is no more. */
export async function writeDay(queries: Queries, written: WrittenDay): Promise<void> {
  const { day, beginsAt, plantId, isFinal, tariffBrlPerKwh, panels } = written
  await queries.query(
    `insert into solar_panel_day (begins_at, day, plant_id, is_final, tariff_brl_kwh, device_key, rated_w, ${columnNames.join(', ')})
     select to_timestamp($1::float8 / 1000), $2::date, $3, $4, $5, * from unnest($6::integer[], $7::float8[],
       ${columnNames.map((_, index) => `$${index + 8}::float8[]`).join(', ')})
     on conflict (device_key, begins_at) do update set
       ${['day', 'plant_id', 'is_final', 'tariff_brl_kwh', 'rated_w', ...columnNames].map((name) => `${name} = excluded.${name}`).join(', ')}`,
    [
      ...[beginsAt, day, plantId, isFinal, tariffBrlPerKwh],
      ...[panels.map(({ deviceKey }) => deviceKey), panels.map(({ ratedW }) => ratedW)],
      ...sumColumns.map((field) => panels.map(({ sums }) => sums[field])),
    ],
  )
}

/** Days of a plant that are not final though a later one has begun, the oldest first. @param before  UTC milliseconds */
export const openDays = (queries: Queries, plantId: string, before: number, most: number): Promise<CivilDay[]> =>
  queries.query(
    `select distinct to_char(day, 'YYYY-MM-DD') as day, ${milliseconds('begins_at')} as "beginsAt" from solar_panel_day
     where plant_id = $1 and begins_at < to_timestamp($2::float8 / 1000) and not is_final order by 2 limit $3`,
    [plantId, before, most],
  )

/** What a panel, or a site, made of a day, as it is kept. */
export interface KeptDay extends CivilDay {
  readonly isFinal: boolean
  readonly ratedW: number
  readonly tariffBrlPerKwh: number | null
  readonly panels: number
  readonly sums: YieldSums
}

type DayRow = Omit<KeptDay, 'sums'> & YieldSums

const keptDay = ({ day, beginsAt, isFinal, ratedW, tariffBrlPerKwh, panels, ...sums }: DayRow): KeptDay => ({
  ...{ day, beginsAt, isFinal, ratedW, tariffBrlPerKwh, panels, sums },
})

const dayColumns = `to_char(day, 'YYYY-MM-DD') as day, ${milliseconds('begins_at')} as "beginsAt", is_final as "isFinal",
  rated_w as "ratedW", tariff_brl_kwh as "tariffBrlPerKwh"`

/** Civil days, from the first one to the last one; both included, both `YYYY-MM-DD`. */
export interface DaySpan {
  readonly first: string
  readonly last: string
}

/** Days of a panel, the newest first. @param span  with bounds of the first instants, so that few partitions are looked at */
export const daysOfPanel = async (queries: Queries, panelId: string, { first, last }: DaySpan): Promise<KeptDay[]> =>
  (
    await queries.query<DayRow>(
      `select ${dayColumns}, 1 as panels, ${selectedSums} from solar_panel_day join device using (device_key)
       where device_id = $1 and day between $2::date and $3::date and ${withinDays('$2', '$3')} order by begins_at desc`,
      [panelId, first, last],
    )
  ).map(keptDay)

/** Days of a site, the newest first: of its panels together. */
export const daysOfSite = async (queries: Queries, siteId: string, { first, last }: DaySpan): Promise<KeptDay[]> =>
  (
    await queries.query<DayRow>(
      `select ${dayColumns}, panels, ${selectedSums} from solar_site_day
       where site_id = $1 and day between $2::date and $3::date and ${withinDays('$2', '$3')} order by begins_at desc`,
      [siteId, first, last],
    )
  ).map(keptDay)

/** What the panels of a plant made of one day, by panel. */
export const panelsOfDay = async (
  queries: Queries,
  plantId: string,
  beginsAt: number,
): Promise<(KeptDay & { readonly panelId: string; readonly deviceKey: number })[]> =>
  (
    await queries.query<DayRow & { panelId: string; deviceKey: number }>(
      `select device_id as "panelId", device_key as "deviceKey", ${dayColumns}, 1 as panels, ${selectedSums}
       from solar_panel_day join device using (device_key)
       where plant_id = $1 and begins_at = to_timestamp($2::float8 / 1000) order by device_id`,
      [plantId, beginsAt],
    )
  ).map(({ panelId, deviceKey, ...row }) => ({ panelId, deviceKey, ...keptDay(row) }))

/** No zone is more than a day away from UTC: spares the months that cannot have any. */
const withinDays = (first: string, last: string): string =>
  `begins_at >= ((${first}::date - 1)::timestamp at time zone 'UTC')
     and begins_at <= ((${last}::date + 2)::timestamp at time zone 'UTC')`
