import { clearTimes, type SkyIndex } from './clear-times.ts'
import { expectOf } from './expected-power.ts'
import { median } from './robust.ts'
import { type Light, noYield, sumOfYields, yieldOf, type YieldSums } from './performance.ts'
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
/** What clouds leave of the clear sky on a day of which nobody can tell: about the mean of most of Brazil. */
const usualIndex = 0.7

type JudgedSlot = Slot & { readonly expected: ReadonlyMap<string, Expected> }

/**
 * What each panel of a site made of a time, such as a day. Where no sensor measures the irradiance, ratios are those of the hours without
 * clouds, when it is that of the clear sky: what siblings show would make a dirty site its own measure.
 * @param slots  in the order of time
 * @returns by panel, of all panels of the plant
 */
export function yieldsOf(plant: Plant, slots: readonly Slot[]): ReadonlyMap<string, YieldSums> {
  const judged = slots.map((slot) => ({ ...slot, expected: expectOf(plant, slot.at, slot.samples) }))
  const clear = clearTimes(judged.flatMap((slot) => skyIndex(plant, slot)))
  const cloudsLeft = meanIndex(judged) ?? usualIndex
  return new Map(
    plant.panels.map((panel) => {
      const parts = judged.map(({ at, samples, expected }) => {
        const sample = samples.get(panel.panelId)
        const due = expected.get(panel.panelId)
        return sample ? yieldOf(panel, sample, due, lightOf(sample, due, clear.has(at), cloudsLeft)) : noYield
      })
      return [panel.panelId, sumOfYields(parts)]
    }),
  )
}

/**
 * Where the sky is known by its upper bound alone, a panel that generates is not held against it: it may be under clouds. One that is dead
 * lost what the clouds of the day left.
 */
function lightOf({ powerW }: PanelSample, due: Expected | undefined, isClear: boolean, cloudsLeft: number): Light {
  if (!due) return { referenceWm2: null, expectedShare: null }
  if (due.basis === 'measured') return { referenceWm2: due.irradianceWm2, expectedShare: 1 }
  const referenceWm2 = isClear ? due.clearSkyWm2 : null
  if (due.basis === 'siblings' || isClear) return { referenceWm2, expectedShare: 1 }
  return { referenceWm2, expectedShare: (powerW ?? 0) < due.powerW * leastIndex ? cloudsLeft : null }
}

/** What clouds left of the clear sky, over all of the time in which sensors or siblings tell it. */
function meanIndex(slots: readonly JudgedSlot[]): number | null {
  let [lightWm2, clearWm2] = [0, 0]
  for (const { expected } of slots)
    for (const { basis, isDaylight, irradianceWm2, clearSkyWm2 } of expected.values()) {
      if (basis === 'clear-sky' || !isDaylight || clearSkyWm2 === null) continue
      lightWm2 += irradianceWm2
      clearWm2 += clearSkyWm2
    }
  return clearWm2 > 0 ? lightWm2 / clearWm2 : null
}

function skyIndex(plant: Plant, { at, samples, expected }: JudgedSlot): SkyIndex[] {
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
