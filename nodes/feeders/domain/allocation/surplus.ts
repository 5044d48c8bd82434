import { tooFullFor } from './least-powers.ts'
import { causes, mostOf, raise, roomFor } from './sharing.ts'
import type { Sharing } from './sharing.ts'
import { deviceSums, lineCount } from './tree.ts'
import type { Tree } from './tree.ts'
import { fill, powerAt } from './water-filling.ts'

/**
 * Lets batteries and EVs take more than they want for now, as far as they can, of what would otherwise leave the tree: as much as is
 * left over even when the base load is at its highest, so that nothing is bought for it.
 */
export function takeSurplus(sharing: Sharing): void {
  const { tree, bounds, powers } = sharing
  const sums = deviceSums(tree, powers)
  const most = mostOf(tree, true).slice()
  const roots = rootOf(tree)
  let any = false
  tree.parent.forEach((above, feeder) => {
    const slot = feeder * lineCount
    if (above >= 0 || sums[slot]! + tree.highBelow[slot]! >= 0) return
    most[slot] = Math.min(most[slot]!, -tree.highBelow[slot]!)
    any = true
  })
  if (!any) return
  const start = powers.slice()
  const rank = new Float64Array(powers.length)
  const members = takers(sharing).filter((at) => {
    const slot = roots[tree.groupFeeder[tree.group[at]!]!]! * lineCount
    return sums[slot]! + tree.highBelow[slot]! < 0
  })
  for (const at of members) {
    start[at] = Math.max(powers[at]!, bounds.leastOn[at]!)
    rank[at] = tree.weight[at]!
  }
  const room = roomFor(sharing, members, most)
  const off = tooFullFor(tree, { members, has: powers, least: start, rank, room })
  raise(sharing, {
    members: members.filter((member) => !off.has(member)),
    floor: powers.slice(),
    rate: tree.weight,
    start,
    until: bounds.highest,
    room,
    need: null,
    joins: null,
  })
}

/**
 * Lets batteries, and EVs that are on, take more wherever too much is fed back.
 * @param planned by device: what all have meanwhile, kW
 */
export function absorb(sharing: Sharing, withShed: boolean, planned: Float64Array = sharing.powers): void {
  const { tree, bounds, powers } = sharing
  const sums = deviceSums(tree, planned)
  const need = sums.map((sum, slot) => Math.max(0, tree.least[slot]! - sum))
  if (!need.some((kw) => kw > 0)) return
  const most = mostOf(tree, withShed)
  const nothing = new Float64Array(powers.length)
  const members = takers(sharing).filter((at) => powers[at]! >= bounds.leastOn[at]!)
  const filling = {
    members,
    floor: nothing,
    rate: tree.weight,
    start: nothing,
    until: bounds.highest.map((highest, at) => highest - powers[at]!),
    room: sums.map((sum, slot) => Math.max(0, most[slot]! - sum)),
    need,
    joins: null,
  }
  const { level } = fill(tree, filling)
  for (const member of members) powers[member]! += powerAt(filling, member, level[tree.group[member]!]!)
}

/**
 * Lets PV generate, by weight, what the export limits leave: max-min, so that all are curtailed to the same height and the small ones
 * not at all.
 * @param present keep at least what each generates now; otherwise all is given out anew
 * @param full by device: what it would generate, kW, < 0
 * @returns whether anything had to be curtailed
 */
export function generate(sharing: Sharing, full: Float64Array, present: boolean): boolean {
  const { tree, bounds, powers, cause, slot } = sharing
  const members: number[] = []
  const start = new Float64Array(powers.length)
  const until = new Float64Array(powers.length)
  tree.devices.forEach(({ lostAtKw }, at) => {
    if (lostAtKw !== null || full[at]! >= 0 || powers[at]! < full[at]!) return
    members.push(at)
    until[at] = -full[at]!
    start[at] = Math.min(until[at]!, Math.max(present ? -powers[at]! : 0, -bounds.highest[at]!))
  })
  if (members.length === 0) return false
  const room = roomFor(sharing, members, tree.least).map((kw) => -kw)
  const filling = {
    members,
    floor: new Float64Array(powers.length),
    rate: tree.weight,
    start,
    until,
    room,
    need: null,
    joins: null,
  }
  const { level, stoppedBy } = fill(tree, filling)
  let curtailed = false
  for (const member of members) {
    const group = tree.group[member]!
    const generated = powerAt(filling, member, level[group]!)
    powers[member] = 0 - generated
    const less = generated < until[member]!
    cause[member] = less ? causes.export : causes.none
    slot[member] = less ? stoppedBy[group]! : -1
    curtailed ||= less
  }
  return curtailed
}

/** Who can take more; not a battery that discharges for the sake of a limit, nor one that is off because its least power did not fit. */
function takers({ tree, bounds, powers, cause }: Sharing): number[] {
  const members: number[] = []
  tree.devices.forEach(({ kind, lostAtKw }, at) => {
    if (kind === 'pv' || lostAtKw !== null || powers[at]! < 0 || bounds.highest[at]! <= powers[at]!) return
    if (cause[at] !== causes.leastPower) members.push(at)
  })
  return members
}

function rootOf(tree: Tree): Int32Array {
  const roots = new Int32Array(tree.parent.length)
  for (const feeder of tree.downwards) {
    const above = tree.parent[feeder]!
    roots[feeder] = above < 0 ? feeder : roots[above]!
  }
  return roots
}
