import { drawOf, type Draw } from '../draw.ts'
import type { DayWeather } from './day-weather.ts'
import { hindranceOf, hotterBy } from './fault-effects.ts'
import type { FaultEpisode } from './fault-kinds.ts'
import { operatingPoint, planeLight, steadyCellC, unhindered, type Hindrance, type PlaneLight } from './module.ts'
import { readSensor, type Shown } from './panel-sensor.ts'
import type { Plant, PlantPanel } from './plant-layout.ts'
import { firstClouds, plantSky, skyAt, stepClouds, type CloudState, type PlantSky } from './plant-sky.ts'

export interface PlantRunInputs {
  readonly plant: Plant
  readonly seed: number
  /** Beginning of the first civil day, UTC milliseconds. */
  readonly start: number
  /** One a civil day from there; after the last the last again. */
  readonly weathers: readonly DayWeather[]
  readonly episodes: readonly FaultEpisode[]
  /** Days, from 0, on which something as thick as snow covers every panel; it slides off on the next clear morning. */
  readonly coveredDays?: readonly number[]
}

/** What the plant's instruments show at one instant. */
export interface PlantReadings {
  readonly at: number
  /** In the order of the plant's panels. */
  readonly shown: readonly Shown[]
  /** Of a pyranometer in the registered plane, W/m². */
  readonly irradianceWm2: number
}

/** A panel in motion. */
interface Running {
  readonly panel: PlantPanel
  readonly draw: Draw
  readonly episodes: readonly FaultEpisode[]
  /** Hour of the morning at which a cover slides off it. */
  readonly uncoversAtHour: number
  active: readonly FaultEpisode[]
  celsius: number
  frozen: Shown | undefined
}

const DAY_MS = 86_400_000
/** Glass and cells take this long to follow the sun, s. */
const WARMS_OVER_S = 420
/** Dust that every panel of the plant gathers, share of the light a day; rain of this much takes most of it off. */
const DUST_PER_DAY = 0.0003
const RAIN_WASHES_MM = 3
/** Share of the light that comes through a cover of snow. */
const THROUGH_COVER = 0.003

/**
 * A plant in motion, step by step, of any length. The same inputs and instants show the same readings.
 */
export class PlantRun {
  readonly #inputs: PlantRunInputs
  readonly #panels: readonly Running[]
  readonly #skyDraw: Draw
  readonly #clean: readonly number[]
  readonly #changes: readonly number[]
  #clouds: CloudState = firstClouds
  #lastSky: PlantSky | undefined
  #nextChange = -Infinity
  #powerW = 0

  constructor(inputs: PlantRunInputs) {
    this.#inputs = inputs
    this.#skyDraw = drawOf(inputs.seed, `${inputs.plant.facts.siteId}/sky`)
    this.#clean = dustOver(inputs.weathers)
    this.#changes = inputs.episodes.flatMap(({ from, to }) => [from, to]).sort((one, other) => one - other)
    this.#panels = inputs.plant.panels.map((panel) => {
      const draw = drawOf(inputs.seed, `${panel.id}/run`)
      return {
        ...{ panel, draw, celsius: inputs.weathers[0]!.meanC, frozen: undefined, active: [] },
        episodes: inputs.episodes.filter(({ panelIds }) => panelIds.includes(panel.id)),
        uncoversAtHour: 8.5 + 2.5 * draw.uniform(),
      }
    })
  }

  /** What the plant really gave at the last step, whatever its sensors show, W. */
  get powerW(): number {
    return this.#powerW
  }

  /**
   * Moves the plant on and reads its instruments.
   * @param at   UTC milliseconds, after the step before
   * @param dtS  since the step before, s
   * @param feedsIn   its inverter takes what it gives; without grid no current flows
   * @param readings  how many readings of this instant are to be averaged
   */
  step(at: number, dtS: number, feedsIn = true, readings = 1): PlantReadings {
    const { plant, start, weathers } = this.#inputs
    const dayNumber = Math.max(0, Math.floor((at - start) / DAY_MS))
    const hour = ((((at - start) % DAY_MS) + DAY_MS) / 3_600_000) % 24
    const day = weathers[Math.min(dayNumber, weathers.length - 1)]!
    this.#clouds = stepClouds(this.#clouds, skyAt(day, hour), day, this.#skyDraw, dtS)
    const sky = plantSky(at, hour, plant.facts.place, day, this.#clouds)
    const clean = this.#clean[Math.min(dayNumber, weathers.length - 1)]!
    this.#mark(at)
    const healthy = { ...unhindered, clean, capW: plant.facts.clipsAtW }
    const lag = laggedSky(this.#lastSky, sky)
    this.#powerW = 0
    const shown = this.#panels.map((running) => {
      const covered = this.#isCovered(dayNumber, hour, running.uncoversAtHour)
      const own = running.active.length === 0 ? healthy : hindranceOf(running.active, at, sky.sun, plant.facts, clean)
      const hindrance: Hindrance = feedsIn || own.contact === 'dead' ? own : { ...own, contact: 'open' }
      const seen = lag(running.panel.cloudLag)
      const stepped = stepPanel(running, seen, sky, covered ? underCover(hindrance) : hindrance, dtS, readings)
      this.#powerW += stepped.watts
      return stepped.shown
    })
    this.#lastSky = sky
    return { at, shown, irradianceWm2: this.#pyranometer(sky) }
  }

  /** Marks which faults are on. */
  #mark(at: number): void {
    if (at < this.#nextChange) return
    for (const running of this.#panels) {
      if (running.episodes.length === 0) continue
      running.active = running.episodes.filter(({ from, to }) => from <= at && at < to)
      if (!running.active.some(({ size }) => size.kind === 'stuck_sensor')) running.frozen = undefined
    }
    this.#nextChange = this.#changes.find((change) => change > at) ?? Infinity
  }

  #isCovered(dayNumber: number, hour: number, uncoversAtHour: number): boolean {
    const { coveredDays = [] } = this.#inputs
    if (coveredDays.length === 0) return false
    return coveredDays.includes(dayNumber) || (coveredDays.includes(dayNumber - 1) && hour < uncoversAtHour)
  }

  /** One in a hundred too high, and never quite still. */
  #pyranometer(sky: PlantSky): number {
    const { tiltDeg, azimuthDeg } = this.#inputs.plant.facts
    const { beam, diffuse } = planeLight(sky, (tiltDeg * Math.PI) / 180, (azimuthDeg * Math.PI) / 180)
    const noise = this.#skyDraw.normal()
    return Math.max(0, (beam + diffuse) * (1.01 + 0.003 * noise) + 0.3 * noise)
  }
}

/** The edge of a cloud reaches panels one after the other: each sees some of the sky of the step before. */
function laggedSky(last: PlantSky | undefined, sky: PlantSky): (share: number) => PlantSky {
  if (!last || sky.beamWm2 === 0 || Math.abs(last.beamWm2 - sky.beamWm2) < 20) return () => sky
  return (share) => ({
    ...sky,
    beamWm2: sky.beamWm2 + (last.beamWm2 - sky.beamWm2) * share,
    diffuseWm2: sky.diffuseWm2 + (last.diffuseWm2 - sky.diffuseWm2) * share,
  })
}

const underCover = (hindrance: Hindrance): Hindrance => ({ ...hindrance, clean: hindrance.clean * THROUGH_COVER })

/** What the sensor shows, and what the panel gives. */
interface Stepped {
  readonly shown: Shown
  readonly watts: number
}

function stepPanel(
  running: Running,
  seen: PlantSky,
  sky: PlantSky,
  hindrance: Hindrance,
  dtS: number,
  readings: number,
): Stepped {
  const { panel, active, draw } = running
  const light: PlaneLight = planeLight(seen, panel.module.tilt, panel.module.azimuth)
  const absorbed = (light.beam + light.diffuse) * hindrance.clean
  // a clear night sky draws some heat out of the glass
  const steady = steadyCellC(absorbed, sky.ambientC, sky.wind) - (absorbed === 0 ? 1.5 : 0)
  running.celsius += (steady - running.celsius) * (1 - Math.exp(-dtS / WARMS_OVER_S))
  const point = operatingPoint(panel.module, light, running.celsius, hindrance)
  const celsius = running.celsius + (active.length > 0 ? hotterBy(active, absorbed) : 0)
  const shown = readSensor({ celsius, ...point }, panel.sensor, active, running.frozen, draw, readings)
  if (active.length > 0 && !running.frozen && active.some(({ size }) => size.kind === 'stuck_sensor'))
    running.frozen = shown
  return { shown, watts: point.volts * point.amperes }
}

/** Share of the light that the dust of all panels lets through, by day. */
function dustOver(weathers: readonly DayWeather[]): number[] {
  let dust = 0
  return weathers.map(({ rainMm }) => {
    const clean = 1 - dust
    dust = rainMm >= RAIN_WASHES_MM ? 0.2 * dust : dust + DUST_PER_DAY
    return clean
  })
}
