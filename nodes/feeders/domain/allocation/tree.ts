import { lines } from './problem.ts'
import type { Device, Direction, Feeder, FeederLimit, Line, Problem } from './problem.ts'

/** Lines of a feeder: total, A, B, C. The slot of a feeder and a line is `feeder × 4 + line`. */
export const lineCount = lines.length

/**
 * A problem laid out in arrays, so that sums over the tree take a pass and no look-up. Feeders and devices stand in the order of
 * their ids: the same problem in any order is the same tree, and gives the same sums to the last bit.
 */
export interface Tree {
  readonly problem: Problem
  readonly feeders: readonly Feeder[]
  readonly devices: readonly Device[]
  /** Index of the parent of each feeder, −1 for a root. */
  readonly parent: Int32Array
  /** Feeders, each after its parent. */
  readonly downwards: Int32Array
  /** By slot: the limit in force, null where there is none. */
  readonly importLimit: readonly (FeederLimit | null)[]
  readonly exportLimit: readonly (FeederLimit | null)[]
  /** By slot: base load of all below, kW. */
  readonly highBelow: Float64Array
  readonly lowBelow: Float64Array
  /** By slot: what all devices below may take together, kW, so that no limit is exceeded: at most (Infinity: anything) … */
  readonly most: Float64Array
  /** … and at least (−Infinity: anything). */
  readonly least: Float64Array
  /** By feeder: what shed targets let the devices below take together, kW; Infinity: there is none. */
  readonly shed: Float64Array
  readonly shedTargetId: readonly (string | null)[]
  /** By device. */
  readonly weight: Float64Array
  /** Devices of one feeder with the same phases load the same slots equally: they are one group. */
  readonly group: Int32Array
  readonly groupCount: number
  readonly groupFeeder: Int32Array
  /** Phases as bits: A 1, B 2, C 4. */
  readonly groupMask: Int32Array
}

/** Lays out a problem that has no faults. */
export function layOut(problem: Problem): Tree {
  const feeders = inOrder(problem.feeders, (feeder) => feeder.feederId)
  const devices = inOrder(problem.devices, (device) => device.deviceId)
  const index = new Map(feeders.map((feeder, at) => [feeder.feederId, at]))
  const parent = Int32Array.from(feeders, ({ parentFeederId }) =>
    parentFeederId === null ? -1 : index.get(parentFeederId)!,
  )
  const downwards = parentsFirst(parent)
  const highBelow = baseLoads(feeders, 'highKw')
  const lowBelow = baseLoads(feeders, 'lowKw')
  carryUp(highBelow, parent, downwards)
  carryUp(lowBelow, parent, downwards)
  const importLimit = limitsInForce(feeders, 'import')
  const exportLimit = limitsInForce(feeders, 'export')
  const groups = grouped(devices, index, feeders.length)
  return {
    problem,
    feeders,
    devices,
    parent,
    downwards,
    importLimit,
    exportLimit,
    highBelow,
    lowBelow,
    most: highBelow.map((base, slot) => (importLimit[slot]?.limitKw ?? Infinity) - base),
    least: lowBelow.map((base, slot) => -(exportLimit[slot]?.limitKw ?? Infinity) - base),
    ...shedTargets(problem, index, feeders.length),
    weight: Float64Array.from(devices, (device) => device.weight),
    ...groups,
  }
}

/** What a device of these phases puts on a line, of each kW. */
export function shareOf(mask: number, line: number): number {
  return shares[mask * lineCount + line]!
}

const shares = new Float64Array(8 * lineCount)
for (let mask = 0; mask < 8; mask++) {
  const count = (mask & 1) + ((mask >> 1) & 1) + ((mask >> 2) & 1)
  shares[mask * lineCount] = 1
  for (let line = 1; line < lineCount; line++) if (mask & (1 << (line - 1))) shares[mask * lineCount + line] = 1 / count
}

/** By slot: what all devices below take together, kW. */
export function deviceSums(tree: Tree, powers: Float64Array): Float64Array {
  const { group, groupCount } = tree
  const byGroup = new Float64Array(groupCount)
  for (let at = 0; at < powers.length; at++) byGroup[group[at]!]! += powers[at]!
  return groupSums(tree, byGroup)
}

/** By slot: the sum over all groups below. */
export function groupSums(tree: Tree, byGroup: Float64Array): Float64Array {
  const sums = new Float64Array(tree.feeders.length * lineCount)
  for (let group = 0; group < tree.groupCount; group++) {
    const amount = byGroup[group]!
    if (amount === 0) continue
    const slot = tree.groupFeeder[group]! * lineCount
    const mask = tree.groupMask[group]!
    for (let line = 0; line < lineCount; line++) sums[slot + line]! += amount * shareOf(mask, line)
  }
  carryUp(sums, tree.parent, tree.downwards)
  return sums
}

/** Adds what stands at each feeder to all above it. */
function carryUp(bySlot: Float64Array, parent: Int32Array, downwards: Int32Array): void {
  for (let at = downwards.length - 1; at >= 0; at--) {
    const feeder = downwards[at]!
    const above = parent[feeder]!
    if (above < 0) continue
    for (let line = 0; line < lineCount; line++) bySlot[above * lineCount + line]! += bySlot[feeder * lineCount + line]!
  }
}

function inOrder<Item>(items: readonly Item[], idOf: (item: Item) => string): readonly Item[] {
  for (let at = 1; at < items.length; at++)
    if (idOf(items[at]!) < idOf(items[at - 1]!))
      return items.toSorted((one, other) => (idOf(one) < idOf(other) ? -1 : idOf(one) > idOf(other) ? 1 : 0))
  return items
}

function parentsFirst(parent: Int32Array): Int32Array {
  const order = new Int32Array(parent.length)
  const placed = new Uint8Array(parent.length)
  const path: number[] = []
  let count = 0
  for (let start = 0; start < parent.length; start++) {
    for (let at = start; at >= 0 && !placed[at]; at = parent[at]!) path.push(at)
    while (path.length > 0) {
      const at = path.pop()!
      placed[at] = 1
      order[count++] = at
    }
  }
  return order
}

function baseLoads(feeders: readonly Feeder[], bound: 'lowKw' | 'highKw'): Float64Array {
  const loads = new Float64Array(feeders.length * lineCount)
  feeders.forEach(({ baseLoad }, feeder) =>
    lines.forEach((line, at) => (loads[feeder * lineCount + at] = baseLoad[bound][line])),
  )
  return loads
}

/** Of several limits the least, of equal ones that of the first source by name, so that the order of the limits changes nothing. */
function limitsInForce(feeders: readonly Feeder[], direction: Direction): (FeederLimit | null)[] {
  const inForce = Array.from({ length: feeders.length * lineCount }, (): FeederLimit | null => null)
  feeders.forEach(({ limits }, feeder) => {
    for (const limit of limits) {
      if (limit.direction !== direction || limit.limitKw === Infinity) continue
      const slot = feeder * lineCount + lineIndex[limit.line]
      const other = inForce[slot]
      if (!other || limit.limitKw < other.limitKw || (limit.limitKw === other.limitKw && limit.source < other.source))
        inForce[slot] = limit
    }
  })
  return inForce
}

const lineIndex: Readonly<Record<Line, number>> = { total: 0, A: 1, B: 2, C: 3 }

function shedTargets(
  problem: Problem,
  index: ReadonlyMap<string, number>,
  feeders: number,
): Pick<Tree, 'shed' | 'shedTargetId'> {
  const shed = new Float64Array(feeders).fill(Infinity)
  const shedTargetId = Array.from({ length: feeders }, (): string | null => null)
  for (const { targetId, feederId, dispatchableUntilKw } of problem.shedTargets) {
    const feeder = index.get(feederId)!
    const other = shedTargetId[feeder]!
    if (
      dispatchableUntilKw > shed[feeder]! ||
      (dispatchableUntilKw === shed[feeder] && other !== null && other <= targetId)
    )
      continue
    shed[feeder] = dispatchableUntilKw
    shedTargetId[feeder] = targetId
  }
  return { shed, shedTargetId }
}

function grouped(
  devices: readonly Device[],
  index: ReadonlyMap<string, number>,
  feeders: number,
): Pick<Tree, 'group' | 'groupCount' | 'groupFeeder' | 'groupMask'> {
  const numbers = new Int32Array(feeders * 8).fill(-1)
  const group = new Int32Array(devices.length)
  const groupFeeder: number[] = []
  const groupMask: number[] = []
  devices.forEach(({ feederId, phases }, at) => {
    const feeder = index.get(feederId)!
    let mask = 0
    for (const phase of phases) mask |= 1 << (lineIndex[phase] - 1)
    const key = feeder * 8 + mask
    if (numbers[key]! < 0) {
      numbers[key] = groupFeeder.length
      groupFeeder.push(feeder)
      groupMask.push(mask)
    }
    group[at] = numbers[key]!
  })
  return {
    group,
    groupCount: groupFeeder.length,
    groupFeeder: Int32Array.from(groupFeeder),
    groupMask: Int32Array.from(groupMask),
  }
}
