import { milliseconds } from '../../../platform/storage/milliseconds.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { BandDay } from '../domain/maintenance/forecast.ts'
import type { ResetCause } from '../domain/maintenance/segments.ts'
import type { PlantMoney, PlantOutlook } from '../domain/maintenance/visits.ts'

/** A forecast of a plant, to be kept. */
export interface MadeForecast extends PlantMoney {
  readonly plantId: string
  /** Last civil day that it rests on, `YYYY-MM-DD`. */
  readonly day: string
  /** UTC milliseconds, by the platform's clock. */
  readonly madeAt: number
  readonly visits: number
  readonly horizonDays: number
  /** Panels that the plant has. */
  readonly panelCount: number
  readonly outlook: PlantOutlook
  readonly keyOf: ReadonlyMap<string, number>
}

/** Puts a forecast in the place of the one before. In one transaction. */
export async function writeForecast(queries: Queries, made: MadeForecast): Promise<void> {
  const { plantId, day, outlook } = made
  await queries.query(
    `insert into solar_plant_maintenance (plant_id, day, made_at, visits, horizon_days, panels, due_panels, days_until, lost_kwh,
       soiling_kwh, fault_kwh, tariff_brl_kwh, cleaning_cost_brl, cleaning_pays, avoided_brl)
     values ($1, $2, to_timestamp($3::float8 / 1000), $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
     on conflict (plant_id) do update set day = excluded.day, made_at = excluded.made_at, visits = excluded.visits,
       horizon_days = excluded.horizon_days, panels = excluded.panels, due_panels = excluded.due_panels,
       days_until = excluded.days_until, lost_kwh = excluded.lost_kwh, soiling_kwh = excluded.soiling_kwh,
       fault_kwh = excluded.fault_kwh, tariff_brl_kwh = excluded.tariff_brl_kwh,
       cleaning_cost_brl = excluded.cleaning_cost_brl, cleaning_pays = excluded.cleaning_pays,
       avoided_brl = excluded.avoided_brl`,
    [
      ...[plantId, day, made.madeAt, made.visits, made.horizonDays, made.panelCount, outlook.duePanels],
      ...[outlook.daysUntil, outlook.lostKwh, outlook.soilingKwh, outlook.faultKwh, made.tariffBrlPerKwh],
      ...[made.cleaningCostBrl, outlook.cleaning.pays, outlook.avoidedBrl],
    ],
  )
  const rows = outlook.panels.map(({ panelId, forecast, cleaning }) => ({
    ...{ device_key: made.keyOf.get(panelId), panel_id: panelId, plant_id: plantId, day, days: forecast.wear.days },
    ...{ ratio: forecast.ratio, clean_ratio: forecast.wear.clean, threshold: forecast.threshold },
    ...{ slope_per_day: forecast.wear.slope.mean, days_until: forecast.crossing.days },
    ...{ days_from: forecast.crossing.from, days_to: forecast.crossing.until },
    ...{ crossing_chance: forecast.crossing.chance, lost_until_kwh: forecast.lostUntilKwh, lost_kwh: forecast.lostKwh },
    ...{ soiling_kwh: forecast.soilingKwh, fault_kwh: forecast.faultKwh, cleaning_pays: cleaning.pays },
    ...{ band: forecast.band, resets: forecast.wear.resets.slice(-mostResets) },
  }))
  await queries.query(`delete from solar_panel_maintenance where plant_id = $1 and device_key <> all ($2::integer[])`, [
    plantId,
    rows.map(({ device_key }) => device_key),
  ])
  await queries.query(
    `insert into solar_panel_maintenance select r.* from jsonb_populate_recordset(null::solar_panel_maintenance, $1) r
     on conflict (device_key) do update set panel_id = excluded.panel_id, plant_id = excluded.plant_id, day = excluded.day,
       days = excluded.days, ratio = excluded.ratio, clean_ratio = excluded.clean_ratio, threshold = excluded.threshold,
       slope_per_day = excluded.slope_per_day, days_until = excluded.days_until, days_from = excluded.days_from,
       days_to = excluded.days_to, crossing_chance = excluded.crossing_chance, lost_until_kwh = excluded.lost_until_kwh,
       lost_kwh = excluded.lost_kwh, soiling_kwh = excluded.soiling_kwh, fault_kwh = excluded.fault_kwh,
       cleaning_pays = excluded.cleaning_pays, band = excluded.band, resets = excluded.resets`,
    [JSON.stringify(rows)],
  )
}

/** Shown of a history: older ones are in it all the same. */
const mostResets = 30

/** Forgets plants that have had no day since one: they are gone, or silent. @param day  `YYYY-MM-DD` */
export const forgetForecasts = (queries: Queries, day: string): Promise<object[]> =>
  queries.query('delete from solar_plant_maintenance where day < $1::date', [day])

/** The newest forecast of a plant. Energy and money of the horizon. */
export interface PlantForecast {
  readonly plantId: string
  readonly day: string
  readonly madeAt: number
  readonly horizonDays: number
  readonly panels: number
  readonly duePanels: number
  readonly daysUntil: number | null
  readonly lostKwh: number
  readonly soilingKwh: number
  readonly faultKwh: number
  readonly tariffBrlPerKwh: number | null
  readonly cleaningCostBrl: number | null
  readonly cleaningPays: boolean | null
  readonly avoidedBrl: number | null
}

/** Where a list of plants goes on: behind the one with these. */
export interface PlantPlace {
  /** Less what a visit saves, R$; 1 where that is not known: those come last. */
  readonly avoided: number
  /** Less what a visit ends, kWh. */
  readonly endable: number
  readonly plantId: string
}

export const placeOf = ({ avoidedBrl, soilingKwh, faultKwh, plantId }: PlantForecast): PlantPlace => ({
  ...{ avoided: avoidedBrl === null ? 1 : 0 - avoidedBrl, endable: 0 - (soilingKwh + faultKwh), plantId },
})

/** Forecasts of plants, those first where a visit saves most money, else energy. */
export const plantForecasts = (
  queries: Queries,
  {
    plantId,
    due,
    after,
    most,
  }: {
    readonly plantId: string | null
    readonly due: boolean
    readonly after: PlantPlace | undefined
    readonly most: number
  },
): Promise<PlantForecast[]> =>
  queries.query(
    `select plant_id as "plantId", to_char(day, 'YYYY-MM-DD') as day, ${milliseconds('made_at')} as "madeAt",
       horizon_days::integer as "horizonDays", panels, due_panels as "duePanels", days_until as "daysUntil",
       lost_kwh as "lostKwh", soiling_kwh as "soilingKwh", fault_kwh as "faultKwh", tariff_brl_kwh as "tariffBrlPerKwh",
       cleaning_cost_brl as "cleaningCostBrl", cleaning_pays as "cleaningPays", avoided_brl as "avoidedBrl"
     from solar_plant_maintenance
     where ($1::text is null or plant_id = $1) and (not $2 or due_panels > 0 or cleaning_pays)
       and ($3::float8 is null
         or (coalesce(0 - avoided_brl, 1), 0 - (soiling_kwh + fault_kwh), plant_id) > ($3, $4::float8, $5::text))
     order by coalesce(0 - avoided_brl, 1), 0 - (soiling_kwh + fault_kwh), plant_id limit $6`,
    [plantId, due, after?.avoided ?? null, after?.endable ?? null, after?.plantId ?? null, most],
  )

/** The newest forecast of a panel. */
export interface PanelForecast {
  readonly panelId: string
  readonly plantId: string
  readonly day: string
  readonly days: number
  readonly ratio: number
  readonly cleanRatio: number
  readonly threshold: number
  readonly slopePerDay: number
  readonly daysUntil: number | null
  readonly daysFrom: number | null
  readonly daysTo: number | null
  readonly chance: number
  readonly lostUntilKwh: number
  readonly lostKwh: number
  readonly soilingKwh: number
  readonly faultKwh: number
  readonly cleaningPays: boolean | null
  readonly band: readonly BandDay[]
  readonly resets: readonly { readonly day: number; readonly cause: ResetCause; readonly step: number }[]
  readonly tariffBrlPerKwh: number | null
  readonly horizonDays: number
}

/** Where a list of panels goes on; `daysUntil` as large as no horizon is where a panel is never due. */
export interface PanelPlace {
  readonly daysUntil: number
  readonly panelId: string
}
/** Beyond every horizon. */
const never = 100_000

export const panelPlaceOf = ({ daysUntil, panelId }: PanelForecast): PanelPlace => ({
  ...{ daysUntil: daysUntil ?? never, panelId },
})

/** Forecasts of panels, those first that are due first. */
export const panelForecasts = (
  queries: Queries,
  {
    plantId,
    panelId,
    after,
    most,
  }: {
    readonly plantId: string | null
    readonly panelId: string | null
    readonly after: PanelPlace | undefined
    readonly most: number
  },
): Promise<PanelForecast[]> =>
  queries.query(
    `select panel_id as "panelId", plant_id as "plantId", to_char(p.day, 'YYYY-MM-DD') as day, days, ratio,
       clean_ratio as "cleanRatio", threshold, slope_per_day as "slopePerDay", p.days_until as "daysUntil",
       days_from as "daysFrom", days_to as "daysTo", crossing_chance as chance, lost_until_kwh as "lostUntilKwh",
       p.lost_kwh as "lostKwh", p.soiling_kwh as "soilingKwh", p.fault_kwh as "faultKwh",
       p.cleaning_pays as "cleaningPays", band, resets, tariff_brl_kwh as "tariffBrlPerKwh",
       horizon_days::integer as "horizonDays"
     from solar_panel_maintenance p join solar_plant_maintenance m using (plant_id)
     where ($1::text is null or plant_id = $1) and ($2::text is null or panel_id = $2)
       and ($3::integer is null or (coalesce(p.days_until, ${never}), panel_id) > ($3, $4::text))
     order by coalesce(p.days_until, ${never}), panel_id limit $5`,
    [plantId, panelId, after?.daysUntil ?? null, after?.panelId ?? null, most],
  )
