import type { Weather } from './sky.ts'

/** `changing`: as it comes, by the seed. */
export const weatherKinds = ['changing', 'clear', 'passing_clouds', 'cloudy'] as const
export type WeatherKind = (typeof weatherKinds)[number]

/** What is left of the chance in the weather, by kind, and what it is shifted by: see `stepSky`. */
const CLOUDINESS: Record<WeatherKind, { readonly share: number; readonly shift: number }> = {
  changing: { share: 1, shift: 0 },
  clear: { share: 0.1, shift: -3 },
  // where the sky is half covered, what passes shows most
  passing_clouds: { share: 0.1, shift: 0.4 },
  cloudy: { share: 0.2, shift: 2.5 },
}
/** A front covers the sky entirely, and cools the air by 5 °C. */
const STORM: Weather = { cloudiness: 6, warmth: -2.5 }

/**
 * The weather of a scenario, made of the weather as it comes.
 * @param storm  how much of a front is here, 0 to 1
 */
export function weatherUnder(weather: Weather, kind: WeatherKind, storm: number): Weather {
  const { share, shift } = CLOUDINESS[kind]
  const cloudiness = weather.cloudiness * share + shift
  return {
    cloudiness: cloudiness * (1 - storm) + STORM.cloudiness * storm,
    warmth: weather.warmth + STORM.warmth * storm,
  }
}
