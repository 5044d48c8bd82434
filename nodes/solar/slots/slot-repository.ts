import { milliseconds } from '../../../platform/storage/milliseconds.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import { panelPowerW } from '../../../platform/wire/signs.ts'
import type { PanelSample } from '../domain/plant.ts'

/** What the panels of a plant reported over 5 minutes, by panel. */
export type SlotSamples = ReadonlyMap<string, PanelSample>

interface SlotRow {
  readonly at: number
  readonly deviceKey: number
  readonly temperatureC: number | null
  readonly voltageV: number | null
  readonly currentA: number | null
  readonly powerW: number | null
  readonly lowestW: number | null
  readonly highestW: number | null
  readonly irradianceWm2: number | null
  readonly samples: number
}

const mean = (measure: string): string =>
  `sum(total) filter (where measure = '${measure}') / sum(samples) filter (where measure = '${measure}')`

/**
 * What some panels reported from one instant up to another, in slots of 5 minutes: means of the roll-ups, generation positive.
 * @param keyOf  the panels, by their identifiers
 * @param from   UTC milliseconds, as `to`; both where slots meet
 * @returns by the beginning of the slot, in order; slots of which nothing is known are left out
 */
export async function readSlots(
  queries: Queries,
  keyOf: ReadonlyMap<string, number>,
  from: number,
  to: number,
): Promise<ReadonlyMap<number, SlotSamples>> {
  const rows = await queries.query<SlotRow>(
    `select ${milliseconds(`date_bin('5 minutes', at, 'epoch')`)} as at, device_key as "deviceKey",
       ${mean('temperature_celsius')} as "temperatureC", ${mean('voltage_volts')} as "voltageV",
       ${mean('current_amperes')} as "currentA", ${mean('power_w')} as "powerW", ${mean('irradiance_wm2')} as "irradianceWm2",
       max(highest) filter (where measure = 'power_w') as "lowestW", min(lowest) filter (where measure = 'power_w') as "highestW",
       coalesce(sum(samples) filter (where measure = 'power_w'), max(samples))::integer as samples
     from reading_minute
     where device_key = any ($1) and at >= to_timestamp($2::float8 / 1000) and at < to_timestamp($3::float8 / 1000)
       and measure in ('temperature_celsius', 'voltage_volts', 'current_amperes', 'power_w', 'irradiance_wm2')
     group by 1, 2 order by 1, 2`,
    [[...keyOf.values()], from, to],
  )
  const idOf = new Map([...keyOf].map(([panelId, key]) => [key, panelId]))
  const slots = new Map<number, Map<string, PanelSample>>()
  for (const { deviceKey, ...row } of rows) {
    const slot = slots.get(row.at) ?? new Map<string, PanelSample>()
    slots.set(row.at, slot.set(idOf.get(deviceKey)!, sampleOf(row)))
  }
  return slots
}

/** Inside, generation is negative: the least that a panel generated is the highest of its powers. */
const sampleOf = ({ powerW, lowestW, highestW, ...row }: Omit<SlotRow, 'deviceKey'>): PanelSample => ({
  ...row,
  powerW: powerW === null ? null : panelPowerW(powerW),
  lowestW: lowestW === null ? null : panelPowerW(lowestW),
  highestW: highestW === null ? null : panelPowerW(highestW),
})

/** First minute of which something is known of some panels, not before an instant; null: there is none. UTC milliseconds. */
export async function firstMinute(
  queries: Queries,
  keyOf: ReadonlyMap<string, number>,
  since: number,
): Promise<number | null> {
  const [row] = await queries.query<{ at: number | null }>(
    `select ${milliseconds('min(at)')} as at from reading_minute
     where device_key = any ($1) and measure = 'power_w' and at >= to_timestamp($2::float8 / 1000)`,
    [[...keyOf.values()], since],
  )
  return row!.at
}

/**
 * Up to when readings stand in the roll-ups, UTC milliseconds: when the oldest commit was made that they have not taken, or `now`.
 */
export async function rolledUpUntil(queries: Queries, now: number): Promise<number> {
  const [row] = await queries.query<{ at: number | null }>(
    `select ${milliseconds('committed_at')} as at from batch_log
     where position > coalesce((select position from consumer_cursor where log = 'batch_log' and consumer = 'rollups'), 0)
     order by position limit 1`,
  )
  return Math.min(now, row?.at ?? now)
}
