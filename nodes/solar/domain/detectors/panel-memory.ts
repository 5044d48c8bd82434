import { rememberOutput } from './clipping.ts'
import { dayFigure, intoDay, type DayFigure, type HalfHour } from './day.ts'
import { rememberDrop } from './low-voltage.ts'
import type { PanelView } from './panel-view.ts'
import { median } from '../robust.ts'
import { rememberShadows } from './shading.ts'
import { usualOf } from './slow-loss.ts'
import { solarDay } from './solar-day.ts'
import type { PanelState } from './state.ts'
import { countRepeats } from './stuck-value.ts'

/** Days that are kept: a quarter, in which dirt comes and goes and age shows. */
const keptDays = 120
/** So many of them outvote a week in which a resistance grew, and are soon enough for age. */
const recentDays = 15
/** Less is no output, of what a panel should give. */
const nothing = 0.02

/** Adds to a panel's memory what one slot says, before it is judged; and closes the day when a new one begins. */
export function rememberSlot(
  before: PanelState,
  view: PanelView,
): { state: PanelState; closed: readonly HalfHour[] | null } {
  const today = solarDay(view.at, view.panel.place)
  const turned = before.day === null || before.day === today ? null : closeDay(before, before.day)
  const state = turned ?? before
  return {
    closed: turned ? before.halfHours : null,
    state: {
      ...state,
      ...(turned ? { halfHours: [], judgedSlots: 0, hasGenerated: false } : {}),
      ...{ day: today, repeats: countRepeats(state.repeats, view) },
      ...(view.isJudged && view.power !== null
        ? {
            judgedSlots: (turned ? 0 : state.judgedSlots) + 1,
            hasGenerated: (!turned && state.hasGenerated) || view.power >= nothing,
            drops: rememberDrop(state.drops, view, recentVoltage(state)),
            output: rememberOutput(state.output, view),
          }
        : {}),
    },
  }
}

/** Voltage of the panel beside its siblings' on its last good days: age takes of it slowly, and is no fault of a connection. */
export const recentVoltage = ({ days, usual }: PanelState): number =>
  median(days.slice(-recentDays).flatMap(({ voltage }) => voltage ?? [])) ?? usual.voltage

function closeDay(state: PanelState, day: number): PanelState {
  const figure = dayFigure(day, state.halfHours)
  const days: readonly DayFigure[] = figure ? [...state.days, figure].slice(-keptDays) : state.days
  return {
    ...{ ...state, days, usual: usualOf(state.usual, days) },
    shadows: rememberShadows(state.shadows, state.halfHours, day),
  }
}

/** Adds a slot to the running day, once no rule explains what it shows. */
export function rememberHealth(state: PanelState, view: PanelView): PanelState {
  const halfHours = intoDay(state.halfHours, view)
  return halfHours === state.halfHours ? state : { ...state, halfHours }
}
