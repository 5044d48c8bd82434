import type { RunWindow } from './runs.ts'
import { windowMs } from './windows.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** What a forecast tells apart by time of day: stretches of two hours, civil time. */
const slotMs = 2 * hourMs
export const slotsPerDay = dayMs / slotMs

/** Distance of a zone's clocks from UTC at an instant, both in milliseconds: −3 h in São Paulo. */
export type OffsetAt = (at: number) => number

/** Valid windows of one phase in one slot. */
export interface SlotCounts {
  /** Ordinal of the slot on the civil line of time. */
  readonly slot: number
  valid: number
  /** Outside the adequate band: precarious or critical. */
  outside: number
  critical: number
}

export const slotOf = (at: number, offsetAt: OffsetAt): number => Math.floor((at + offsetAt(at)) / slotMs)

/** Which of the day's slots, 0 from midnight on. */
export const slotOfDay = (slot: number): number => ((slot % slotsPerDay) + slotsPerDay) % slotsPerDay

export const dayOfSlot = (slot: number): number => Math.floor(slot / slotsPerDay)

/** 1970-01-01 was a Thursday. */
export const isWeekend = (slot: number): boolean => (dayOfSlot(slot) + 3) % 7 >= 5

/** Counts by slot of one phase, oldest first; slots without valid windows are left out. */
export function countBySlot(windows: readonly RunWindow[], phase: number, offsetAt: OffsetAt): SlotCounts[] {
  const counts = new Map<number, SlotCounts>()
  for (const { start, bands, invalid } of windows) {
    const band = bands[phase]
    if (invalid !== undefined || band == null) continue
    const slot = slotOf(start, offsetAt)
    let into = counts.get(slot)
    if (!into) counts.set(slot, (into = { slot, valid: 0, outside: 0, critical: 0 }))
    into.valid++
    if (band !== 'adequate') into.outside++
    if (band === 'critical') into.critical++
  }
  return [...counts.values()].sort((one, other) => one.slot - other.slot)
}

/** Windows to come, by slot. */
export interface SlotAhead {
  readonly slot: number
  /** First of its windows, UTC milliseconds. */
  readonly from: number
  windows: number
}

/** The slots that so many windows fill, from an instant on. */
export function slotsAhead(from: number, windows: number, offsetAt: OffsetAt): SlotAhead[] {
  const ahead: SlotAhead[] = []
  for (let index = 0; index < windows; index++) {
    const at = from + index * windowMs
    const slot = slotOf(at, offsetAt)
    const last = ahead.at(-1)
    if (last?.slot === slot) last.windows++
    else ahead.push({ slot, from: at, windows: 1 })
  }
  return ahead
}
