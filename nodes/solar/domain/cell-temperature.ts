import { median } from './robust.ts'
import type { PanelSample } from './plant.ts'

/** What a module in sun and wind can be, °C; beyond it a sensor is at fault. */
const plausible = { least: -30, most: 110 }
/** Modules of a site stand in the same air: further from their middle than that a sensor is at fault, not a module, °C. */
const mostApart = 30
/** Of so few nobody knows which is at fault. */
const leastSensors = 3

/**
 * Temperature of the cells of each panel by the sensors on the modules of the site: its own, or the middle of the others' where it has
 * none or one that is at fault.
 * @returns null of panels where no sensor can tell
 */
export function cellTemperatures(samples: ReadonlyMap<string, PanelSample>): (panelId: string) => number | null {
  const shown = [...samples.values()].flatMap(({ temperatureC }) => (isPlausible(temperatureC) ? [temperatureC] : []))
  const middle = median(shown)
  return (panelId) => {
    const own = samples.get(panelId)?.temperatureC ?? null
    if (!isPlausible(own)) return middle
    return shown.length >= leastSensors && Math.abs(own - middle!) > mostApart ? middle : own
  }
}

const isPlausible = (celsius: number | null): celsius is number =>
  celsius !== null && celsius >= plausible.least && celsius <= plausible.most
