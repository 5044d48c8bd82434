import type { SunPosition } from '../sky.ts'
import type { FaultEpisode, ShadingObject } from './fault-kinds.ts'
import { unhindered, type Hindrance } from './module.ts'
import type { PlantFacts } from './plant-layout.ts'

const DAY_MS = 86_400_000
const degrees = (radians: number) => (radians * 180) / Math.PI

/**
 * What the faults of one panel make of it at an instant.
 * @param active  its episodes that are on at `at`
 * @param clean   share of the light that the dust of all panels lets through
 */
export function hindranceOf(
  active: readonly FaultEpisode[],
  at: number,
  sun: SunPosition,
  facts: PlantFacts,
  clean: number,
): Hindrance {
  const healthy = { ...unhindered, clean, capW: facts.clipsAtW }
  return active.reduce((hindrance, episode) => hindered(hindrance, episode, at, sun, facts), healthy)
}

function hindered(
  hindrance: Hindrance,
  { size, from }: FaultEpisode,
  at: number,
  sun: SunPosition,
  facts: PlantFacts,
): Hindrance {
  const days = (at - from) / DAY_MS
  switch (size.kind) {
    case 'soiling':
      return { ...hindrance, clean: hindrance.clean * Math.max(0, 1 - size.lossPerDay * days) }
    case 'shading':
      return isBehind(sun, size.object) ? { ...hindrance, shaded: size.object.substrings } : hindrance
    case 'string_open':
    case 'inverter_trip':
      return hindrance.contact === 'dead' ? hindrance : { ...hindrance, contact: 'open' }
    case 'zero_output':
      return { ...hindrance, contact: 'dead' }
    case 'short_circuit':
      return { ...hindrance, bridged: size.substrings }
    case 'degradation': {
      const lost = Math.min(1, size.lossPerDay * days)
      return { ...hindrance, currentLeft: 1 - 0.45 * lost, voltageLeft: 1 - 0.55 * lost }
    }
    case 'hot_spot':
      return { ...hindrance, voltageLeft: hindrance.voltageLeft * (1 - size.loss) }
    case 'clipping':
      return { ...hindrance, capW: Math.min(hindrance.capW, size.capShare * facts.ratedW) }
    case 'low_voltage':
      return { ...hindrance, resistance: (size.dropShare * facts.ratedV ** 2) / facts.ratedW }
    case 'stuck_sensor':
    case 'out_of_range':
      // the panel itself is well
      return hindrance
  }
}

/** How much hotter than its cells the sensor finds the panel, °C. */
export const hotterBy = (active: readonly FaultEpisode[], lightWm2: number): number =>
  active.reduce((sum, { size }) => sum + (size.kind === 'hot_spot' ? (size.hotterC * lightWm2) / 1000 : 0), 0)

function isBehind({ elevation, azimuth }: SunPosition, { azimuthDeg, halfWidthDeg, topDeg }: ShadingObject): boolean {
  const aside = Math.abs(((degrees(azimuth) - azimuthDeg + 540) % 360) - 180)
  return aside <= halfWidthDeg && degrees(elevation) <= topDeg
}
