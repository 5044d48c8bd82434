import type { Device } from './problem.ts'
import { tooFullFor } from './least-powers.ts'
import { causes, mostOf, raise, roomFor } from './sharing.ts'
import type { Sharing } from './sharing.ts'
import { easeDischarge, relieve } from './relief.ts'

/** Who is on is switched off only for one that weighs this much more: rising deficits alone make nobody start and stop. */
const onCounts = 2

/**
 * Shares the import side: what must be, then what is owed by contract, then the shed targets, then weighted max-min among all who
 * want. Batteries discharge where limits, contracts or shed targets cannot be kept otherwise, and no further.
 */
export function shareConsumption(sharing: Sharing): void {
  const { tree } = sharing
  const owed = owedOf(sharing)
  relieve(sharing, owed.until, mostOf(tree, false))
  grant(sharing, owed)
  relieve(sharing, sharing.powers, mostOf(tree, true))
  easeDischarge(sharing)
  shareFairly(sharing)
}

interface Owed {
  readonly members: readonly number[]
  /** By device: the least and the most of what it is owed, kW; all others at what they have. */
  readonly start: Float64Array
  readonly until: Float64Array
}

/** Who must stay on for now has its least power; who has a contract has what it wants of it, as soon as that is its least power. */
function owedOf({ tree, bounds, powers }: Sharing): Owed {
  const members: number[] = []
  const start = powers.slice()
  const until = powers.slice()
  tree.devices.forEach((device, at) => {
    const highest = bounds.highest[at]!
    if (device.lostAtKw !== null || highest <= 0) return
    const contracted = Math.min(device.contractedKw, bounds.wanted[at]!, highest)
    const owed = Math.max(contracted, 0)
    if (owed === 0 && !(device.held === 'on' && bounds.leastOn[at]! > 0)) return
    members.push(at)
    start[at] = Math.max(powers[at]!, bounds.leastOn[at]!)
    until[at] = Math.max(start[at]!, owed)
  })
  return { members, start, until }
}

function grant(sharing: Sharing, owed: Owed): void {
  if (owed.members.length === 0) return
  const { tree, powers, floor } = sharing
  const room = roomFor(sharing, owed.members, mostOf(tree, false))
  const rank = ranks(sharing, owed.members)
  const off = tooFullFor(tree, { members: owed.members, has: powers, least: owed.start, rank, room })
  const members = dropped(sharing, owed.members, off)
  const has = powers.slice()
  raise(sharing, {
    members,
    floor: has,
    rate: sharing.tree.weight,
    start: owed.start,
    until: owed.until,
    room,
    need: null,
    joins: null,
  })
  for (const member of members)
    floor[member] = Math.max(floor[member]!, Math.min(powers[member]!, tree.devices[member]!.contractedKw))
}

/**
 * Whoever has a least power comes on when the level would give a phase its part of it, at half the level who is on already: so it is
 * those who are off whom fairness would give least. Counted by phase, a car on three of them waits no longer for its greater least power.
 */
function shareFairly(sharing: Sharing): void {
  const { tree, bounds, powers, floor } = sharing
  const members: number[] = []
  const start = powers.slice()
  const until = bounds.wanted
  const joins = new Float64Array(powers.length)
  const rate = tree.weight
  tree.devices.forEach(({ lostAtKw, presentKw, phases }, at) => {
    if (lostAtKw !== null || !(until[at]! > powers[at]!) || powers[at]! < 0) return
    members.push(at)
    if (bounds.leastOn[at]! <= powers[at]!) return
    start[at] = bounds.leastOn[at]!
    joins[at] =
      (start[at]! - floor[at]!) / rate[at]! / phases.length / (presentKw !== null && presentKw > 0 ? onCounts : 1)
  })
  if (members.length === 0) return
  const room = roomFor(sharing, members, mostOf(tree, true))
  raise(sharing, { members, floor, rate, start, until, room, need: null, joins })
}

/** Says of those that are off why, and gives the others. */
function dropped(sharing: Sharing, members: readonly number[], off: ReadonlyMap<number, number>): readonly number[] {
  for (const [member, slot] of off) {
    sharing.cause[member] = causes.leastPower
    sharing.slot[member] = slot
  }
  return off.size === 0 ? members : members.filter((member) => !off.has(member))
}

function ranks({ tree }: Sharing, members: readonly number[]): Float64Array {
  const rank = new Float64Array(tree.devices.length)
  for (const member of members) rank[member] = rankOf(tree.devices[member]!)
  return rank
}

/** Held on before contracts, contracts before all others; then by weight. */
function rankOf({ held, contractedKw, weight, presentKw }: Device): number {
  const by = weight * (presentKw !== null && presentKw > 0 ? onCounts : 1)
  const upTo1 = by / (1 + by)
  return held === 'on' ? 2 + upTo1 : contractedKw > 0 ? 1 + upTo1 : upTo1
}
