import type { Slot } from './solar-answers.ts'

/** Two curves in one box: what a plant generated, and what was expected. */
export interface PowerTrace {
  /** SVG paths, a unit per pixel of the box; a gap of the readings is a gap of the line. */
  readonly power: string
  readonly expected: string
  /** Top of the box, W; 0 where nothing was generated nor expected. */
  readonly peakW: number
}

const slotMs = 5 * 60_000

/**
 * Draws slots into a box: the first at the left edge, the last at the right, 0 W at the bottom.
 * @param slots  in order
 */
export function powerTrace(slots: readonly Slot[], width: number, height: number): PowerTrace {
  const begin = Date.parse(slots[0]?.timestamp ?? '')
  const span = Math.max(slotMs, Date.parse(slots.at(-1)?.timestamp ?? '') - begin)
  const peakW = Math.max(0, ...slots.flatMap(({ powerW, expectedW }) => [powerW, expectedW]))
  const pathOf = (name: 'powerW' | 'expectedW'): string =>
    slots
      .map((slot, index) => {
        const at = Date.parse(slot.timestamp)
        const before = slots[index - 1]
        const isGap = !before || at - Date.parse(before.timestamp) > slotMs
        const x = (((at - begin) / span) * width).toFixed(1)
        const y = (height - (Math.max(0, slot[name]) / (peakW || 1)) * height).toFixed(1)
        return `${isGap ? 'M' : 'L'}${x} ${y}`
      })
      .join('')
  return { power: pathOf('powerW'), expected: pathOf('expectedW'), peakW }
}
