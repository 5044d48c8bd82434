import type { PanelView } from './panel-view.ts'
import { median } from '../robust.ts'
import { quantile } from './quantile.ts'
import { solarBin } from './solar-day.ts'

/**
 * What a panel showed in a half hour of the running day, in means over its slots; ratios are of what it should show. JSON.
 * `null` where nothing was measured.
 */
export interface HalfHour {
  /** Of the solar day, 0…47. */
  readonly bin: number
  readonly slots: number
  /** Of them with the sun itself on the site: without it nothing casts a shadow. */
  readonly sunny: number
  /** In those; 0 of none. */
  readonly sunnyPower: number
  readonly power: number
  readonly voltage: number | null
  readonly current: number | null
  /** Above its siblings, °C per 1000 W/m². */
  readonly warmerC: number | null
}

/** What one day said of a panel. JSON. */
export interface DayFigure {
  /** By the sun, days since 1970. */
  readonly day: number
  /** Better part of the day: what shades it for hours does not count. */
  readonly power: number
  readonly voltage: number | null
  readonly current: number | null
  readonly warmerC: number | null
}

/** Sun enough that sensors are exact, W/m². */
const leastWm2 = 250
/** So much of a clear sky is sun, not haze. */
const sunnyIndex = 0.75
/** Less than an hour and a half says nothing of a day. */
const leastHalfHours = 3
const betterPart = 0.7

/** Takes a slot into the running day, where it says something of how good the panel is. */
export function intoDay(day: readonly HalfHour[], view: PanelView): readonly HalfHour[] {
  const { expected, power, voltage, current, warmerC } = view
  if (!view.isJudged || power === null || !expected || expected.irradianceWm2 < leastWm2 || expected.isClipped)
    return day
  const { irradianceWm2, clearSkyWm2 } = expected
  const bin = solarBin(view.at, view.panel.place)
  const last = day.at(-1)
  const before =
    last?.bin === bin ? last : { bin, slots: 0, sunny: 0, sunnyPower: 0, power: 0, voltage, current, warmerC }
  const { slots } = before
  const isSunny = clearSkyWm2 !== null && irradianceWm2 >= sunnyIndex * clearSkyWm2
  const next: HalfHour = {
    ...{ bin, slots: slots + 1, sunny: before.sunny + (isSunny ? 1 : 0) },
    sunnyPower: isSunny ? meanWith(before.sunnyPower, power, before.sunny)! : before.sunnyPower,
    power: meanWith(before.power, power, slots)!,
    voltage: meanWith(before.voltage, voltage, slots),
    current: meanWith(before.current, current, slots),
    warmerC: meanWith(before.warmerC, warmerC === null ? null : (warmerC * 1000) / irradianceWm2, slots),
  }
  return last?.bin === bin ? [...day.slice(0, -1), next] : [...day, next]
}

/** Mean of so many values and one more; what is missing on either side leaves the other. */
function meanWith(before: number | null, value: number | null, slots: number): number | null {
  if (value === null) return before
  if (before === null) return round(value)
  return round(before + (value - before) / (slots + 1))
}

/** What the half hours of a day say together; `null` of too few. */
export function dayFigure(day: number, halfHours: readonly HalfHour[]): DayFigure | null {
  const full = halfHours.filter(({ slots }) => slots >= 3)
  if (full.length < leastHalfHours) return null
  const middle = (pick: (halfHour: HalfHour) => number | null) => median(full.flatMap((one) => pick(one) ?? []))
  const currents = full.flatMap(({ current }) => current ?? [])
  return {
    ...{ day, power: powerLevel(full)!, voltage: middle(({ voltage }) => voltage) },
    ...{ current: quantile(currents, betterPart), warmerC: middle(({ warmerC }) => warmerC) },
  }
}

/** What a panel gives of what it should in the better part of a day. */
const powerLevel = (halfHours: readonly HalfHour[]): number | null =>
  quantile(
    halfHours.map(({ power }) => power),
    betterPart,
  )

const round = (value: number): number => Math.round(value * 1e4) / 1e4
