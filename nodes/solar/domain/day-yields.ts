import { clearTimes, type SkyIndex } from './clear-times.ts'
import { expectOf } from './expected-power.ts'
import { median } from './median.ts'
import { noYield, sumOfYields, yieldOf, type YieldSums } from './performance.ts'
import type { Expected, PanelSample, Plant } from './plant.ts'
import { irradianceOf } from './pvwatts.ts'

/** What the panels of a site reported over the same 5 minutes. */
export interface Slot {
  /** Its beginning, UTC milliseconds. */
  readonly at: number
  readonly samples: ReadonlyMap<string, PanelSample>
}

/** What is dead says nothing of the sky. */
const leastIndex = 0.02

/**
 * What each panel of a site made of a time, such as a day. Where no sensor measures the irradiance, ratios are those of the hours without
 * clouds, when it is that of the clear sky: what siblings show would make a dirty site its own measure.
 * @param slots  in the order of time
 * @returns by panel, of all panels of the plant
 */
export function yieldsOf(plant: Plant, slots: readonly Slot[]): ReadonlyMap<string, YieldSums> {
  const judged = slots.map((slot) => ({ ...slot, expected: expectOf(plant, slot.at, slot.samples) }))
  const clear = clearTimes(judged.flatMap((slot) => skyIndex(plant, slot)))
  return new Map(
    plant.panels.map((panel) => {
      const parts = judged.map(({ at, samples, expected }) => {
        const sample = samples.get(panel.panelId)
        const due = expected.get(panel.panelId)
        return sample ? yieldOf(panel, sample, due, referenceWm2(due, clear.has(at))) : noYield
      })
      return [panel.panelId, sumOfYields(parts)]
    }),
  )
}

/** Irradiance that is known by itself. */
function referenceWm2(expected: Expected | undefined, isClear: boolean): number | null {
  if (expected?.basis === 'measured') return expected.irradianceWm2
  return isClear ? (expected?.clearSkyWm2 ?? null) : null
}

function skyIndex(
  plant: Plant,
  { at, samples, expected }: Slot & { expected: ReadonlyMap<string, Expected> },
): SkyIndex[] {
  let sunElevationDeg: number | null = null
  const indexes = plant.panels.flatMap((panel) => {
    const { powerW = null } = samples.get(panel.panelId) ?? {}
    const due = expected.get(panel.panelId)
    if (powerW === null || powerW <= 0 || !due?.clearSkyWm2) return []
    sunElevationDeg = due.sunElevationDeg
    const index = irradianceOf(panel, powerW, due.cellC) / due.clearSkyWm2
    return index >= leastIndex ? [index] : []
  })
  const index = median(indexes)
  return index === null || sunElevationDeg === null ? [] : [{ at, index, sunElevationDeg }]
}
