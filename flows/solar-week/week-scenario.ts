import { labelsOf, type FaultKind, type FaultLabel } from '../../simulator/plant/fault-kinds.ts'
import { plantOf, usualFacts } from '../../simulator/plant/plant-layout.ts'
import { scriptedFaults } from '../../simulator/plant/scripted-faults.ts'
import { drawOf } from '../../simulator/draw.ts'
import type { Scenario, ScenarioEvent } from '../../simulator/scenario.ts'
import { perString, type Options } from './options.ts'

const { siteId } = usualFacts

/**
 * What a week can show, each on panels of its own: the day of the week and the hour at which it begins, how many hours it lasts. Dirt
 * and age take weeks, and a shadow three sunny days of four.
 */
const faults: readonly (readonly [
  kind: FaultKind,
  panels: readonly number[],
  day: number,
  hour: number,
  hours: number,
])[] = [
  ['zero_output', [2], 2, 10, 7],
  ['stuck_sensor', [6], 2, 11, 28],
  ['short_circuit', [4], 3, 9, 55],
  ['out_of_range', [3], 3, 12, 5],
  ['inverter_trip', [1], 4, 10, 3],
  ['hot_spot', [8], 5, 9, 57],
  ['low_voltage', [5], 5, 9, 57],
  ['clipping', [7], 5, 9, 57],
  // The last string, which has nothing else.
  ['string_open', [0], 7, 9, 6],
]

/** A plant with a sensor of irradiance, that nothing else of the field stands beside. */
export function weekScenario({ days, panels, seed }: Options): Scenario {
  const events = faults
    .filter(([, , day, hour, hours]) => (day - 1) * 24 + hour + hours <= days * 24)
    .map(([fault, numbers, day, hour, hours]): ScenarioEvent => ({
      ...{
        kind: 'panel_fault',
        plant: siteId,
        fault,
        at_minute: ((day - 1) * 24 + hour) * 60,
        for_minutes: hours * 60,
      },
      panels: numbers.map((number) => (number === 0 ? panels : number)),
    }))
  return {
    ...{ description: 'A week of a plant', start: '00:00', duration_minutes: days * 1_440, interval_seconds: 1, seed },
    fleet: { panels: 0, meters: 0, evs: 0 },
    plants: [{ site: siteId, panels, per_string: perString, pyranometer: true }],
    events,
  }
}

/** The truth about the week: what was wrong with which panel. @param start  of the scenario, UTC milliseconds */
export function weekLabels({ panels, seed }: Options, { events = [] }: Scenario, start: number): FaultLabel[] {
  const plant = plantOf(usualFacts, panels, perString, (name) => drawOf(seed, name))
  return labelsOf(scriptedFaults(events, plant, start, drawOf(seed, 'labels')))
}
