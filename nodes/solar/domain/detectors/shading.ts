import { median } from '../robust.ts'
import type { HalfHour } from './day.ts'
import { quantile } from './quantile.ts'
import { clear, holds, severityOfLoss, unknown, type Verdict } from './verdict.ts'

/** Whether a panel was low in a half hour of the day on the last sunny days, newest in the lowest bit. JSON; bounded. */
export interface Shadow {
  readonly bin: number
  readonly days: number
  readonly low: number
  /** Solar day of the newest. */
  readonly day: number
}

/** Below this share of the better part of its day a panel is in a shadow. */
const lowBelow = 0.88
/** So many of the last four sunny days make a shadow of it; fewer than so many of the last three end it. */
const daysOn = 3
const lowOff = 2
const lastOff = 0b111
/** Slots of sun in a half hour that make it sunny. */
const leastSlots = 2
/** Fewer half hours of sun are no day to compare in; and more of them are no shadow. */
const leastHalfHours = 4
const mostOfDay = 0.7
/** A shadow makes no half hour better than the middle of its day by more than this. */
const mostAbove = 1.15
/** The sun stands elsewhere by then. */
const forgottenDays = 30

/** Takes a day's half hours. */
export function rememberShadows(shadows: readonly Shadow[], halfHours: readonly HalfHour[], day: number): Shadow[] {
  const sunny = sunnyOf(halfHours)
  const level = sunnyLevel(sunny)
  const seen = sunny.map(({ bin, sunnyPower: power }): Shadow => {
    const before = shadows.find((one) => one.bin === bin)
    const isLow = power < lowBelow * level! ? 1 : 0
    return { bin, days: Math.min(4, (before?.days ?? 0) + 1), low: (((before?.low ?? 0) << 1) | isLow) & 0xf, day }
  })
  const others = shadows.filter((one) => day - one.day <= forgottenDays && !seen.some((newer) => newer.bin === one.bin))
  return [...others, ...seen]
}

/**
 * A panel is low at the same time of day on one sunny day after the other, and well at others: something casts a shadow. It is
 * over once no half hour was low on most of its last sunny days.
 * @param halfHours  of the day that closes, which `shadows` took already
 */
export function shading(shadows: readonly Shadow[], halfHours: readonly HalfHour[], isLasting: boolean): Verdict {
  const sunny = sunnyOf(halfHours)
  const isShadow = ({ low, days }: Shadow) =>
    isLasting ? bitsOf(low & lastOff) >= lowOff : days >= daysOn && bitsOf(low) >= daysOn
  const bins = new Set(shadows.filter(isShadow).map(({ bin }) => bin))
  if (bins.size === 0) return sunny.length < leastHalfHours ? unknown : clear
  const shaded = sunny.filter(({ bin }) => bins.has(bin))
  const share = shaded.length / sunny.length
  if (sunny.length < leastHalfHours || shaded.length === 0 || share > mostOfDay) return unknown
  // Low in the morning and high in the evening, or the other way round, is a clock that is wrong by less than an hour.
  if (!isLasting && Math.max(...sunny.map(({ sunnyPower }) => sunnyPower)) > mostAbove * sunnyMiddle(sunny))
    return unknown
  const level = sunnyLevel(sunny)!
  const low = shaded.reduce((sum, { sunnyPower }) => sum + sunnyPower, 0) / shaded.length
  return holds(severityOfLoss(Math.max(0, share * (1 - low / level))), {
    ...({ feature: 'power_ratio', value: low, expected: level, unit: '1' } as const),
  })
}

const sunnyMiddle = (sunny: readonly HalfHour[]): number => median(sunny.map(({ sunnyPower }) => sunnyPower))!

const sunnyLevel = (sunny: readonly HalfHour[]): number | null =>
  quantile(
    sunny.map(({ sunnyPower }) => sunnyPower),
    0.75,
  )

const sunnyOf = (halfHours: readonly HalfHour[]): HalfHour[] => halfHours.filter(({ sunny }) => sunny >= leastSlots)

const bitsOf = (mask: number): number => (mask & 1) + ((mask >> 1) & 1) + ((mask >> 2) & 1) + ((mask >> 3) & 1)
