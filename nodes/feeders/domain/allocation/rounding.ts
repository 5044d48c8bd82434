import { boundsOf, stepsDown, stepsUp } from './bounds.ts'
import type { Bounds } from './bounds.ts'
import { exceeded, powersInOrder } from './check.ts'
import type { Problem } from './problem.ts'
import { mostOf } from './sharing.ts'
import { deviceSums, layOut, lineCount, shareOf } from './tree.ts'
import type { Tree } from './tree.ts'

/**
 * Powers as setpoints can say them: multiples of the step, towards safety. Consumption goes down, but not below the least power;
 * curtailed generation goes down; discharge, which helps a limit, goes up as far as the battery can. What stands at a bound of the
 * device that is no multiple stays there: PV that gives all it has is not curtailed by rounding. What rounding leaves of a limit is then
 * handed back in whole steps. Nothing exceeds a limit that the powers given did not, if need be by powers between two steps.
 * @param powersKw by device, keeping the limits; devices without a power are at 0
 */
export function roundDown(problem: Problem, powersKw: ReadonlyMap<string, number>): Map<string, number> {
  const tree = layOut(problem)
  const rounded = roundPowers(tree, boundsOf(tree), powersInOrder(tree, powersKw))
  return new Map(tree.devices.map(({ deviceId }, at) => [deviceId, rounded[at]!]))
}

const nearKw = 1e-9

/** The same of a tree that is laid out. */
export function roundPowers(tree: Tree, bounds: Bounds, powers: Float64Array): Float64Array {
  const rounded = powers.map((power, at) => roundOne(tree, bounds, at, power))
  mend(tree, bounds, powers, rounded)
  keepExact(tree, powers, rounded)
  handBack(tree, bounds, powers, rounded)
  return rounded
}

function roundOne(tree: Tree, bounds: Bounds, at: number, power: number): number {
  const { kind, lostAtKw } = tree.devices[at]!
  const step = tree.problem.stepKw
  const lowest = bounds.lowest[at]!
  if (lostAtKw !== null) return lostAtKw
  if (power >= 0) {
    const down = stepsDown(power, step)
    return Math.max(down, lowest, power >= bounds.leastOn[at]! - nearKw ? bounds.leastOn[at]! : 0)
  }
  if (power <= bounds.atRest[at]! + nearKw && power >= bounds.atRest[at]! - nearKw) return power
  return kind === 'pv' ? Math.min(stepsUp(power, step), bounds.highest[at]!) : Math.max(stepsDown(power, step), lowest)
}

/** Takes back, step by step, what rounding itself put beyond a limit: less generation may be more import, more discharge more export. */
function mend(tree: Tree, bounds: Bounds, powers: Float64Array, rounded: Float64Array): void {
  const before = exceeded(tree, powers)
  const after = exceeded(tree, rounded)
  if (!after.any) return
  for (let slot = 0; slot < after.import.length; slot++) {
    const over = worse(after.import[slot]!, before.import[slot]!)
    if (over > 0) lower(tree, bounds, rounded, slot, over)
    const under = worse(after.export[slot]!, before.export[slot]!)
    if (under > 0) lift(tree, bounds, powers, rounded, slot, under)
  }
}

/** Where only a power between two steps keeps the limits, that is what is said: a limit comes before a round number. */
function keepExact(tree: Tree, powers: Float64Array, rounded: Float64Array): void {
  const before = exceeded(tree, powers)
  for (const whole of [false, true]) {
    const after = exceeded(tree, rounded)
    if (!after.any) return
    for (let slot = 0; slot < after.import.length; slot++) {
      if (worse(after.import[slot]!, before.import[slot]!) + worse(after.export[slot]!, before.export[slot]!) === 0)
        continue
      if (whole) rounded.set(powers)
      else for (const at of below(tree, slot)) rounded[at] = powers[at]!
    }
  }
}

const worse = (after: number, before: number): number => (after > before + nearKw ? after - before : 0)

function lower(tree: Tree, bounds: Bounds, rounded: Float64Array, slot: number, over: number): void {
  const step = tree.problem.stepKw
  let left = over
  for (const off of [false, true])
    for (const at of below(tree, slot)) {
      if (left <= nearKw) return
      const now = rounded[at]!
      if (tree.devices[at]!.lostAtKw !== null || now <= 0) continue
      const share = shareOf(tree.groupMask[tree.group[at]!]!, slot % lineCount)
      const floor = off ? Math.max(0, bounds.lowest[at]!) : Math.max(bounds.leastOn[at]!, bounds.lowest[at]!)
      const wish = stepsDown(now - Math.ceil(left / share / step - nearKw) * step, step)
      const less = off && wish < bounds.leastOn[at]! ? floor : Math.max(floor, wish)
      if (less >= now) continue
      rounded[at] = less
      left -= (now - less) * share
    }
}

/** Curtails or stops discharging first; then lets those consume a step more who were rounded down. */
function lift(
  tree: Tree,
  bounds: Bounds,
  powers: Float64Array,
  rounded: Float64Array,
  slot: number,
  under: number,
): void {
  const step = tree.problem.stepKw
  let left = under
  for (const consumes of [false, true])
    for (const at of below(tree, slot)) {
      if (left <= nearKw) return
      const now = rounded[at]!
      if (tree.devices[at]!.lostAtKw !== null || (consumes ? now <= 0 : now >= 0)) continue
      const share = shareOf(tree.groupMask[tree.group[at]!]!, slot % lineCount)
      const wish = stepsUp(now + Math.ceil(left / share / step - nearKw) * step, step)
      const most = Math.min(consumes ? stepsUp(powers[at]!, step) : 0, bounds.highest[at]!)
      const more = Math.min(wish, most)
      if (more <= now) continue
      rounded[at] = more
      left -= (more - now) * share
    }
}

/** Devices that load a slot, those that come last by id first: so a mended step always falls on the same one. */
function below(tree: Tree, slot: number): number[] {
  const feeder = Math.floor(slot / lineCount)
  const devices: number[] = []
  for (let at = tree.devices.length - 1; at >= 0; at--) {
    const group = tree.group[at]!
    if (shareOf(tree.groupMask[group]!, slot % lineCount) === 0) continue
    let up = tree.groupFeeder[group]!
    while (up >= 0 && up !== feeder) up = tree.parent[up]!
    if (up === feeder) devices.push(at)
  }
  return devices
}

/**
 * Gives whole steps that rounding left over to those who were rounded down and still fit: who has that power already first, so that
 * less moves, then who lost most.
 */
function handBack(tree: Tree, bounds: Bounds, powers: Float64Array, rounded: Float64Array): void {
  const step = tree.problem.stepKw
  const lost = powers.map((power, at) => power - rounded[at]!)
  const candidates: number[] = []
  for (let at = 0; at < powers.length; at++)
    if (rounded[at]! > 0 && lost[at]! > nearKw && rounded[at]! + step <= bounds.wanted[at]! + nearKw)
      candidates.push(at)
  if (candidates.length === 0) return
  const already = (at: number): number => ((tree.devices[at]!.presentKw ?? 0) >= rounded[at]! + step - nearKw ? 1 : 0)
  candidates.sort((one, other) => already(other) - already(one) || lost[other]! - lost[one]! || one - other)
  const most = mostOf(tree, true)
  const sums = deviceSums(tree, rounded)
  for (const at of candidates) {
    const group = tree.group[at]!
    const mask = tree.groupMask[group]!
    let fits = true
    for (let feeder = tree.groupFeeder[group]!; fits && feeder >= 0; feeder = tree.parent[feeder]!)
      for (let line = 0; line < lineCount; line++) {
        const slot = feeder * lineCount + line
        if (sums[slot]! + step * shareOf(mask, line) > most[slot]! + nearKw && shareOf(mask, line) > 0) fits = false
      }
    if (!fits) continue
    rounded[at] = stepsDown(rounded[at]! + step, step)
    for (let feeder = tree.groupFeeder[group]!; feeder >= 0; feeder = tree.parent[feeder]!)
      for (let line = 0; line < lineCount; line++) sums[feeder * lineCount + line]! += step * shareOf(mask, line)
  }
}
