import type { PanelView } from './panel-view.ts'
import { clear, holds, unknown, type Verdict } from './verdict.ts'

/** Warmer than its siblings by so much at 1000 W/m², °C: twice what modules of one site differ by in wind and mounting. */
const hotSpotC = { on: 9, off: 6 }
/** And by so much as it is. */
const leastWarmerC = 4
/** Less sun warms no spot that a sensor at the back of the module would see, W/m². */
const leastWm2 = 300
/** Of what it should give. */
const generates = 0.3
/** What modules in free air are made for: 70 °C at most in all but 2 % of hours (IEC TS 63126). */
const hotPanelC = { on: 75, off: 70 }

/**
 * A panel that is warmer than its siblings: a cell that consumes what others generate.
 * @param usualC   what it is warmer by when it is well, °C at 1000 W/m²
 * @param isLasting  an anomaly that was said ends at less than it begins with
 */
export function hotSpot(
  { warmerC, expected, sample, isJudged, power }: PanelView,
  usualC: number,
  isLasting: boolean,
): Verdict {
  if (!isJudged || warmerC === null || expected!.irradianceWm2 < leastWm2) return unknown
  // What nobody draws power from is warmer all over.
  if (power !== null && power < generates) return unknown
  const atFullSunC = (warmerC * 1000) / expected!.irradianceWm2 - usualC
  if (atFullSunC < (isLasting ? hotSpotC.off : hotSpotC.on) || warmerC - usualC < leastWarmerC) return clear
  const temperatureC = sample!.temperatureC!
  return holds(atFullSunC >= 20 ? 'high' : 'medium', {
    ...({ feature: 'temperature_c', value: temperatureC, expected: temperatureC - warmerC, unit: '°C' } as const),
  })
}

/** A panel that is hotter than it is made for, whatever its siblings are. */
export function hotPanel({ sample, isJudged }: PanelView, isLasting: boolean): Verdict {
  if (!isJudged || sample?.temperatureC == null) return unknown
  if (sample.temperatureC < (isLasting ? hotPanelC.off : hotPanelC.on)) return clear
  return holds('medium', { feature: 'temperature_c', value: sample.temperatureC, expected: hotPanelC.off, unit: '°C' })
}
