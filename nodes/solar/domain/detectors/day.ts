import type { PanelView } from './panel-view.ts'
import { median, quantile } from './median.ts'
import { solarBin } from './solar-day.ts'

/** A slot of the running day, as the rules of days need it: ratios are of what the panel should show. */
export interface DaySlot {
  readonly bin: number
  readonly power: number
  readonly voltage: number | null
  readonly current: number | null
  /** Above its siblings, °C per 1000 W/m². */
  readonly warmerC: number | null
  /** Whether the sun itself reaches the site: without it nothing casts a shadow. */
  readonly isSunny: boolean
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

/** Slots that say how good a panel is: sun enough that sensors are exact. */
const leastWm2 = 250
/** So much of a clear sky is sun, not haze. */
const sunnyIndex = 0.75
/** Fewer slots say nothing of a day. */
const leastSlots = 12
const betterPart = 0.7

/** A slot for the running day; `null` where it says nothing of how good the panel is. */
export function daySlot(view: PanelView): DaySlot | null {
  const { expected, power, panel } = view
  if (!view.isJudged || power === null || !expected || expected.irradianceWm2 < leastWm2 || expected.isClipped) return null
  const { irradianceWm2, clearSkyWm2 } = expected
  return {
    bin: solarBin(view.at, panel.place),
    power: round(power),
    voltage: view.voltage === null ? null : round(view.voltage),
    current: view.current === null ? null : round(view.current),
    warmerC: view.warmerC === null ? null : round((view.warmerC * 1000) / irradianceWm2),
    isSunny: clearSkyWm2 !== null && irradianceWm2 >= sunnyIndex * clearSkyWm2,
  }
}

/** What a day's slots say together; `null` of too few. */
export function dayFigure(day: number, slots: readonly DaySlot[]): DayFigure | null {
  if (slots.length < leastSlots) return null
  const power = quantile(
    slots.map((slot) => slot.power),
    betterPart,
  )!
  const middle = (pick: (slot: DaySlot) => number | null) => median(slots.flatMap((slot) => pick(slot) ?? []))
  return {
    ...{ day, power },
    voltage: middle(({ voltage }) => voltage),
    current: middle(({ current }) => current),
    warmerC: middle(({ warmerC }) => warmerC),
  }
}

const round = (value: number): number => Math.round(value * 1e4) / 1e4
