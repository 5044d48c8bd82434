import { shiftDay } from '../../../platform/clock/civil-day.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import { historyOf } from '../domain/maintenance/history.fixture.ts'

/** Site `roof` with panels `dirty`, `clean` and `broken`, of which a kWh is worth R$ 1 and cleaning costs R$ 5; and `lone`, a panel of no site. */
export async function seedPlants(queries: Queries): Promise<void> {
  await queries.query(
    `insert into site (site_id, latitude, longitude, tariff_brl_kwh, cleaning_cost_brl) values ('roof', -23.5, -46.6, 1, 5)`,
  )
  await queries.query(
    `insert into device (device_id, kind, status, site_id, rated_kw, first_seen_at)
     select device_id, 'panel', 'active', site_id, 0.4, to_timestamp(0)
     from (values ('broken', 'roof'), ('clean', 'roof'), ('dirty', 'roof'), ('lone', null)) d (device_id, site_id)`,
  )
}

/** How the ratio of each panel goes, day by day. */
const levelOf: Readonly<Record<string, (index: number) => number>> = {
  dirty: (index) => 0.96 - 0.002 * index,
  clean: () => 0.95,
  broken: (index) => (index < 30 ? 0.95 : 0.6),
  lone: () => 0.9,
}

/** Days of a panel, the last of them given, each expected to yield 2 kWh; unless it `isKnown` nobody knows their irradiance. */
export async function seedDays(
  queries: Queries,
  panelId: string,
  { days, last, isKnown = true }: { readonly days: number; readonly last: string; readonly isKnown?: boolean },
): Promise<void> {
  const first = shiftDay(last, 1 - days)
  const ratios = historyOf(levelOf[panelId]!, days).map(({ ratio }) => ratio)
  const begins = ratios.map((_, index) => Date.parse(`${shiftDay(first, index)}T03:00:00Z`))
  for (const at of begins)
    await queries.query(`select ensure_partition('solar_panel_day', to_timestamp($1::float8 / 1000))`, [at])
  await queries.query(
    `insert into solar_panel_day (device_key, begins_at, day, plant_id, is_final, rated_w, hours, daylight_hours, energy_wh, rated_wh,
       daylight_wh, expected_wh, referred_wh, reference_wh, corrected_wh, corrected_reference_wh)
     select device_key, to_timestamp(at / 1000), (to_timestamp(at / 1000) at time zone 'America/Sao_Paulo')::date,
       coalesce(site_id, 'panel/' || device_id), true, 400, 24, 11, 2000 * ratio, 9600,
       2000 * ratio, 2000, known * 2000 * ratio, known * 2200, known * 2000 * ratio, known * 2000
     from device, unnest($2::float8[], $3::float8[]) d (at, ratio), (select $4::integer as known) k where device_id = $1`,
    [panelId, begins, ratios, isKnown ? 1 : 0],
  )
}
