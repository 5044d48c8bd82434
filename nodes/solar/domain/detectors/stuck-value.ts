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
  /** Least and most of what tells how the measure should have moved meanwhile, in its unit. */
  readonly least: number
  readonly most: number
}

export type Repeats = Readonly<Partial<Record<Measure, Repeat>>>

interface Course {
  readonly name: Measure
  readonly feature: Feature
  readonly unit: string
  /** What tells how the measure should move: the other two of power, voltage and current where they are measured, else siblings. */
  told(view: PanelView): number | null
  /** What it must have moved by, of its least, or of half the rating where that is more; of a temperature, °C. */
  readonly move: number
  /** Less is nothing, which may stay what it is, of the panel's rating. */
  readonly nothing: number
}

const courses: readonly Course[] = [
  {
    ...({ name: 'powerW', feature: 'power_w', unit: 'W', move: 0.06, nothing: 0 } as const),
    told: ({ sample, wantedW }) => {
      const { voltageV, currentA } = sample!
      return voltageV === null || currentA === null ? wantedW : voltageV * currentA
    },
  },
  {
    ...({ name: 'currentA', feature: 'current_a', unit: 'A', move: 0.08, nothing: 0.02 } as const),
    told: ({ sample, wantedA }) => {
      const { powerW, voltageV } = sample!
      return powerW === null || voltageV === null || voltageV <= 0 ? wantedA : powerW / voltageV
    },
  },
  {
    ...({ name: 'voltageV', feature: 'voltage_v', unit: 'V', move: 0.02, nothing: 0.05 } as const),
    told: ({ sample, voltage }) => (voltage === null || voltage <= 0 ? null : sample!.voltageV! / voltage),
  },
  {
    ...({ name: 'temperatureC', feature: 'temperature_c', unit: '°C', move: 4, nothing: 0 } as const),
    told: ({ sample, warmerC }) => (warmerC === null ? null : sample!.temperatureC! - warmerC),
  },
]

/** Means of 5 minutes that are equal to the last digit over so long are of no sensor that measures. */
const stuckSlots = 6

/** Counts on how long each measure has been the same, in daylight; by night all of them may rest. */
export function countRepeats(repeats: Repeats, view: PanelView): Repeats {
  const { sample, isJudged, at } = view
  if (!sample) return repeats
  const counted: Partial<Record<Measure, Repeat>> = {}
  for (const course of courses) {
    const { name } = course
    const value = sample[name]
    const before = repeats[name]
    if (value === null) {
      if (before) counted[name] = before
      continue
    }
    const told = isJudged ? course.told(view) : null
    if (before?.value !== value)
      counted[name] = { value, slots: 0, since: at, least: told ?? Number.MAX_VALUE, most: told ?? -Number.MAX_VALUE }
    else if (told === null) counted[name] = before
    else
      counted[name] = {
        ...{ ...before, slots: before.slots + 1 },
        ...{ least: Math.min(before.least, told), most: Math.max(before.most, told) },
      }
  }
  return counted
}

/**
 * Some measure has been the same to the last digit while what else is measured moved. A dead panel's nothing is none, and power
 * that an inverter holds is none: voltage and current hold with it.
 */
export function stuckValue({ sample, isJudged, panel }: PanelView, repeats: Repeats): Verdict {
  if (!sample || !isJudged) return unknown
  const rated = { powerW: panel.ratedW, voltageV: panel.ratedV, currentA: panel.ratedW / panel.ratedV, temperatureC: 1 }
  const findings = courses.flatMap(({ name, feature, unit, move, nothing }): Finding[] => {
    const repeat = repeats[name]
    if (!repeat || repeat.slots < stuckSlots || Math.abs(repeat.value) < nothing * rated[name]) return []
    const moved = repeat.most - repeat.least
    if (moved < (name === 'temperatureC' ? move : move * Math.max(repeat.least, 0.5 * rated[name]))) return []
    return [
      { feature, value: repeat.value, expected: repeat.most, unit },
      { feature: 'unchanged_minutes', value: repeat.slots * 5, expected: 0, unit: 'min' },
    ]
  })
  return findings.length > 0 ? holds('medium', ...findings) : clear
}
