import type { ForecastAt } from './domain/live-unit.ts'

/** The newest forecast of each measurement that runs, by its number. Who keeps forecasts puts them here, the live stream shows them. */
export type RunningForecasts = Map<number, ForecastAt>

export const runningForecasts: RunningForecasts = new Map()
