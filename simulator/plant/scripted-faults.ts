import type { Draw } from '../draw.ts'
import type { EventOfKind, ScenarioEvent } from '../scenario.ts'
import { sunPosition } from '../sky.ts'
import type { FaultEpisode, FaultKind, FaultSize, ShadingObject } from './fault-kinds.ts'
import { sizeOf } from './fault-plan.ts'
import type { Plant } from './plant-layout.ts'

type PanelFault = EventOfKind<'panel_fault'>

const MINUTE_MS = 60_000
/** Times that a fault of a scenario that comes again is looked ahead for. */
const MOST_TIMES = 400
const usualLossPerDay = 0.5

/**
 * The faults that a scenario brings to one plant; their sizes as the draws give them. An open string is the one of the first
 * panel that is named, and the inverter is everybody's.
 * @param events  of that plant
 * @param start   of the scenario, UTC milliseconds
 */
export function scriptedFaults(
  events: readonly ScenarioEvent[],
  plant: Plant,
  start: number,
  draw: Draw,
): FaultEpisode[] {
  const faults = events.filter((event): event is PanelFault => event.kind === 'panel_fault')
  const all = faults.flatMap((event) => {
    const size = scriptedSize(event, plant, start, draw)
    const times = event.every_minutes === undefined ? 1 : MOST_TIMES
    return Array.from({ length: times }, (_, index) => {
      const from = start + (event.at_minute + index * (event.every_minutes ?? 0)) * MINUTE_MS
      return { panelIds: befallen(event, plant), from, to: from + event.for_minutes * MINUTE_MS, size }
    })
  })
  return all.map((fault, index) => ({ ...fault, episode: index + 1 }))
}

function befallen({ fault, panels = [1] }: PanelFault, plant: Plant): string[] {
  if (fault === 'inverter_trip') return plant.panels.map(({ id }) => id)
  const named = panels.flatMap((number) => plant.panels[number - 1] ?? [])
  if (fault !== 'string_open') return named.map(({ id }) => id)
  return plant.panels.filter(({ string }) => string === named[0]?.string).map(({ id }) => id)
}

function scriptedSize(event: PanelFault, plant: Plant, start: number, draw: Draw): FaultSize {
  const kind: FaultKind = event.fault
  if (kind === 'soiling' || kind === 'degradation') {
    const percent = event.loss_percent_per_day
    return { kind, lossPerDay: percent === undefined ? usualLossPerDay : percent / 100 }
  }
  const middle = start + (event.at_minute + event.for_minutes / 2) * MINUTE_MS
  return kind === 'shading' ? { kind, object: objectAt(plant, middle) } : sizeOf(kind, draw)
}

/** Something broad enough to hide the sun for an hour or two around that instant. */
function objectAt(plant: Plant, at: number): ShadingObject {
  const { elevation, azimuth } = sunPosition(at, plant.facts.place)
  const degrees = 180 / Math.PI
  return { azimuthDeg: azimuth * degrees, halfWidthDeg: 25, topDeg: elevation * degrees + 12, substrings: 3 }
}
