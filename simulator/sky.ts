import { clamp, wander, type Draw } from './draw.ts'

/** A point on Earth, degrees; south and west are negative. */
export interface Place {
  readonly latitude: number
  readonly longitude: number
}

/** What all sites share: both wander around zero with standard deviation one. */
export interface Weather {
  readonly cloudiness: number
  readonly warmth: number
}

/** What hangs over one site at one instant. */
export interface Sky {
  /** Wanders around zero with standard deviation one: the clouds that pass. */
  readonly passing: number
  readonly cloudCoverPct: number
  /** Global horizontal irradiance, W/m². */
  readonly radiationWm2: number
  readonly ambientCelsius: number
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const J2000_MS = Date.UTC(2000, 0, 1, 12)
/** Local time of the field: America/Sao_Paulo has had no daylight saving time since 2019. */
const UTC_OFFSET_HOURS = -3
const radians = (degrees: number) => (degrees * Math.PI) / 180

/** Hour of the civil day in the field, 0 ≤ h < 24. */
export function localHour(at: number): number {
  return (((at / HOUR_MS + UTC_OFFSET_HOURS) % 24) + 24) % 24
}

/** A time of the civil day in the field, `18:00`, of the day on which `at` lies; UTC milliseconds. */
export function timeOfDay(written: string, at: number): number {
  const [hours, minutes] = written.split(':').map(Number) as [number, number]
  const midnight = Math.floor((at + UTC_OFFSET_HOURS * HOUR_MS) / DAY_MS) * DAY_MS - UTC_OFFSET_HOURS * HOUR_MS
  return midnight + hours * HOUR_MS + minutes * 60_000
}

/** Where the sun stands, radians. */
export interface SunPosition {
  /** Above the horizon; negative at night. */
  readonly elevation: number
  /** From north over east. */
  readonly azimuth: number
}

/** Elevation of the sun above the horizon, radians: see `sunPosition`. */
export const sunElevation = (at: number, place: Place): number => sunPosition(at, place).elevation

/**
 * Position of the sun, to about 0.01°, without refraction.
 * Source: Astronomical Almanac, low-precision formulas for the Sun.
 * @param at  UTC milliseconds
 */
export function sunPosition(at: number, place: Place): SunPosition {
  const days = (at - J2000_MS) / DAY_MS
  const anomaly = radians(357.528 + 0.9856003 * days)
  const longitude = radians(280.46 + 0.9856474 * days + 1.915 * Math.sin(anomaly) + 0.02 * Math.sin(2 * anomaly))
  const obliquity = radians(23.439 - 0.0000004 * days)
  const declination = Math.asin(Math.sin(obliquity) * Math.sin(longitude))
  const rightAscension = Math.atan2(Math.cos(obliquity) * Math.sin(longitude), Math.cos(longitude))
  const siderealTime = radians((18.697374558 + 24.06570982441908 * days) * 15 + place.longitude)
  const latitude = radians(place.latitude)
  const hourAngle = siderealTime - rightAscension
  const elevation = Math.asin(
    Math.sin(latitude) * Math.sin(declination) + Math.cos(latitude) * Math.cos(declination) * Math.cos(hourAngle),
  )
  const east = -Math.cos(declination) * Math.sin(hourAngle)
  const north =
    Math.sin(declination) * Math.cos(latitude) - Math.cos(declination) * Math.sin(latitude) * Math.cos(hourAngle)
  return { elevation, azimuth: (Math.atan2(east, north) + 2 * Math.PI) % (2 * Math.PI) }
}

/** Irradiance on a horizontal plane under a clear sky, W/m². Source: Haurwitz (1945). */
export function clearSkyRadiation(elevation: number): number {
  const height = Math.sin(elevation)
  return height <= 0 ? 0 : 1098 * height * Math.exp(-0.057 / height)
}

/** Weather to begin with. */
export const firstWeather = (draw: Draw): Weather => ({ cloudiness: draw.normal(), warmth: draw.normal() })

/** Weather `dtS` seconds later: cloudiness changes over hours, warmth over days. */
export function stepWeather(weather: Weather, draw: Draw, dtS: number): Weather {
  return {
    cloudiness: wander(weather.cloudiness, draw, dtS, 4 * 3600),
    warmth: wander(weather.warmth, draw, dtS, 24 * 3600),
  }
}

export interface SkyInputs {
  readonly weather: Weather
  /** Cover that was set, %; none: clouds as they come. */
  readonly coverPct?: number | undefined
  /** UTC milliseconds. */
  readonly at: number
  readonly place: Place
  readonly draw: Draw
}

/**
 * The sky over a site: clouds by the weather and by what passes, radiation by the sun and the clouds.
 * @param passing  last passing clouds of this site, or a first draw
 */
export function stepSky(passing: number, { weather, coverPct, at, place, draw }: SkyInputs, dtS: number): Sky {
  const nextPassing = wander(passing, draw, dtS, 90)
  const base = 1 / (1 + Math.exp(0.6 - 1.5 * weather.cloudiness))
  // broken skies flicker most; clear and overcast ones hardly at all
  const own = clamp(base + 0.9 * base * (1 - base) * nextPassing, 0, 1)
  const cover = coverPct === undefined ? own : coverPct / 100
  // attenuation by cloud cover: Kasten and Czeplak (1980)
  const radiationWm2 = clearSkyRadiation(sunElevation(at, place)) * (1 - 0.75 * cover ** 3.4)
  return { passing: nextPassing, cloudCoverPct: 100 * cover, radiationWm2, ambientCelsius: ambient(at, weather) }
}

/** Air temperature, °C: warmest in the afternoon and in January. */
function ambient(at: number, weather: Weather): number {
  const yearDay = ((at - Date.UTC(2000, 0, 1)) / DAY_MS) % 365.2425
  const daily = 5 * Math.cos((2 * Math.PI * (localHour(at) - 15)) / 24)
  const yearly = 3.5 * Math.cos((2 * Math.PI * (yearDay - 20)) / 365.2425)
  return 20 + daily + yearly + 2 * clamp(weather.warmth, -3, 3)
}
