import { milliseconds } from '../../../platform/storage/milliseconds.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { Expected } from '../domain/plant.ts'

/** What the panels of a plant made of 5 minutes together: those that reported, generation positive. */
export interface PlantSlot {
  /** Beginning of the 5 minutes, UTC milliseconds. */
  readonly at: number
  readonly powerW: number
  readonly expectedW: number
  /** Mean over their planes, W/m². */
  readonly irradianceWm2: number
  readonly basis: Expected['basis']
  readonly reporting: number
  readonly panels: number
}

/** Writes slots of a plant: one of the same instant takes its place. */
export async function writePlantSlots(queries: Queries, plantId: string, slots: readonly PlantSlot[]): Promise<void> {
  if (slots.length === 0) return
  await queries.query(
    `insert into solar_plant_slot (plant_id, at, power_w, expected_w, irradiance_wm2, basis, reporting, panels)
     select $1, to_timestamp(at / 1000), power_w, expected_w, irradiance_wm2, basis, reporting, panels
     from unnest($2::float8[], $3::float8[], $4::float8[], $5::float8[], $6::text[], $7::integer[], $8::integer[])
       slot (at, power_w, expected_w, irradiance_wm2, basis, reporting, panels)
     on conflict (plant_id, at) do update set power_w = excluded.power_w, expected_w = excluded.expected_w,
       irradiance_wm2 = excluded.irradiance_wm2, basis = excluded.basis, reporting = excluded.reporting, panels = excluded.panels`,
    [
      ...[plantId, slots.map(({ at }) => at), slots.map(({ powerW }) => powerW)],
      ...[slots.map(({ expectedW }) => expectedW), slots.map(({ irradianceWm2 }) => irradianceWm2)],
      ...[slots.map(({ basis }) => basis), slots.map(({ reporting }) => reporting), slots.map(({ panels }) => panels)],
    ],
  )
}

/** Slots of a plant from one instant up to another, UTC milliseconds, in order. */
export const plantSlots = (queries: Queries, plantId: string, from: number, to: number): Promise<PlantSlot[]> =>
  queries.query(
    `select ${milliseconds('at')} as at, power_w as "powerW", expected_w as "expectedW", irradiance_wm2 as "irradianceWm2", basis,
       reporting, panels
     from solar_plant_slot
     where plant_id = $1 and at >= to_timestamp($2::float8 / 1000) and at < to_timestamp($3::float8 / 1000) order by at`,
    [plantId, from, to],
  )
