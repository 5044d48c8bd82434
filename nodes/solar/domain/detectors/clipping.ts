import { median, quantile } from './median.ts'
import type { PanelView } from './panel-view.ts'
import { clear, holds, severityOfLoss, unknown, type Verdict } from './verdict.ts'

/** Power that a panel gave in the last slots of sun beside what it should have given, W, oldest first. JSON; bounded. */
export type Output = readonly (readonly [givenW: number, wantedW: number])[]

/** Hours of a day's sun. */
const kept = 60
/** A ceiling shows where more than this is wanted, and where the wanted moves by more than this while the given does not. */
const above = 1.06
const moved = 1.08
const within = 0.025
/** Below the ceiling the panel gives what it should. */
const healthy = 0.93
const leastSlots = 6
/** Of the rating: below it nothing is a ceiling of an inverter. */
const leastShare = 0.1

/** Takes a slot of sun. */
export function rememberOutput(output: Output, { isJudged, sample, wantedW, power, expected }: PanelView): Output {
  if (!isJudged || power === null || expected!.irradianceWm2 < 100) return output
  return [...output.slice(1 - kept), [Math.round(sample!.powerW! * 10) / 10, Math.round(wantedW * 10) / 10]]
}

/**
 * Something other than the inverter's known limit holds a panel's power at a ceiling: flat while the sun moves what it should
 * give, and as it should be below the ceiling.
 * @param goodness  what the panel gives of what it should when it is well, 1 for a common one
 */
export function clipping({ isJudged, power, expected, panel }: PanelView, output: Output, goodness: number): Verdict {
  if (!isJudged || power === null || expected!.isClipped || output.length < leastSlots) return unknown
  const ceilingW = quantile(
    output.map(([givenW]) => givenW),
    0.9,
  )!
  if (ceilingW < leastShare * panel.ratedW) return unknown
  const wanted = output.map(([givenW, wantedW]) => [givenW, wantedW * goodness] as const)
  const held = wanted.filter(([, wantedW]) => wantedW > above * ceilingW)
  const free = wanted.filter(([, wantedW]) => wantedW < healthy * ceilingW && wantedW > 0.3 * ceilingW)
  if (held.length < leastSlots) return power >= healthy ? clear : unknown
  const flat = held.filter(([givenW]) => Math.abs(givenW / ceilingW - 1) <= within)
  const wants = held.map(([, wantedW]) => wantedW)
  const hasMoved = quantile(wants, 0.95)! >= moved * quantile(wants, 0.05)!
  const isWell = free.length < 3 || median(free.map(([givenW, wantedW]) => givenW / wantedW))! >= healthy
  if (flat.length < 0.8 * held.length || !isWell) return clear
  if (!hasMoved) return unknown
  const mostW = Math.max(...wants)
  return holds(severityOfLoss(1 - ceilingW / mostW), {
    feature: 'power_w',
    value: ceilingW,
    expected: mostW,
    unit: 'W',
  })
}
