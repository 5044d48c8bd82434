import { groupSums, lineCount, shareOf } from './tree.ts'
import type { Tree } from './tree.ts'

/** Candidates that need a least power to be on at all. */
export interface Candidates {
  /** Indices of the devices, rising. */
  readonly members: readonly number[]
  /** By device: what it has in any case, kW, and what it needs to be on. */
  readonly has: Float64Array
  readonly least: Float64Array
  /** By device: who comes first where not all can be on; of equals, the one whose id is first. */
  readonly rank: Float64Array
  /** By slot: what the members below may take together, kW. */
  readonly room: Float64Array
}

const nearKw = 1e-9

/**
 * Who can be on. Where the least powers of all do not fit, they are given out in the order of rank, and whoever's does not fit any more
 * is off: a charger that gets half of its least current would start and stop, and help nobody.
 * @returns by device that is off: the slot that is too full for it
 */
export function tooFullFor(tree: Tree, { members, has, least, rank, room }: Candidates): Map<number, number> {
  const off = new Map<number, number>()
  const had = new Float64Array(tree.groupCount)
  const wished = new Float64Array(tree.groupCount)
  for (const member of members) {
    had[tree.group[member]!]! += has[member]!
    wished[tree.group[member]!]! += Math.max(has[member]!, least[member]!)
  }
  const load = groupSums(tree, had)
  const overfull = groupSums(tree, wished).map((sum, slot) => (sum > room[slot]! + nearKw ? 1 : 0))
  if (!overfull.includes(1)) return off

  const above = slotsAbove(tree, overfull)
  const contested = members.filter((member) => least[member]! > has[member]! && above[tree.group[member]!]!.length > 0)
  contested.sort((one, other) => rank[other]! - rank[one]! || one - other)
  for (const member of contested) {
    const group = tree.group[member]!
    const slots = above[group]!
    const mask = tree.groupMask[group]!
    const more = least[member]! - has[member]!
    let full = -1
    for (let at = 0; at < slots.length && full < 0; at++) {
      const slot = slots[at]!
      if (load[slot]! + more * shareOf(mask, slot % lineCount) > room[slot]! + nearKw) full = slot
    }
    if (full >= 0) off.set(member, full)
    else for (const slot of slots) load[slot]! += more * shareOf(mask, slot % lineCount)
  }
  return off
}

/** By group: the overfull slots above it. */
function slotsAbove(tree: Tree, overfull: Float64Array): number[][] {
  return Array.from(tree.groupFeeder, (own, group) => {
    const slots: number[] = []
    for (let feeder = own; feeder >= 0; feeder = tree.parent[feeder]!)
      for (let line = 0; line < lineCount; line++)
        if (overfull[feeder * lineCount + line] && shareOf(tree.groupMask[group]!, line) > 0)
          slots.push(feeder * lineCount + line)
    return slots
  })
}
