import type { PanelView } from './panel-view.ts'
import { clear, holds, unknown, type Verdict } from './verdict.ts'

/** The sun is down, whatever the refraction and the height of the site. */
const nightDeg = -4
/** Of its rating: no panel generates it from the moon. */
const generates = 0.03

/**
 * Power by night: the clock that stamped the readings is wrong, and nothing that depends on the sun is to be judged by them.
 * @param isRepeated  the same value as in the slot before: a sensor that is stuck, not a clock
 */
export function wrongClock({ sample, expected, panel }: PanelView, isRepeated: boolean): Verdict {
  const elevationDeg = expected?.sunElevationDeg ?? null
  if (sample?.powerW == null || elevationDeg === null || elevationDeg > nightDeg) return unknown
  if (sample.powerW < generates * panel.ratedW) return clear
  if (isRepeated) return unknown
  return holds(
    'low',
    { feature: 'power_w', value: sample.powerW, expected: 0, unit: 'W' },
    { feature: 'sun_elevation_deg', value: elevationDeg, expected: null, unit: '°' },
  )
}
