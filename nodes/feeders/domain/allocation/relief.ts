import { causes, importOrShed, mostOf, raise, roomFor } from './sharing.ts'
import type { Sharing } from './sharing.ts'
import { deviceSums } from './tree.ts'
import { fill, powerAt } from './water-filling.ts'

/**
 * Lets batteries above their reserve discharge until `most` is kept, as if the devices had `planned`. Each gives alike by the inverse
 * of its weight, so that one that is near its reserve gives least; none discharges beyond an export limit.
 * @param planned by device, kW
 * @param most by slot, kW
 */
export function relieve(sharing: Sharing, planned: Float64Array, most: Float64Array): void {
  const { tree, bounds, powers, cause, slot } = sharing
  const sums = deviceSums(tree, planned)
  const need = sums.map((sum, at) => Math.max(0, sum - most[at]!))
  if (!need.some((kw) => kw > 0)) return
  const members: number[] = []
  const nothing = new Float64Array(powers.length)
  const until = new Float64Array(powers.length)
  const rate = new Float64Array(powers.length)
  tree.devices.forEach(({ kind, weight, lostAtKw }, at) => {
    if (kind !== 'battery' || lostAtKw !== null || bounds.lowest[at]! >= powers[at]! || powers[at]! > 0) return
    members.push(at)
    until[at] = powers[at]! - bounds.lowest[at]!
    rate[at] = 1 / weight
  })
  if (members.length === 0) return
  const room = sums.map((sum, at) => Math.max(0, sum - tree.least[at]!))
  const filling = { members, floor: nothing, rate, start: nothing, until, room, need, joins: null }
  const { level, stoppedBy } = fill(tree, filling)
  for (const member of members) {
    const stop = stoppedBy[tree.group[member]!]!
    powers[member]! -= powerAt(filling, member, level[tree.group[member]!]!)
    slot[member] = stop
    cause[member] = stop < 0 ? causes.none : need[stop]! > 0 ? importOrShed(tree, stop) : causes.export
  }
}

/** Takes back what batteries discharge beyond what is needed: one that helped its own feeder may have helped those above enough. */
export function easeDischarge(sharing: Sharing): void {
  const { tree, bounds, powers } = sharing
  const members: number[] = []
  tree.devices.forEach(({ kind }, at) => {
    if (kind === 'battery' && powers[at]! < bounds.atRest[at]!) members.push(at)
  })
  if (members.length === 0) return
  const start = powers.slice()
  const room = roomFor(sharing, members, mostOf(tree, true))
  raise(sharing, {
    members,
    floor: start,
    rate: tree.weight,
    start,
    until: bounds.atRest,
    room,
    need: null,
    joins: null,
  })
}
