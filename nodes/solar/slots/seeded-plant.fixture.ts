import type { Database } from '../../../platform/storage/database.ts'
import { Partitions } from '../../../platform/storage/partitions.ts'
import { expectOf, sampleMs } from '../domain/expected-power.ts'
import { findPlant, type StoredPlant } from './plant-repository.ts'

/** In São Paulo, whose days begin at 03:00 UTC. */
export const timeZone = 'America/Sao_Paulo'
export const dayMs = 86_400_000
/** The winter day that most tests are of, and its first instant. */
export const june = '2026-06-10'
export const juneBegins = Date.parse('2026-06-10T03:00:00Z')

/** Site `roof` with a tariff, on feeder `f-1`, with panels `p-1`, `p-2` …; panel `alone` without a site. */
export async function seedRoof(database: Database, panels: number): Promise<void> {
  await database.query(`insert into feeder (feeder_id) values ('f-1')`)
  await database.query(
    `insert into site (site_id, feeder_id, latitude, longitude, tariff_brl_kwh, inverter_limit_kw)
     values ('roof', 'f-1', -23.55, -46.63, 0.8, null), ('bare', 'f-1', null, null, null, null)`,
  )
  await database.query(
    `insert into device (device_id, kind, status, site_id, rated_kw, first_seen_at)
     select id, 'panel', 'active', site, 0.4, to_timestamp(0)
     from (select 'p-' || n as id, 'roof' as site from generate_series(1, $1::integer) n union all select 'alone', null) panels`,
    [panels],
  )
}

/** What a panel generates, of what a clear sky lets expect, W; null: it does not report. */
export type Generated = (panelId: string, at: number, expectedW: number) => number | null

/** What a panel of 400 W shows beside its power: as warm as the sun makes it, dead or not. */
const shown = (powerW: number, expectedW: number, at: number) => {
  const voltageV = powerW > 0 ? 40 + (powerW % 1) : 0
  const unrest = ((at / sampleMs) % 17) / 50
  return { voltageV, currentA: voltageV > 0 ? powerW / voltageV : 0, temperatureC: 20 + expectedW / 16 + unrest }
}

/** Writes into the roll-ups what the panels of a plant generate from one instant up to another, a minute in five. */
export async function seedGeneration(
  database: Database,
  plantId: string,
  [from, to]: readonly [number, number],
  generated: Generated = (_, _at, expectedW) => expectedW,
): Promise<StoredPlant> {
  const stored = (await findPlant(database, plantId))!
  const { plant, keyOf } = stored
  const columns: { ats: number[]; keys: number[]; measures: string[]; values: number[] } = {
    ...{ ats: [], keys: [], measures: [], values: [] },
  }
  for (let at = from; at < to; at += sampleMs) {
    const expected = expectOf(plant, at, new Map())
    for (const { panelId } of plant.panels) {
      const expectedW = expected.get(panelId)?.powerW ?? 0
      const powerW = generated(panelId, at, expectedW)
      if (powerW === null) continue
      const { voltageV, currentA, temperatureC } = shown(powerW, expectedW, at)
      for (const [measure, value] of [
        ['power_w', -powerW],
        ['voltage_volts', voltageV],
        ['current_amperes', currentA],
        ['temperature_celsius', temperatureC],
      ] as const) {
        columns.ats.push(at)
        columns.keys.push(keyOf.get(panelId)!)
        columns.measures.push(measure)
        columns.values.push(value)
      }
    }
  }
  const partitions = new Partitions(database)
  for (let at = from; at < to + dayMs; at += dayMs) await partitions.ensure('reading_minute', Math.min(at, to))
  await database.query(
    `insert into reading_minute (at, device_key, measure, total, lowest, highest, samples)
     select to_timestamp(at / 1000), key, measure, 5 * value, value, value, 5
     from unnest($1::float8[], $2::integer[], $3::measure[], $4::float8[]) seeded (at, key, measure, value)
     on conflict (device_key, measure, at) do update set total = excluded.total, lowest = excluded.lowest,
       highest = excluded.highest, samples = excluded.samples`,
    [columns.ats, columns.keys, columns.measures, columns.values],
  )
  return stored
}
