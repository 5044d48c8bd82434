import { boundsOf } from './bounds.ts'
import type { Bounds } from './bounds.ts'
import { deviceSums, lineCount } from './tree.ts'
import type { Tree } from './tree.ts'
import { fill, powerAt } from './water-filling.ts'
import type { Filling } from './water-filling.ts'

/** What keeps a device where it is; with the slot where it is one of the tree. */
export const causes = { none: 0, import: 1, export: 2, shed: 3, leastPower: 4 } as const

/** An allocation in the making: powers by device, kW, changed by one stage after the other. */
export interface Sharing {
  readonly tree: Tree
  readonly bounds: Bounds
  readonly powers: Float64Array
  readonly cause: Uint8Array
  readonly slot: Int32Array
  /** By device: what it was granted by contract, kW; fairness is measured from here. */
  readonly floor: Float64Array
}

/** Everything at rest: PV at all the sun gives, nobody charging. */
export function atRest(tree: Tree, bounds: Bounds = boundsOf(tree)): Sharing {
  return {
    tree,
    bounds,
    powers: bounds.atRest.slice(),
    cause: new Uint8Array(tree.devices.length),
    slot: new Int32Array(tree.devices.length).fill(-1),
    floor: bounds.atRest.map((power) => Math.max(0, power)),
  }
}

/** By slot: what all devices below may take together, kW, within the limits, and within the shed targets if they count. */
export function mostOf(tree: Tree, withShed: boolean): Float64Array {
  if (!withShed || tree.problem.shedTargets.length === 0) return tree.most
  const most = tree.most.slice()
  tree.shed.forEach((shed, feeder) => (most[feeder * lineCount] = Math.min(most[feeder * lineCount]!, shed)))
  return most
}

/** By slot: what is left of `most` for the members, next to what all others have. */
export function roomFor({ tree, powers }: Sharing, members: readonly number[], most: Float64Array): Float64Array {
  const others = powers.slice()
  for (const member of members) others[member] = 0
  return deviceSums(tree, others).map((sum, slot) => most[slot]! - sum)
}

/** Fills, and writes down the powers and what stopped whom. */
export function raise(sharing: Sharing, filling: Filling): void {
  const { tree, powers, cause, slot } = sharing
  const { level, stoppedBy, off } = fill(tree, filling)
  for (const member of filling.members) {
    const tooFull = off.get(member)
    if (tooFull !== undefined) {
      cause[member] = causes.leastPower
      slot[member] = tooFull
      continue
    }
    const group = tree.group[member]!
    powers[member] = powerAt(filling, member, level[group]!)
    const stop = powers[member]! < filling.until[member]! ? stoppedBy[group]! : -1
    cause[member] = stop < 0 ? causes.none : importOrShed(tree, stop)
    slot[member] = stop
  }
}

/** Which of the two bounds what a slot may take: its limit, or a shed target. */
export function importOrShed({ shed, most }: Tree, slot: number): number {
  return slot % lineCount === 0 && shed[slot / lineCount]! < most[slot]! ? causes.shed : causes.import
}
