import { binsPerDay } from './solar-day.ts'
import type { DaySlot } from './day.ts'
import { median, quantile } from './median.ts'
import { clear, holds, severityOfLoss, unknown, type Verdict } from './verdict.ts'

/** Whether a panel was low in a half hour of the day on the last sunny days, newest in the lowest bit. JSON; bounded. */
export interface HalfHour {
  readonly days: number
  readonly low: number
  /** Solar day of the newest. */
  readonly day: number
}
export type Shade = Readonly<Partial<Record<number, HalfHour>>>

/** Below this share of the better part of its day a panel is in a shadow. */
const lowBelow = 0.88
/** So many of the last sunny days make a shadow of it; and so many without end it. */
const daysOn = 3
const daysOf = 4
const daysOff = 3
/** Slots of sun in a half hour that make it sunny. */
const leastSlots = 3
/** More of the sunny half hours are no shadow. */
const mostOfDay = 0.7
/** The sun stands elsewhere by then. */
const forgottenDays = 30

/** Takes a day's slots. */
export function rememberShade(shade: Shade, slots: readonly DaySlot[], day: number): Shade {
  const sunny = slots.filter(({ isSunny }) => isSunny)
  const level = quantile(
    sunny.map(({ power }) => power),
    0.75,
  )
  const kept: Partial<Record<number, HalfHour>> = {}
  for (let bin = 0; bin < binsPerDay; bin++) {
    const before = shade[bin]
    const powers = sunny.filter((slot) => slot.bin === bin).map(({ power }) => power)
    if (powers.length >= leastSlots && level !== null) {
      const isLow = median(powers)! < lowBelow * level ? 1 : 0
      kept[bin] = { days: Math.min(daysOf, (before?.days ?? 0) + 1), low: (((before?.low ?? 0) << 1) | isLow) & 0xf, day }
    } else if (before && day - before.day <= forgottenDays) kept[bin] = before
  }
  return kept
}

/**
 * A panel is low at the same time of day on one sunny day after the other, and well at others: something casts a shadow.
 * @param slots  of the day that closes
 */
export function shading(shade: Shade, slots: readonly DaySlot[], isLasting: boolean): Verdict {
  const sunny = slots.filter(({ isSunny }) => isSunny)
  const bins = new Set(sunny.map(({ bin }) => bin))
  const shaded = new Set(
    [...bins].filter((bin) => {
      const seen = shade[bin]
      if (!seen) return false
      return isLasting ? (seen.low & ((1 << daysOff) - 1)) !== 0 : bitsOf(seen.low) >= daysOn && seen.days >= daysOn
    }),
  )
  if (bins.size < 4) return unknown
  if (shaded.size === 0) return clear
  if (shaded.size > mostOfDay * bins.size) return unknown
  const level = quantile(
    sunny.map(({ power }) => power),
    0.75,
  )!
  const low = median(sunny.filter(({ bin }) => shaded.has(bin)).map(({ power }) => power))!
  return holds(severityOfLoss((shaded.size / bins.size) * (1 - low / level)), {
    ...({ feature: 'power_ratio', value: low, expected: level, unit: '1' } as const),
  })
}

const bitsOf = (mask: number): number => (mask & 1) + ((mask >> 1) & 1) + ((mask >> 2) & 1) + ((mask >> 3) & 1)
