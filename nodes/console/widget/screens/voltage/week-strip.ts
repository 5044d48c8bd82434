import type { Band, InvalidReason, Phase, UnitWindow } from './voltage-answers.ts'

/** Ten minutes, ms. */
export const windowMs = 600_000
/** Windows of seven days. */
export const weekWindows = 1_008
const dayWindows = 144

/** What a window is at one phase: a band, invalid, or nothing where nobody heard anything. */
export type CellState = Band | 'invalid' | 'none'
export const cellStates = ['adequate', 'precarious', 'critical', 'invalid', 'none'] as const satisfies CellState[]

/** A window at one phase. */
export interface Cell {
  readonly state: CellState
  readonly volts: number | null
}

/** Ten minutes of the week, whether or not anything was heard of them. */
export interface Slot {
  /** Their beginning, UTC milliseconds. */
  readonly start: number
  /** Civil day of the week that they are of, from 0, and which window of that day. */
  readonly row: number
  readonly column: number
  readonly cells: Readonly<Partial<Record<Phase, Cell>>>
  readonly reason: InvalidReason | null
  readonly window: UnitWindow | undefined
}

/** The seven days of a unit, window by window: 1,008 of them. */
export interface Strip {
  readonly phases: readonly Phase[]
  readonly slots: readonly Slot[]
  /** Midnights that the rows begin with, UTC milliseconds. */
  readonly days: readonly number[]
  /** Windows of the longest row: 144, but where clocks are put back. */
  readonly columns: number
}

/**
 * Lays a week out in civil days, as the clocks of whoever looks have them.
 * @param until   end of the week, UTC milliseconds
 * @param phases  that the unit has, as `ABC`
 */
export function stripOf(windows: readonly UnitWindow[], until: number, phases: string): Strip {
  const has = (['A', 'B', 'C'] as const).filter((phase) => phases.includes(phase))
  const known = new Map(windows.map((window) => [Date.parse(window.start), window]))
  const from = until - weekWindows * windowMs
  const days: number[] = []
  const slots = Array.from({ length: weekWindows }, (_, index): Slot => {
    const start = from + index * windowMs
    const midnight = new Date(start).setHours(0, 0, 0, 0)
    if (days.at(-1) !== midnight) days.push(midnight)
    const window = known.get(start)
    return {
      ...{ start, row: days.length - 1, column: Math.floor((start - midnight) / windowMs) },
      cells: Object.fromEntries(has.map((phase) => [phase, cellOf(window, phase)])),
      ...{ reason: window?.invalidReason ?? null, window },
    }
  })
  return { phases: has, slots, days, columns: Math.max(dayWindows, ...slots.map(({ column }) => column + 1)) }
}

const fields = { A: ['va_v', 'bandA'], B: ['vb_v', 'bandB'], C: ['vc_v', 'bandC'] } as const

function cellOf(window: UnitWindow | undefined, phase: Phase): Cell {
  if (!window) return { state: 'none', volts: null }
  const [voltsField, bandField] = fields[phase]
  const [volts, band] = [window[voltsField], window[bandField]]
  return { state: window.valid ? (band ?? 'none') : 'invalid', volts }
}

/** How many windows of a phase are what; in all 1,008. */
export function countsOf({ slots }: Strip, phase: Phase): Readonly<Record<CellState, number>> {
  const counts = { adequate: 0, precarious: 0, critical: 0, invalid: 0, none: 0 }
  for (const { cells } of slots) counts[cells[phase]?.state ?? 'none']++
  return counts
}

/** How high each state is drawn, of a row: what is worse is higher, so that it is seen without its colour. */
const heights: Readonly<Record<Exclude<CellState, 'none'>, readonly [from: number, to: number]>> = {
  ...{ adequate: [0.68, 0.92], precarious: [0.36, 0.92], critical: [0.04, 0.92], invalid: [0.44, 0.56] },
}

/**
 * The outline of all windows of a phase in one state, as one SVG path: a column is one wide, a row one high.
 * Windows of one state in a row are drawn in one piece.
 */
export function outlineOf({ slots }: Strip, phase: Phase, state: Exclude<CellState, 'none'>): string {
  const [top, bottom] = heights[state]
  const pieces: { readonly row: number; readonly column: number; wide: number }[] = []
  for (const { row, column, cells } of slots) {
    if (cells[phase]?.state !== state) continue
    const last = pieces.at(-1)
    if (last && last.row === row && last.column + last.wide === column) last.wide++
    else pieces.push({ row, column, wide: 1 })
  }
  return pieces.map(({ row, column, wide }) => `M${column} ${row + top}h${wide}V${row + bottom}h-${wide}z`).join('')
}

/** Which window stands at a place of the drawing; undefined where none does. */
export const slotAt = ({ slots }: Strip, row: number, column: number): number | undefined => {
  const index = slots.findIndex((slot) => slot.row === row && slot.column === column)
  return index < 0 ? undefined : index
}

const isAbnormal = ({ cells }: Slot): boolean =>
  Object.values(cells).some(({ state }) => state === 'precarious' || state === 'critical' || state === 'invalid')

/** Where a key leads from a window; undefined for keys that lead nowhere. */
export function stepBy(key: string, at: number, { slots }: Strip): number | undefined {
  const last = slots.length - 1
  const bounded = (index: number): number => Math.min(last, Math.max(0, index))
  switch (key) {
    case 'ArrowLeft':
      return bounded(at - 1)
    case 'ArrowRight':
      return bounded(at + 1)
    case 'ArrowUp':
      return bounded(at - dayWindows)
    case 'ArrowDown':
      return bounded(at + dayWindows)
    case 'Home':
      return 0
    case 'End':
      return last
    case 'PageDown': {
      const next = slots.findIndex((slot, index) => index > at && isAbnormal(slot))
      return next < 0 ? at : next
    }
    case 'PageUp': {
      const before = slots.findLastIndex((slot, index) => index < at && isAbnormal(slot))
      return before < 0 ? at : before
    }
    default:
      return undefined
  }
}
