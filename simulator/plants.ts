import type { PanelReading } from '../platform/wire/payloads.ts'
import { plantPanelPayload, type PlantSpec } from './devices/plant.ts'
import { drawOf } from './draw.ts'
import { dayWeathers, type DaySky, type DayWeather } from './plant/day-weather.ts'
import { panelIdOf, plantOf, usualFacts, type Plant } from './plant/plant-layout.ts'
import { PlantRun, type PlantReadings } from './plant/plant-run.ts'
import { scriptedFaults } from './plant/scripted-faults.ts'
import type { Script } from './simulation.ts'
import { timeOfDay } from './sky.ts'
import type { WeatherKind } from './weather.ts'

/** A plant in motion. */
interface Running {
  readonly spec: PlantSpec
  readonly plant: Plant
  readonly run: PlantRun
  readings: PlantReadings | undefined
}

const DAY_MS = 86_400_000
/** Weather beyond it stays as on its last day. */
const DAYS_OF_WEATHER = 400

const skyOfScenario: Readonly<Record<WeatherKind, DaySky | undefined>> = {
  ...{ changing: undefined, clear: 'clear', passing_clouds: 'broken', cloudy: 'overcast' },
}

/** The solar plants of a field, with the faults that its scenario brings. */
export class Plants {
  readonly #plants: readonly Running[]
  readonly sites: ReadonlySet<string>

  /** @param start  of the scenario, UTC milliseconds */
  constructor(specs: readonly PlantSpec[], seed: number, start: number, { weather, events }: Script) {
    const midnight = timeOfDay('00:00', start)
    this.sites = new Set(specs.map(({ siteId }) => siteId))
    this.#plants = specs.map((spec) => {
      const facts = { ...usualFacts, siteId: spec.siteId }
      const plant = plantOf(facts, spec.panels, spec.perString, (name) => drawOf(seed, name))
      const draw = drawOf(seed, `${spec.siteId}/faults`)
      const own = events.filter((event) => event.kind === 'panel_fault' && event.plant === spec.siteId)
      const weathers = weathersFrom(midnight, seed, spec.siteId, skyOfScenario[weather])
      const episodes = scriptedFaults(own, plant, start, draw)
      return {
        spec,
        plant,
        run: new PlantRun({ plant, seed, start: midnight, weathers, episodes }),
        readings: undefined,
      }
    })
  }

  /**
   * Moves all plants on.
   * @param feedsIn  whether there is a grid for a plant to feed
   * @returns what each takes from the grid, kW: nothing, or less
   */
  move(at: number, dtS: number, feedsIn: (spec: PlantSpec) => boolean): { spec: PlantSpec; kw: number }[] {
    return this.#plants.map((running) => {
      running.readings = running.run.step(at, dtS, feedsIn(running.spec))
      return { spec: running.spec, kw: -running.run.powerW / 1000 }
    })
  }

  /** What each panel sends of the newest step. */
  payloads(): { panelId: string; payload: PanelReading }[] {
    return this.#plants.flatMap(({ spec, plant, readings }) =>
      readings === undefined
        ? []
        : plant.panels.map(({ id }, index) => {
            const { at, shown, irradianceWm2 } = readings
            return { panelId: id, payload: plantPanelPayload(id, spec, at, shown[index]!, irradianceWm2) }
          }),
    )
  }
}

/** The panels of a plant as devices of the field. */
export const panelsOfPlant = ({
  siteId,
  feederId,
  panels,
}: PlantSpec): { id: string; siteId: string; feederId: string }[] =>
  Array.from({ length: panels }, (_, index) => ({ id: panelIdOf(siteId, index), siteId, feederId }))

function weathersFrom(midnight: number, seed: number, siteId: string, sky: DaySky | undefined): DayWeather[] {
  const firstYearDay = (midnight - Date.UTC(new Date(midnight).getUTCFullYear(), 0, 1)) / DAY_MS
  const weathers = dayWeathers(drawOf(seed, `${siteId}/weather`), firstYearDay, DAYS_OF_WEATHER)
  return sky === undefined ? weathers : weathers.map((day) => ({ ...day, sky, laterSky: sky }))
}
