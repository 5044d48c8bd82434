import { drawOf, type Draw } from './draw.ts'
import { place } from './field.ts'
import { firstWeather, stepSky, stepWeather, type Sky, type Weather } from './sky.ts'
import { weatherUnder, type WeatherKind } from './weather.ts'

/** A cover of the sky that was set, %, the same over every site, and until when, UTC milliseconds. */
export interface Clouds {
  readonly coverPct: number
  readonly until: number
}

/**
 * The weather of the field, and the sky that it makes over each site. It wanders on under a cover that was set, so
 * that afterwards it is as it would have been.
 */
export class Skies {
  readonly #kind: WeatherKind
  readonly #draw: Draw
  readonly #over = new Map<string, { draw: Draw; sky: Sky }>()
  #weather: Weather
  #clouds: Clouds | undefined

  /**
   * @param at     UTC milliseconds
   * @param storm  how much of a storm front is here, 0 to 1
   */
  constructor(siteIds: readonly string[], seed: number, kind: WeatherKind, at: number, storm: number) {
    this.#kind = kind
    this.#draw = drawOf(seed, 'weather')
    this.#weather = firstWeather(this.#draw)
    for (const siteId of new Set(siteIds)) {
      const draw = drawOf(seed, `sky/${siteId}`)
      this.#over.set(siteId, { draw, sky: this.#sky(draw.normal(), draw, at, 0, storm) })
    }
  }

  /** All skies `dtS` seconds later, at the instant `at`, under so much of a storm front. */
  move(at: number, dtS: number, storm: number): void {
    if (this.#clouds && this.#clouds.until <= at) this.#clouds = undefined
    this.#weather = stepWeather(this.#weather, this.#draw, dtS)
    for (const over of this.#over.values()) over.sky = this.#sky(over.sky.passing, over.draw, at, dtS, storm)
  }

  /** Covers the sky from the next move on, or leaves it to the weather again. */
  set clouds(clouds: Clouds | undefined) {
    this.#clouds = clouds
  }

  /** The cover that was set, while it lasts. */
  get clouds(): Clouds | undefined {
    return this.#clouds
  }

  /** @throws Error where no sky was asked for */
  over(siteId: string): Sky {
    const over = this.#over.get(siteId)
    if (!over) throw new Error(`no sky over ${siteId}`)
    return over.sky
  }

  /** Sky covered, %, mean over all sites. */
  get meanCoverPct(): number {
    const covers = [...this.#over.values()].map(({ sky }) => sky.cloudCoverPct)
    return covers.reduce((sum, cover) => sum + cover, 0) / covers.length
  }

  #sky(passing: number, draw: Draw, at: number, dtS: number, storm: number): Sky {
    const weather = weatherUnder(this.#weather, this.#kind, storm)
    return stepSky(passing, { weather, coverPct: this.#clouds?.coverPct, at, place, draw }, dtS)
  }
}
