import type { Expected, PanelSample } from '../plant.ts'
import { median } from '../robust.ts'
import type { PanelView } from './panel-view.ts'
import { clear, holds, severityOfLoss, unknown, weighed, type Verdict } from './verdict.ts'

/** What a panel lacks of its voltage beside the current it carries, of the rating, oldest first. JSON; bounded. */
export type Drops = readonly (readonly [current: number, drop: number])[]

const kept = 72
/**
 * Slots that a drop must hold: a shadow takes voltage too, for some hours of a sunny day, and each slot without costs two. In diffuse
 * light, which no shadow changes, so few slots are enough.
 */
export const lowVoltageDelay = 84
const diffuseSlots = 6
/** Of a clear sky; and how much more than its mean such a slot ever has. */
const diffuseIndex = 0.45
const steady = 1.15
/** Voltage is low from here on, of what siblings have; and is well again from there. */
const low = { on: 0.05, off: 0.03 }
/** Less current shows no resistance, of the rating. */
const leastCurrent = 0.25
const leastSlots = 6
/** Currents must differ by so much for a drop to say whether it follows them. */
const leastSpread = 0.2
/** A bypass diode that is shorted takes a third of the cells. */
const diode = 0.28

/** Takes a slot with current. @param usual  its voltage when it is well, of its siblings' */
export function rememberDrop(drops: Drops, { voltage, sample, panel, isJudged }: PanelView, usual: number): Drops {
  if (!isJudged || voltage === null || sample?.currentA == null) return drops
  const current = (sample.currentA * panel.ratedV) / panel.ratedW
  return [...drops.slice(1 - kept), [round(current), round(1 - voltage / usual)]]
}

/** A connection that is bad takes voltage in proportion to the current: nothing in the morning, most at noon. */
export const lowVoltage = (view: PanelView, drops: Drops, usual: number, isLasting: boolean): Verdict =>
  says(view, drops, usual, isLasting, 'resistance')

/** Cells or a diode that are shorted take the same voltage whatever the current. */
export const partlyShorted = (view: PanelView, drops: Drops, usual: number, isLasting: boolean): Verdict =>
  says(view, drops, usual, isLasting, 'cells')

function says(
  { isJudged, voltage, sample, panel, expected }: PanelView,
  drops: Drops,
  usual: number,
  isLasting: boolean,
  sought: 'resistance' | 'cells',
): Verdict {
  if (!isJudged || voltage === null || sample?.voltageV == null || sample.currentA === null) return unknown
  const drop = 1 - voltage / usual
  const current = (sample.currentA * panel.ratedV) / panel.ratedW
  if (current < leastCurrent) return unknown
  if (drop < (isLasting ? low.off : low.on)) return clear
  const cause = causeOf(drops)
  if (cause === null) return unknown
  if (cause !== sought) return clear
  const verdict = holds(severityOfLoss(drop), {
    ...({
      feature: 'voltage_v',
      value: sample.voltageV,
      expected: (sample.voltageV * usual) / voltage,
      unit: 'V',
    } as const),
  })
  return weighed(verdict, isDiffuse(expected!, sample) ? lowVoltageDelay / diffuseSlots : 1)
}

/** Clouds before the sun for the whole slot: nothing casts a shadow in such light. */
function isDiffuse({ irradianceWm2, clearSkyWm2 }: Expected, { powerW, highestW }: PanelSample): boolean {
  const isSteady = powerW !== null && highestW != null && highestW <= steady * powerW
  return clearSkyWm2 !== null && irradianceWm2 < diffuseIndex * clearSkyWm2 && isSteady
}

/** What takes the voltage, by how the drop follows the current; `null`: too early to tell. */
function causeOf(drops: Drops): 'resistance' | 'cells' | null {
  const low_ = drops.filter(([current, drop]) => drop > 0.02 && current > 0.05)
  if (low_.length < leastSlots) return null
  const currents = low_.map(([current]) => current)
  const middle = median(low_.map(([, drop]) => drop))!
  if (Math.max(...currents) - Math.min(...currents) < leastSpread) return middle >= diode ? 'cells' : null
  const meanCurrent = mean(currents)
  const meanDrop = mean(low_.map(([, drop]) => drop))
  const along = low_.reduce((sum, [current, drop]) => sum + (current - meanCurrent) * (drop - meanDrop), 0)
  const square = currents.reduce((sum, current) => sum + (current - meanCurrent) ** 2, 0)
  // Share of the drop that is there without current.
  const fixed = (meanDrop - (along / square) * meanCurrent) / meanDrop
  return fixed > 0.5 ? 'cells' : 'resistance'
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
const round = (value: number): number => Math.round(value * 1e4) / 1e4
