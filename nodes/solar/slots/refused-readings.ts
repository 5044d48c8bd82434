import { milliseconds } from '../../../platform/storage/milliseconds.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { PanelSample } from '../domain/plant.ts'
import type { SlotSamples } from './slot-repository.ts'

interface RefusedRow {
  readonly at: number
  readonly panelId: string
  readonly payload: string
}

/** Slots with such readings that are looked at in one step, at most. */
const mostSlots = 5_000

/**
 * What panels sent that the contract does not allow for its values: it is in quarantine, and in no mean, but what it says of the sensor is
 * for the detectors to know. Of each panel and slot the newest.
 * @param from  by the time of receipt, UTC milliseconds, as `to`; both where slots meet
 */
export async function readRefused(
  queries: Queries,
  panelIds: readonly string[],
  from: number,
  to: number,
): Promise<ReadonlyMap<number, SlotSamples>> {
  const rows = await queries.query<RefusedRow>(
    `select distinct on (at, device_id) ${milliseconds('at')} as at, device_id as "panelId", payload
     from (
       select date_bin('5 minutes', received_at, 'epoch') as at, device_id, quarantine_id,
         encode(payload, 'base64') as payload
       from quarantine
       where reason = 'out_of_range' and device_id = any ($1)
         and received_at >= to_timestamp($2::float8 / 1000) and received_at < to_timestamp($3::float8 / 1000)
     ) refused
     order by at, device_id, quarantine_id desc limit $4`,
    [panelIds, from, to, mostSlots],
  )
  const slots = new Map<number, Map<string, PanelSample>>()
  for (const { at, panelId, payload } of rows) {
    const slot = slots.get(at) ?? new Map<string, PanelSample>()
    slots.set(at, slot.set(panelId, sampleOf(at, JSON.parse(Buffer.from(payload, 'base64').toString('utf8')))))
  }
  return slots
}

/** A value out of range is a number in a reading that is well formed otherwise: that is why it was refused. */
function sampleOf(at: number, reading: unknown): PanelSample {
  const given = reading as Readonly<Record<string, unknown>>
  const number = (field: string): number | null => (typeof given[field] === 'number' ? given[field] : null)
  return {
    ...{ at, temperatureC: number('temperature_celsius'), voltageV: number('voltage_volts') },
    ...{ currentA: number('current_amperes'), powerW: number('power_output_watts'), samples: 1 },
    irradianceWm2: number('irradiance_wm2'),
  }
}

/** Slots with what was refused of panels that sent nothing else in them: a single slip among good readings is none of theirs. */
export function withRefused(
  slots: ReadonlyMap<number, SlotSamples>,
  refused: ReadonlyMap<number, SlotSamples>,
): ReadonlyMap<number, SlotSamples> {
  const all = new Map(slots)
  for (const [at, samples] of refused) all.set(at, new Map([...samples, ...(slots.get(at) ?? [])]))
  return all
}
