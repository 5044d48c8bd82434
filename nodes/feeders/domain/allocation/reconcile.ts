import { exceeded } from './check.ts'
import { causes } from './sharing.ts'
import type { Sharing } from './sharing.ts'
import { deviceSums, lineCount, shareOf } from './tree.ts'
import type { Tree } from './tree.ts'

/** One limited line of a feeder, and the movable devices that load it. */
interface Row {
  readonly slot: number
  readonly devices: readonly number[]
  readonly share: Float64Array
}

/** kW: nearer than this to all limits is within them. */
const nearKw = 2e-7
/** Bounds on the time: rounds over all limits, and visits of a device by a limit. */
const mostSweeps = 200
const mostVisits = 1_000_000

/**
 * Brings the powers within all limits where the stages, each right by itself, are in each other's way: a battery on three phases that is
 * needed on one and too much on another, beside PV that is needed there. Moves what can be moved as little as it can: to the nearest
 * point within each limit in turn, again and again (projections onto convex sets; Bregman 1967). Chargers keep being on, or off.
 */
export function reconcile(sharing: Sharing): void {
  const { tree, bounds, powers, cause, slot } = sharing
  const lowest = powers.slice()
  const highest = powers.slice()
  tree.devices.forEach(({ kind, lostAtKw }, at) => {
    if (lostAtKw !== null || (kind === 'ev' && powers[at]! < bounds.leastOn[at]!)) return
    if (kind === 'ev' && powers[at] === 0) return
    lowest[at] = Math.max(bounds.lowest[at]!, kind === 'ev' ? bounds.leastOn[at]! : -Infinity)
    highest[at] = bounds.highest[at]!
  })
  const rows = rowsOf(tree, (at) => lowest[at]! < highest[at]!)
  const visitsASweep = rows.reduce((sum, row) => sum + row.devices.length, 0)
  const sweeps = Math.min(mostSweeps, mostVisits / Math.max(1, visitsASweep))
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const { most, least } = tree
    const sums = deviceSums(tree, powers)
    let far = false
    for (const row of rows) {
      const over = Math.max(0, sums[row.slot]! - most[row.slot]!) || Math.min(0, sums[row.slot]! - least[row.slot]!)
      if (Math.abs(over) <= nearKw || least[row.slot]! > most[row.slot]!) continue
      if (project(row, over, powers, lowest, highest)) far = true
      for (const at of row.devices) {
        cause[at] = over > 0 ? causes.import : causes.export
        slot[at] = row.slot
      }
      // What a row has moved, the next ones must see.
      sums.set(deviceSums(tree, powers))
    }
    if (!far || !exceeded(tree, powers).any) return
  }
}

/** Moves a row's devices by their shares until the row is within its limit, or none can move; whether any did. */
function project(row: Row, over: number, powers: Float64Array, lowest: Float64Array, highest: Float64Array): boolean {
  let left = over
  let moved = false
  while (Math.abs(left) > nearKw / 10) {
    let squares = 0
    row.devices.forEach((at, place) => {
      if (left > 0 ? powers[at]! > lowest[at]! : powers[at]! < highest[at]!) squares += row.share[place]! ** 2
    })
    if (squares === 0) return moved
    const pace = left / squares
    row.devices.forEach((at, place) => {
      const now = powers[at]!
      if (pace > 0 ? now <= lowest[at]! : now >= highest[at]!) return
      powers[at] = Math.min(Math.max(now - pace * row.share[place]!, lowest[at]!), highest[at]!)
      left -= (now - powers[at]!) * row.share[place]!
    })
    moved = true
  }
  return moved
}

function rowsOf(tree: Tree, movable: (at: number) => boolean): Row[] {
  const below = new Map<number, number[]>()
  tree.devices.forEach((_, at) => {
    if (!movable(at)) return
    const mask = tree.groupMask[tree.group[at]!]!
    for (let feeder = tree.groupFeeder[tree.group[at]!]!; feeder >= 0; feeder = tree.parent[feeder]!)
      for (let line = 0; line < lineCount; line++) {
        const slot = feeder * lineCount + line
        if (shareOf(mask, line) === 0 || (tree.most[slot] === Infinity && tree.least[slot] === -Infinity)) continue
        const devices = below.get(slot)
        if (devices) devices.push(at)
        else below.set(slot, [at])
      }
  })
  return [...below]
    .toSorted(([one], [other]) => one - other)
    .map(([slot, devices]) => ({
      slot,
      devices,
      share: Float64Array.from(devices, (at) => shareOf(tree.groupMask[tree.group[at]!]!, slot % lineCount)),
    }))
}
