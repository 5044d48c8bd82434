import { lines } from './problem.ts'
import type { Device, Direction, Line, Problem } from './problem.ts'
import type { FeederLoad } from './allocation.ts'
import { deviceSums, layOut, lineCount } from './tree.ts'
import type { Tree } from './tree.ts'
import { unavoidable } from './unavoidable.ts'

/** A limit of the tree exceeded, or a device told what it cannot do. */
export type Violation =
  | {
      readonly kind: 'feeder'
      readonly feederId: string
      readonly line: Line
      readonly direction: Direction
      readonly limitKw: number
      readonly source: string
      /** By how much, kW, and how much of it no setpoint could avoid. */
      readonly overKw: number
      readonly unavoidableKw: number
    }
  | { readonly kind: 'device'; readonly deviceId: string; readonly powerKw: number; readonly because: string }

/** kW: less than this is the last bits of a sum, not a load. */
const nothingKw = 1e-6

/**
 * Every limit that these powers exceed and every device that they ask for what it cannot do. Devices without a power are at 0. A
 * limit exceeded by no more than its `unavoidableKw` is not the allocation's doing.
 * @throws RangeError if a power is of an unknown device or no number
 */
export function checkAllocation(problem: Problem, powersKw: ReadonlyMap<string, number>): Violation[] {
  const tree = layOut(problem)
  const powers = powersInOrder(tree, powersKw)
  const violations: Violation[] = []
  tree.devices.forEach((device, at) => {
    const because = impossible(device, powers[at]!)
    if (because !== null) violations.push({ kind: 'device', deviceId: device.deviceId, powerKw: powers[at]!, because })
  })
  const over = exceeded(tree, powers)
  const fate = unavoidable(tree)
  for (const direction of ['import', 'export'] as const) {
    const limits = direction === 'import' ? tree.importLimit : tree.exportLimit
    over[direction].forEach((overKw, slot) => {
      const limit = limits[slot]
      if (overKw === 0 || !limit) return
      const { feederId } = tree.feeders[Math.floor(slot / lineCount)]!
      const { line, limitKw, source } = limit
      const unavoidableKw = Math.min(overKw, fate[direction][slot]!)
      violations.push({ kind: 'feeder', feederId, line, direction, limitKw, source, overKw, unavoidableKw })
    })
  }
  return violations
}

/** What each line of each feeder carries with these powers, feeders in the order of their ids. Devices without a power are at 0. */
export function feederLoads(problem: Problem, powersKw: ReadonlyMap<string, number>): FeederLoad[] {
  const tree = layOut(problem)
  return loadsOf(tree, powersInOrder(tree, powersKw))
}

/** The same of a tree that is laid out; `powers` by device. */
export function loadsOf(tree: Tree, powers: Float64Array): FeederLoad[] {
  const sums = deviceSums(tree, powers)
  const over = exceeded(tree, powers, sums)
  const fate = over.any ? unavoidable(tree) : null
  const loads: FeederLoad[] = []
  tree.feeders.forEach(({ feederId }, feeder) => {
    for (let at = 0; at < lineCount; at++) {
      const slot = feeder * lineCount + at
      const violationKw = over.import[slot]! + over.export[slot]!
      loads.push({
        feederId,
        line: lines[at]!,
        highKw: sums[slot]! + tree.highBelow[slot]!,
        lowKw: sums[slot]! + tree.lowBelow[slot]!,
        importLimitKw: tree.importLimit[slot]?.limitKw ?? null,
        exportLimitKw: tree.exportLimit[slot]?.limitKw ?? null,
        violationKw,
        unavoidableKw: fate
          ? Math.min(over.import[slot]!, fate.import[slot]!) + Math.min(over.export[slot]!, fate.export[slot]!)
          : 0,
      })
    }
  })
  return loads
}

/** By slot: how far the devices' sums are beyond what the limits leave them, kW. */
export function exceeded(
  tree: Tree,
  powers: Float64Array,
  sums: Float64Array = deviceSums(tree, powers),
): { import: Float64Array; export: Float64Array; any: boolean } {
  const beyondImport = sums.map((sum, slot) => beyond(sum - tree.most[slot]!))
  const beyondExport = sums.map((sum, slot) => beyond(tree.least[slot]! - sum))
  const any = beyondImport.some((over) => over > 0) || beyondExport.some((over) => over > 0)
  return { import: beyondImport, export: beyondExport, any }
}

const beyond = (over: number): number => (over > nothingKw ? over : 0)

function impossible(device: Device, powerKw: number): string | null {
  const { fromKw, untilKw, leastOnKw, held, lostAtKw, kind } = device
  if (lostAtKw !== null)
    return Math.abs(powerKw - lostAtKw) > nothingKw ? `it does not hear us and is at ${lostAtKw} kW` : null
  if (powerKw < fromKw - nothingKw || powerKw > untilKw + nothingKw)
    return Math.abs(powerKw) <= nothingKw && held === 'off' ? null : `it can take ${fromKw} to ${untilKw} kW`
  if (powerKw > nothingKw && powerKw < leastOnKw - nothingKw) return `it draws at least ${leastOnKw} kW or nothing`
  if (held === 'off' && (powerKw > nothingKw || (kind === 'pv' && powerKw < -nothingKw)))
    return 'it must stay off for now'
  return null
}

/** The powers by the index of their devices in the tree. */
export function powersInOrder(tree: Tree, powersKw: ReadonlyMap<string, number>): Float64Array {
  const powers = new Float64Array(tree.devices.length)
  let found = 0
  tree.devices.forEach(({ deviceId }, at) => {
    const powerKw = powersKw.get(deviceId)
    if (powerKw === undefined) return
    if (!Number.isFinite(powerKw)) throw new RangeError(`power of ${deviceId} is ${powerKw}`)
    powers[at] = powerKw
    found++
  })
  if (found < powersKw.size) {
    const known = new Set(tree.devices.map((device) => device.deviceId))
    const stranger = [...powersKw.keys()].find((deviceId) => !known.has(deviceId))
    throw new RangeError(`a power is given for ${stranger}, which the problem does not have`)
  }
  return powers
}
