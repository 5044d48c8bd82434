import type { PanelView } from './panel-view.ts'
import { clear, holds, unknown, type Verdict } from './verdict.ts'

/** A share of what it should generate below which a panel generates nothing. */
const nothing = 0.02
/** Least irradiance at which a panel must show something, W/m². */
const leastWm2 = 100

/** Nothing comes from a panel in daylight while its siblings show that there is light. */
export function zeroOutput(view: PanelView): Verdict {
  if (!view.isJudged || view.power === null || view.expected!.irradianceWm2 < leastWm2) return unknown
  if (view.power >= nothing) return clear
  return holds('high', { feature: 'power_w', value: view.sample!.powerW!, expected: view.wantedW, unit: 'W' })
}
