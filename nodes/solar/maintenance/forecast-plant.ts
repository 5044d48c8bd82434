import { pause } from '../../../platform/clock/pause.ts'
import type { CivilDays } from '../../../platform/clock/civil-day.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import { expectedEnergy } from '../domain/maintenance/expected-energy.ts'
import { maintenanceForecast, usualQuestion, type MaintenanceForecast } from '../domain/maintenance/forecast.ts'
import { plantOutlook } from '../domain/maintenance/visits.ts'
import type { Work } from '../domain/maintenance/wear.ts'
import { findPlant } from '../slots/plant-repository.ts'
import { ratioDays, worksAt, type DuePlant, type PanelDay, type WorkDone } from './day-repository.ts'
import type { MadeForecast } from './forecast-repository.ts'

const dayMs = 86_400_000
/** Two years tell of degradation; more make it surer, and cost more to read. */
const historyMs = 3.1 * 365 * dayMs
/** Panels whose days are read at once: some 1,100 rows each. */
const pageSize = 20
/** After each panel so many times as long as it took is left to whatever else there is to do. */
const restFactor = 4

/**
 * Forecasts the panels of a plant from their days.
 * @param now  UTC milliseconds
 * @returns undefined where the plant has no panels any more, or the signal aborts
 */
export async function forecastPlant(
  queries: Queries,
  { plantId, day, visits }: DuePlant,
  { days: civil, now, signal }: { readonly days: CivilDays; readonly now: number; readonly signal: AbortSignal },
): Promise<MadeForecast | undefined> {
  const stored = await findPlant(queries, plantId)
  if (!stored) return undefined
  const { plant, keyOf } = stored
  const since = now - historyMs
  const works = await worksAt(queries, plantId, since)
  const panels = [...keyOf]
  const made: { panelId: string; forecast: MaintenanceForecast }[] = []
  for (let first = 0; first < panels.length; first += pageSize) {
    const page = panels.slice(first, first + pageSize)
    const rows = await ratioDays(
      queries,
      page.map(([, key]) => key),
      since,
      day,
    )
    const daysOf = Map.groupBy(rows, ({ deviceKey }) => deviceKey)
    for (const [panelId, key] of page) {
      const began = performance.now()
      const forecast = forecastPanel(daysOf.get(key) ?? [], worksOf(works, panelId, civil), seedOf(key, day))
      if (forecast) made.push({ panelId, forecast })
      await pause(restFactor * (performance.now() - began), signal)
      if (signal.aborted) return undefined
    }
  }
  const { tariffBrlPerKwh, cleaningCostBrl } = plant
  return {
    ...{ plantId, day, visits, madeAt: now, keyOf, tariffBrlPerKwh, cleaningCostBrl },
    ...{ horizonDays: usualQuestion.horizonDays, panelCount: panels.length },
    outlook: plantOutlook(made, panels.length, { tariffBrlPerKwh, cleaningCostBrl }),
  }
}

function forecastPanel(days: readonly PanelDay[], works: readonly Work[], seed: number): MaintenanceForecast | null {
  return maintenanceForecast(days, works, { ...usualQuestion, seed, expectedKwh: expectedEnergy(days) })
}

const worksOf = (works: readonly WorkDone[], panelId: string, civil: CivilDays): Work[] =>
  works
    .filter((work) => work.panelId === null || work.panelId === panelId)
    .map(({ what, doneAt }) => ({ what, day: dayNumber(civil.dayOf(doneAt)) }))

/** Days since 1 January 1970 by the calendar. @param day  `YYYY-MM-DD` */
const dayNumber = (day: string): number => Math.round(Date.parse(`${day}T00:00:00Z`) / dayMs)

/** The same for a panel and a day, however often it is made. */
const seedOf = (deviceKey: number, day: string): number => (deviceKey * 40_009 + dayNumber(day)) | 0
