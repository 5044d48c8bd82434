import { clamp, wander, type Draw } from '../draw.ts'

export type DaySky = 'clear' | 'broken' | 'overcast'

/** The weather of one civil day over the plant. */
export interface DayWeather {
  readonly sky: DaySky
  /** The other sky that comes at `turnsAtHour` of the civil day; the same where it stays. */
  readonly laterSky: DaySky
  readonly turnsAtHour: number
  /** Share of the sun's beam that a clear atmosphere lets through from the zenith. */
  readonly transmittance: number
  /** Share of the time that broken clouds hide the sun. */
  readonly cloudShare: number
  /** Mean of the air temperature, °C, and half the distance between its lowest and highest. */
  readonly meanC: number
  readonly swingC: number
  /** m/s */
  readonly wind: number
  /** Rain of the day, mm, falling before dawn of the next one. */
  readonly rainMm: number
}

/** How often each sky is seen over São Paulo, in the wet half of the year (October to March) and in the dry one. */
const SHARES = {
  wet: { clear: 0.28, broken: 0.44, overcast: 0.28 },
  dry: { clear: 0.52, broken: 0.31, overcast: 0.17 },
} as const
/** Chance of rain and its mean, mm, by sky. */
const RAIN = {
  wet: { clear: [0.01, 2], broken: [0.25, 8], overcast: [0.55, 14] },
  dry: { clear: [0, 0], broken: [0.03, 3], overcast: [0.2, 6] },
} as const
/** A day is like the one before it so often, whatever the season says. */
const PERSISTENCE = 0.45
const TURNS = 0.25

/**
 * Weather of `days` days, one after the other, by the draws alone.
 * @param firstYearDay  days since the beginning of the year of the first one
 */
export function dayWeathers(draw: Draw, firstYearDay: number, days: number): DayWeather[] {
  const weathers: DayWeather[] = []
  let [sky, haze, warmth] = ['clear' as DaySky, draw.normal(), draw.normal()]
  for (let day = 0; day < days; day++) {
    const yearDay = (firstYearDay + day) % 365.2425
    const season = Math.cos((2 * Math.PI * (yearDay - 15)) / 365.2425) > 0 ? 'wet' : 'dry'
    sky = draw.uniform() < PERSISTENCE ? sky : skyOf(season, draw)
    const laterSky = draw.uniform() < TURNS ? skyOf(season, draw) : sky
    haze = wander(haze, draw, 1, 4)
    warmth = wander(warmth, draw, 1, 3)
    const worst = rank(laterSky) > rank(sky) ? laterSky : sky
    const [chance, meanMm] = RAIN[season][worst]
    weathers.push({
      ...{ sky, laterSky, turnsAtHour: 9 + 7 * draw.uniform() },
      // dust and smoke of the dry months dim the sun
      transmittance: clamp((season === 'wet' ? 0.705 : 0.69) + 0.018 * haze, 0.63, 0.76),
      cloudShare: 0.25 + 0.5 * draw.uniform(),
      meanC: 20 + 3 * Math.cos((2 * Math.PI * (yearDay - 20)) / 365.2425) + 2 * clamp(warmth, -3, 3),
      swingC: worst === 'overcast' ? 2.5 : worst === 'broken' ? 4.5 : 6,
      wind: clamp(1.8 + 0.9 * draw.normal(), 0.3, 6),
      rainMm: rainOf(chance, meanMm, draw),
    })
    sky = laterSky
  }
  return weathers
}

const rank = (sky: DaySky): number => (sky === 'clear' ? 0 : sky === 'broken' ? 1 : 2)

function skyOf(season: 'wet' | 'dry', draw: Draw): DaySky {
  const { clear, broken } = SHARES[season]
  const chance = draw.uniform()
  return chance < clear ? 'clear' : chance < clear + broken ? 'broken' : 'overcast'
}

function rainOf(chance: number, meanMm: number, draw: Draw): number {
  // always two draws, so that a dry day changes nothing that comes after it
  const [falls, amount] = [draw.uniform() < chance, -Math.log(1 - draw.uniform())]
  return falls ? meanMm * amount : 0
}
