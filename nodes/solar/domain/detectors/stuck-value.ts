import type { PanelSample } from '../plant.ts'
import type { Feature } from './anomaly.ts'
import type { PanelView } from './panel-view.ts'
import { clear, holds, unknown, type Finding, type Verdict } from './verdict.ts'

type Measure = 'powerW' | 'voltageV' | 'currentA' | 'temperatureC'

/** How long a measure has not changed at all. JSON. */
export interface Repeat {
  readonly value: number
  /** Slots after the first that had the same value, in daylight. */
  readonly slots: number
  /** First of them, UTC milliseconds. */
  readonly since: number
  /** Least and most that the panel should have generated meanwhile, W. */
  readonly leastW: number
  readonly mostW: number
}

export type Repeats = Readonly<Partial<Record<Measure, Repeat>>>

const measures: readonly { readonly name: Measure; readonly feature: Feature; readonly unit: string }[] = [
  { name: 'powerW', feature: 'power_w', unit: 'W' },
  { name: 'voltageV', feature: 'voltage_v', unit: 'V' },
  { name: 'currentA', feature: 'current_a', unit: 'A' },
  { name: 'temperatureC', feature: 'temperature_c', unit: '°C' },
]

/** Means of 5 minutes that are equal to the last digit over so long are of no sensor that measures. */
const stuckSlots = 6
/** Meanwhile the sun must have moved what the panel should generate by this share. */
const leastMove = 0.04
/** Power that is held by an inverter stays the product of voltage and current, within this share. */
const consistent = 0.05

/** Counts on how long each measure has been the same, in daylight; by night all of them may rest. */
export function countRepeats(repeats: Repeats, { sample, isJudged, at, wantedW }: PanelView): Repeats {
  if (!sample) return repeats
  const counted: Partial<Record<Measure, Repeat>> = {}
  for (const { name } of measures) {
    const value = sample[name]
    const before = repeats[name]
    if (value === null) {
      if (before) counted[name] = before
    } else if (before?.value !== value) {
      counted[name] = { value, slots: 0, since: at, leastW: wantedW > 0 ? wantedW : Number.MAX_VALUE, mostW: wantedW }
    } else if (isJudged) {
      const [leastW, mostW] = [Math.min(before.leastW, wantedW), Math.max(before.mostW, wantedW)]
      counted[name] = { ...before, slots: before.slots + 1, leastW, mostW }
    } else counted[name] = before
  }
  return counted
}

/**
 * Some measure has been the same to the last digit while the sun moved. Nothing at all is another rule's; and power that an
 * inverter holds is no stuck value as long as it is the product of voltage and current.
 */
export function stuckValue({ sample, isJudged, panel }: PanelView, repeats: Repeats): Verdict {
  if (!sample || !isJudged) return unknown
  const findings = measures.flatMap(({ name, feature, unit }): Finding[] => {
    const repeat = repeats[name]
    if (!repeat || repeat.slots < stuckSlots || repeat.mostW < (1 + leastMove) * repeat.leastW) return []
    if (isNothing(repeat.value, name, panel.ratedW, panel.ratedV) && !hasStuckTemperature(repeats)) return []
    if (name === 'powerW' && isProduct(sample)) return []
    return [
      { feature, value: repeat.value, expected: null, unit },
      { feature: 'unchanged_minutes', value: repeat.slots * 5, expected: 0, unit: 'min' },
    ]
  })
  return findings.length > 0 ? holds('medium', ...findings) : clear
}

const hasStuckTemperature = ({ temperatureC }: Repeats): boolean =>
  temperatureC !== undefined && temperatureC.slots >= stuckSlots

function isNothing(value: number, name: Measure, ratedW: number, ratedV: number): boolean {
  const scale = { powerW: ratedW, voltageV: ratedV, currentA: ratedW / ratedV, temperatureC: null }[name]
  return scale !== null && Math.abs(value) < 0.005 * scale
}

function isProduct({ powerW, voltageV, currentA }: PanelSample): boolean {
  if (powerW === null || voltageV === null || currentA === null) return false
  return Math.abs(voltageV * currentA - powerW) <= consistent * Math.abs(powerW)
}
