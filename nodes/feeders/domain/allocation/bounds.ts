import type { Device } from './problem.ts'
import type { Tree } from './tree.ts'

/** What each device can be told in this interval, by its index in the tree; kW, consumption positive. */
export interface Bounds {
  /** What it could be brought to for the sake of a limit: a battery discharging as much as it can, an EV off, a PV at full. */
  readonly lowest: Float64Array
  readonly highest: Float64Array
  /** Least power while it draws at all, as a setpoint can say it: a multiple of the step, but never more than `highest`. */
  readonly leastOn: Float64Array
  /** Where it stands before anything is shared: a PV at all the sun gives, a battery and an EV at rest. */
  readonly atRest: Float64Array
  /** What it would have, when nothing but its own minima and maxima stood in the way. */
  readonly wanted: Float64Array
}

export function boundsOf(tree: Tree): Bounds {
  const count = tree.devices.length
  const lowest = new Float64Array(count)
  const highest = new Float64Array(count)
  const leastOn = new Float64Array(count)
  const atRest = new Float64Array(count)
  const wanted = new Float64Array(count)
  for (let at = 0; at < count; at++) {
    const device = tree.devices[at]!
    const { lostAtKw, wantedKw } = device
    const off = isOff(device)
    const low = lostAtKw ?? (off ? lowestOff(device) : device.fromKw)
    const high = lostAtKw ?? (off ? Math.max(0, low) : device.untilKw)
    const least = device.leastOnKw > 0 ? Math.min(stepsUp(device.leastOnKw, tree.problem.stepKw), high) : 0
    lowest[at] = low
    highest[at] = high
    leastOn[at] = Math.max(0, least)
    atRest[at] = within(Math.min(0, wantedKw), low, high)
    // Whoever wants something wants at least the least it can have.
    wanted[at] = within(wantedKw > 0 ? Math.max(wantedKw, least) : wantedKw, low, high)
  }
  return { lowest, highest, leastOn, atRest, wanted }
}

/** The step at or above, or below, a power; what is a step but for the last bits is that step. */
export function stepsUp(powerKw: number, stepKw: number): number {
  return inSteps(Math.ceil(powerKw / stepKw - sameStep), stepKw)
}
export function stepsDown(powerKw: number, stepKw: number): number {
  return inSteps(Math.floor(powerKw / stepKw + sameStep), stepKw)
}
const sameStep = 1e-6

/** As a decimal number, not as 33 × 0.1 = 3.3000000000000003; and 0, never −0. */
const inSteps = (steps: number, stepKw: number): number => Math.round(steps * stepKw * 1e9) / 1e9 + 0

/** Held off, or not able to have its least power. */
function isOff({ held, untilKw, leastOnKw }: Device): boolean {
  return held === 'off' || (untilKw > 0 && untilKw < leastOnKw)
}

/** Off keeps from drawing, and a PV from feeding in; a battery may still discharge, since downwards is always at once. */
function lowestOff({ kind, fromKw }: Device): number {
  return kind === 'pv' ? 0 : Math.min(0, fromKw)
}

const within = (value: number, from: number, until: number): number => Math.min(Math.max(value, from), until)
