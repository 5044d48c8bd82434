import { groupSums, lineCount, shareOf } from './tree.ts'
import type { Tree } from './tree.ts'

/** A bound on what the members below a slot take together, that the filling may come to. */
export interface Course {
  /** Slot of the tree of each place. Places of rooms come first, those of needs from `needsFrom` on. */
  readonly slots: readonly number[]
  readonly needsFrom: number
  readonly bound: readonly number[]
  /** The places above a group: those in `places` from `first[group]` until `first[group + 1]`, and what each kW puts there. */
  readonly first: Int32Array
  readonly places: readonly number[]
  readonly shares: readonly number[]
  readonly groupsBelow: readonly (readonly number[])[]
}

/**
 * The places that a filling can come to: rooms that would be exceeded if all below took all they can, and needs. All others are left
 * out, so that where capacity abounds there is nothing to do.
 * @param most what each group takes at most, kW
 * @param room by slot, kW
 * @param need by slot, kW; null: no needs
 * @param nearKw what is nearer to its bound is at it
 */
export function courseOf(
  tree: Tree,
  most: Float64Array,
  present: Uint8Array,
  room: Float64Array,
  need: Float64Array | null,
  nearKw: number,
): Course {
  const slots: number[] = []
  const bound: number[] = []
  const roomPlace = new Int32Array(room.length).fill(-1)
  const needPlace = new Int32Array(room.length).fill(-1)
  const mostBelow = groupSums(tree, most)
  for (let slot = 0; slot < room.length; slot++)
    if (mostBelow[slot]! > room[slot]! + nearKw) {
      roomPlace[slot] = slots.push(slot) - 1
      bound.push(room[slot]!)
    }
  const needsFrom = slots.length
  if (need)
    for (let slot = 0; slot < need.length; slot++)
      if (need[slot]! > nearKw) {
        needPlace[slot] = slots.push(slot) - 1
        bound.push(need[slot]!)
      }

  const first = new Int32Array(tree.groupCount + 1)
  const places: number[] = []
  const shares: number[] = []
  const groupsBelow: number[][] = slots.map(() => [])
  const put = (place: number, group: number, share: number): void => {
    places.push(place)
    shares.push(share)
    groupsBelow[place]!.push(group)
  }
  for (let group = 0; group < tree.groupCount; group++) {
    first[group] = places.length
    if (present[group] === 0 || slots.length === 0) continue
    const mask = tree.groupMask[group]!
    for (let feeder = tree.groupFeeder[group]!; feeder >= 0; feeder = tree.parent[feeder]!)
      for (let line = 0; line < lineCount; line++) {
        const share = shareOf(mask, line)
        if (share === 0) continue
        const slot = feeder * lineCount + line
        if (roomPlace[slot]! >= 0) put(roomPlace[slot]!, group, share)
        if (needPlace[slot]! >= 0) put(needPlace[slot]!, group, share)
      }
  }
  first[tree.groupCount] = places.length
  return { slots, needsFrom, bound, first, places, shares, groupsBelow }
}
