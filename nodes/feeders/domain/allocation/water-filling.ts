import { courseOf } from './course.ts'
import type { Course } from './course.ts'
import { Earliest } from './earliest.ts'
import type { Tree } from './tree.ts'

/**
 * What is filled: each member takes `floor + rate × level`, but at least `start` and at most `until`. Arrays by device; kW, and the
 * rate in kW per unit of level. The level is the measure of fairness: what one has above its floor, by its weight.
 */
export interface Filling {
  /** Indices of the devices that take part, rising. */
  readonly members: readonly number[]
  readonly floor: Float64Array
  readonly rate: Float64Array
  /** From `floor` to `until`. */
  readonly start: Float64Array
  readonly until: Float64Array
  /** By slot: what the members below may take together; Infinity: anything. */
  readonly room: Float64Array
  /**
   * By slot: what the members below are to take together; a member stops once nothing above it lacks anything. Null: everybody takes
   * what there is.
   */
  readonly need: Float64Array | null
  /**
   * By device: the level from which on it is on, with its start, if that still fits then; 0: it is on in any case. Until then it takes
   * nothing. Null: all are on. Not together with needs.
   */
  readonly joins: Float64Array | null
}

/** By group of devices. */
export interface Filled {
  /** How far it was filled; Infinity: each member has all it can take. */
  readonly level: Float64Array
  /** The slot that was full, or whose need was met; −1: none. */
  readonly stoppedBy: Int32Array
  /** Members that could not join, with the slot that was too full for them. */
  readonly off: ReadonlyMap<number, number>
}

/** What is nearer to its bound than this, kW, is at it. */
const nearKw = 1e-9

/**
 * Weighted max-min filling, exact: the level rises for all at once; whatever slot is full first stops all below it, and the others
 * rise on, until everybody is stopped or has all it can take. So nobody could have more without somebody at the same level or lower
 * having less, in every node and phase of the tree at once (progressive filling: Bertsekas and Gallager, Data Networks, 6.5.2). Who
 * needs a start to be on at all joins when the level has come to it, so that those whom the level serves first are on first.
 *
 * The level goes from change to change: a member leaves its start, a member has all, a slot is full. Each costs the slots above its
 * group, and only those that could be full at all.
 */
export function fill(tree: Tree, filling: Filling): Filled {
  const { members, start, until, room, need } = filling
  const most = new Float64Array(tree.groupCount)
  const present = new Uint8Array(tree.groupCount)
  for (const member of members) {
    const group = tree.group[member]!
    most[group]! += Math.max(start[member]!, until[member]!)
    present[group] = 1
  }
  const course = courseOf(tree, most, present, room, need, nearKw)
  if (course.slots.length > 0) return rise(tree, filling, course)
  return {
    level: new Float64Array(tree.groupCount).fill(need ? 0 : Infinity),
    stoppedBy: new Int32Array(tree.groupCount).fill(-1),
    off: new Map(),
  }
}

/** The power of a member when its group is filled to this level, kW. */
export function powerAt({ floor, rate, start, until }: Filling, member: number, level: number): number {
  const free = level === Infinity ? until[member]! : floor[member]! + rate[member]! * level
  return Math.max(start[member]!, Math.min(free, until[member]!))
}

function rise(tree: Tree, filling: Filling, course: Course): Filled {
  const { floor, rate, start, until, joins } = filling
  const { slots, needsFrom, bound, first, places, shares, groupsBelow } = course
  const level = new Float64Array(tree.groupCount).fill(Infinity)
  const stoppedBy = new Int32Array(tree.groupCount).fill(-1)
  const stopped = new Uint8Array(tree.groupCount)
  // Of each place the load is `fixed + slope × level`; `waiting` is the slope of those that are still at their start.
  const fixed = new Float64Array(slots.length)
  const slope = new Float64Array(slots.length)
  const waiting = new Float64Array(slots.length)
  // Members below that have not all: when there is none, the slope is 0, and not what rounding left of it.
  const unfilled = new Int32Array(slots.length)
  const groupSlope = new Float64Array(tree.groupCount)
  const groupWaiting = new Float64Array(tree.groupCount)
  const groupUnfilled = new Int32Array(tree.groupCount)
  const changes = changesOf(tree, filling, course)
  let now = 0

  const add = (group: number, fix: number, rising: number, wait: number, count: number): void => {
    groupSlope[group]! += rising
    groupWaiting[group]! += wait
    groupUnfilled[group]! += count
    for (let at = first[group]!; at < first[group + 1]!; at++) {
      const place = places[at]!
      const share = shares[at]!
      fixed[place]! += share * fix
      unfilled[place]! += count
      if (unfilled[place] === 0) {
        slope[place] = 0
        waiting[place] = 0
      } else {
        slope[place]! += share * rising
        waiting[place]! += share * wait
      }
    }
  }
  const stop = (group: number, slot: number): void => {
    stopped[group] = 1
    level[group] = now
    stoppedBy[group] = slot
    const rising = groupSlope[group]!
    add(group, rising * now, -rising, -groupWaiting[group]!, -groupUnfilled[group]!)
  }
  /** When a place comes to its bound at the earliest, as seen from an instant. */
  const soonest = (place: number, from: number): number => {
    const steepest = slope[place]! + waiting[place]!
    return steepest > 0
      ? Math.max(from, from + (bound[place]! - fixed[place]! - slope[place]! * from) / steepest)
      : Infinity
  }

  const putOn = (member: number, at: number): void => {
    const group = tree.group[member]!
    const [from, to, pace] = [start[member]!, until[member]!, rate[member]!]
    if (to <= from) add(group, from, 0, 0, 0)
    else if (from > floor[member]! + pace * at) add(group, from, 0, pace, 1)
    else add(group, floor[member]!, pace, 0, 1)
  }
  /** The first slot above a group that has no room for so much more, or −1. */
  const tooFull = (group: number, kw: number): number => {
    for (let at = first[group]!; at < first[group + 1]!; at++) {
      const place = places[at]!
      if (fixed[place]! + slope[place]! * now + shares[at]! * kw > bound[place]! + nearKw) return slots[place]!
    }
    return -1
  }
  const off = new Map<number, number>()
  const waitsToJoin = new Uint8Array(tree.devices.length)
  for (const member of filling.members)
    if (joins && joins[member]! > 0 && first[tree.group[member]!] !== first[tree.group[member]! + 1])
      waitsToJoin[member] = 1
    else putOn(member, 0)
  const lacking = new Int32Array(tree.groupCount)
  if (filling.need) {
    for (let place = needsFrom; place < slots.length; place++)
      for (const group of groupsBelow[place]!) lacking[group]!++
    for (let group = 0; group < tree.groupCount; group++) if (lacking[group] === 0) stop(group, -1)
  }
  const next = new Earliest(slots.length)
  for (let place = 0; place < slots.length; place++) next.add(place, soonest(place, 0))

  for (let change = 0; ;) {
    while (change < changes.order.length && stopped[tree.group[memberOf(changes.order[change]!)]!]) change++
    const time = change < changes.order.length ? changes.time[changes.order[change]!]! : Infinity
    if (next.time < time) {
      const place = next.first
      const load = fixed[place]! + slope[place]! * now
      const lack = bound[place]! - load
      const full = lack <= nearKw ? now : slope[place]! > 0 ? now + lack / slope[place]! : Infinity
      const expected = full <= time ? full : soonest(place, time)
      if (expected > next.time) {
        // Others were stopped or filled meanwhile, so it fills later than thought: another may be first.
        next.putOff(expected)
        continue
      }
      next.removeFirst()
      now = Math.max(now, expected)
      for (const group of groupsBelow[place]!) {
        if (stopped[group]) continue
        if (place < needsFrom || --lacking[group]! === 0) stop(group, slots[place]!)
      }
    } else if (time < Infinity) {
      now = time
      const code = changes.order[change++]!
      const member = memberOf(code)
      const group = tree.group[member]!
      const pace = rate[member]!
      if (kindOf(code) === joining) {
        const slot = tooFull(group, start[member]!)
        waitsToJoin[member] = 0
        if (slot >= 0) off.set(member, slot)
        else {
          putOn(member, now)
          for (let at = first[group]!; at < first[group + 1]!; at++)
            next.bringForward(places[at]!, soonest(places[at]!, now))
        }
      } else if (off.has(member)) continue
      else if (kindOf(code) === leavingStart) add(group, floor[member]! - start[member]!, pace, -pace, 0)
      else add(group, until[member]! - floor[member]!, -pace, 0, -1)
    } else break
  }
  for (const member of filling.members) if (waitsToJoin[member]) off.set(member, stoppedBy[tree.group[member]!]!)
  return { level, stoppedBy, off }
}

/** What happens to a member; of what happens at one instant the first in this order comes first. */
const [joining, leavingStart, havingAll] = [0, 1, 2]
const kinds = 3
const memberOf = (code: number): number => Math.floor(code / kinds)
const kindOf = (code: number): number => code % kinds

/** The instants, by level, at which members join, leave their start and have all, in order; codes are `member × 3 + kind`. */
function changesOf(
  tree: Tree,
  { members, floor, rate, start, until, joins }: Filling,
  { first }: Course,
): { order: Uint32Array; time: Float64Array } {
  const time = new Float64Array(kinds * tree.devices.length)
  const order = new Uint32Array(kinds * members.length)
  let count = 0
  const put = (member: number, kind: number, level: number): void => {
    const code = kinds * member + kind
    time[code] = level
    order[count++] = code
  }
  for (const member of members) {
    const group = tree.group[member]!
    if (first[group] === first[group + 1]) continue
    const joinsAt = joins?.[member] ?? 0
    const levelOf = (kw: number): number => (kw - floor[member]!) / rate[member]!
    if (joinsAt > 0) put(member, joining, joinsAt)
    if (until[member]! <= start[member]!) continue
    if (start[member]! > floor[member]! + rate[member]! * joinsAt)
      put(member, leavingStart, Math.max(joinsAt, levelOf(start[member]!)))
    put(member, havingAll, Math.max(joinsAt, levelOf(until[member]!)))
  }
  return { order: order.subarray(0, count).sort((one, other) => time[one]! - time[other]! || one - other), time }
}
