import type { Place } from '../plant.ts'

const dayMs = 86_400_000
/** Parts of a day in which the sun is taken to stand where it stood yesterday. */
export const binsPerDay = 48

/** Days since 1970 by the sun's own noon, so that no day is cut in two while the sun is up; without a place by UTC. */
export const solarDay = (at: number, place: Place | null): number => Math.floor(solarMs(at, place) / dayMs)

/** Half hour of the solar day, 0…47. */
export const solarBin = (at: number, place: Place | null): number =>
  Math.floor(((((solarMs(at, place) % dayMs) + dayMs) % dayMs) * binsPerDay) / dayMs)

const solarMs = (at: number, place: Place | null): number => at + ((place?.longitude ?? 0) / 360) * dayMs
