import { median } from '../robust.ts'
import { quantile } from './quantile.ts'
import type { PanelView } from './panel-view.ts'
import type { Usual } from './slow-loss.ts'
import type { Said } from './watch.ts'
import { clear, holds, severityOfLoss, unknown, type Verdict } from './verdict.ts'

/** The most that a panel gave in each of the last slots of sun, beside what it should have given in the mean, W, oldest first. JSON; bounded. */
export type Output = readonly (readonly [givenW: number, wantedW: number])[]

/** Hours of a day's sun. */
const kept = 60
/** A ceiling shows where more than this is wanted, and where the wanted moves by more than this while the given does not. */
const above = 1.06
const moved = 1.08
const within = 0.025
/** Below the ceiling the panel gives what it should. */
const healthy = 0.93
/** What gives so much of what it should is held by nothing. */
const wellFrom = 0.97
const leastSlots = 6
/** What is held below its maximum power goes to a higher voltage: of what siblings have. */
const aboveUsual = 1.02
/** Of what the wanted rises, so much may the given rise with it: more, and it follows the sun. */
const mostFollowed = 0.5
/** Clouds that pass within 5 minutes take some of the mean from below the ceiling. */
const mostlyFlat = 0.6
/** Of the rating: below it nothing is a ceiling of an inverter. */
const leastShare = 0.1

/** Takes a slot of sun. */
export function rememberOutput(output: Output, { isJudged, sample, wantedW, power, expected }: PanelView): Output {
  if (!isJudged || power === null || expected!.irradianceWm2 < 100) return output
  return [...output.slice(1 - kept), [tenth(sample!.highestW ?? sample!.powerW!), tenth(wantedW)]]
}

/**
 * Something other than the inverter's known limit holds a panel's power at a ceiling: flat while the sun moves what it should
 * give, and as it should be below the ceiling. It is over once the panel gives more than that.
 */
export function clipping(
  { isJudged, power, voltage, expected, panel, sample }: PanelView,
  output: Output,
  usual: Usual,
  said: Said | null,
): Verdict {
  if (!isJudged || power === null || expected!.isClipped || output.length < leastSlots) return unknown
  if (said) return sample!.powerW! > (1 + 2 * within) * said.evidence[0]!.value ? clear : unknown
  if (power >= wellFrom * usual.power || (voltage !== null && voltage < aboveUsual * usual.voltage)) return clear
  const goodness = usual.power
  const wanted = output.map(([givenW, wantedW]) => [givenW, wantedW * goodness] as const)
  // The highest that it gave when more was wanted: below its ceiling a panel says nothing of it.
  const ceilingW = quantile(
    wanted.flatMap(([givenW, wantedW]) => (givenW < wellFrom * wantedW ? givenW : [])),
    0.8,
  )
  if (ceilingW === null || ceilingW < leastShare * panel.ratedW) return unknown
  const held = wanted.filter(([, wantedW]) => wantedW > above * ceilingW)
  if (held.length < leastSlots) return unknown
  const free = wanted.filter(([, wantedW]) => wantedW < healthy * ceilingW && wantedW > 0.3 * ceilingW)
  const flat = held.filter(([givenW]) => Math.abs(givenW / ceilingW - 1) <= within)
  const wants = held.map(([, wantedW]) => wantedW)
  const hasMoved = quantile(wants, 0.95)! >= moved * quantile(wants, 0.05)!
  const isWell = free.length < 3 || median(free.map(([givenW, wantedW]) => givenW / wantedW))! >= healthy
  const rises = quantile(wants, 0.9)! / quantile(wants, 0.1)! - 1
  const givens = held.map(([givenW]) => givenW)
  const follows = quantile(givens, 0.9)! / quantile(givens, 0.1)! - 1
  if (flat.length < mostlyFlat * held.length || !isWell || (hasMoved && follows > mostFollowed * rises)) return clear
  if (!hasMoved) return unknown
  const mostW = Math.max(...wants)
  return holds(severityOfLoss(1 - ceilingW / mostW), {
    feature: 'power_w',
    value: ceilingW,
    expected: mostW,
    unit: 'W',
  })
}

const tenth = (value: number): number => Math.round(value * 10) / 10
