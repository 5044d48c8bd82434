import type { Binding } from './allocation.ts'
import { minimizeInOrder, ProgramBuilder } from './linear-program.ts'
import type { LinearSolver } from './linear-program.ts'
import { mostOf } from './sharing.ts'
import { deviceSums, lineCount, shareOf } from './tree.ts'
import type { Tree } from './tree.ts'

const nearKw = 1e-6

/** Of rows full at once, those above are relieved first; what is priced there need not be priced below. */
const below = 1 / 64

/**
 * What one more kW at each device would take from others, in weight × kW of deficit: what is full above it has to be relieved by those
 * whose deficit weighs least. By the duals of just that program; 0 where nothing is full.
 * @param powers as shared, by device, kW
 * @returns by device
 */
export function reliefPrices(
  tree: Tree,
  powers: Float64Array,
  levels: readonly { readonly floorKw: number; readonly binding: Binding }[],
  solver: LinearSolver,
): Float64Array {
  const prices = new Float64Array(powers.length)
  if (!levels.some(({ binding }) => isOfTree(binding))) return prices
  const cheapest = new Float64Array(tree.groupCount).fill(Infinity)
  tree.devices.forEach(({ weight, lostAtKw }, at) => {
    if (lostAtKw !== null || powers[at]! <= levels[at]!.floorKw + nearKw) return
    cheapest[tree.group[at]!] = Math.min(cheapest[tree.group[at]!]!, weight)
  })
  const full = fullSlots(tree, powers)
  const entries = new Map<number, [number, number][]>()
  const program = new ProgramBuilder()
  const costs: number[] = []
  for (let group = 0; group < tree.groupCount; group++) {
    if (cheapest[group] === Infinity) continue
    let column = -1
    for (const slot of slotsAbove(tree, group)) {
      if (!full.has(slot)) continue
      if (column < 0) {
        column = program.column(0, Infinity)
        costs.push(cheapest[group]!)
      }
      const row = entries.get(slot) ?? []
      row.push([column, shareOf(tree.groupMask[group]!, slot % lineCount)])
      entries.set(slot, row)
    }
  }
  if (entries.size === 0) return prices
  const rows = [...entries]
  for (const [slot, row] of rows) program.row(below ** depth(tree, slot), Infinity, row)
  const [solution] = minimizeInOrder(program.build(), [Float64Array.from(costs)], solver)
  const bySlot = new Map(rows.map(([slot], row) => [slot, Math.max(0, solution!.rowDuals![row]!)]))

  const byGroup = new Float64Array(tree.groupCount)
  for (let group = 0; group < tree.groupCount; group++)
    for (const slot of slotsAbove(tree, group))
      byGroup[group]! += (bySlot.get(slot) ?? 0) * shareOf(tree.groupMask[group]!, slot % lineCount)
  return prices.map((_, at) => byGroup[tree.group[at]!]!)
}

const isOfTree = ({ kind }: Binding): boolean => kind === 'feeder' || kind === 'shed' || kind === 'least-power'

function fullSlots(tree: Tree, powers: Float64Array): Set<number> {
  const most = mostOf(tree, true)
  const full = new Set<number>()
  deviceSums(tree, powers).forEach((sum, slot) => {
    if (sum >= most[slot]! - nearKw) full.add(slot)
  })
  return full
}

function depth(tree: Tree, slot: number): number {
  let levels = 0
  for (let feeder = tree.parent[Math.floor(slot / lineCount)]!; feeder >= 0; feeder = tree.parent[feeder]!) levels++
  return Math.min(levels, 3)
}

/** The slots that a group loads, upwards. */
export function slotsAbove(tree: Tree, group: number): number[] {
  const slots: number[] = []
  for (let feeder = tree.groupFeeder[group]!; feeder >= 0; feeder = tree.parent[feeder]!)
    for (let line = 0; line < lineCount; line++)
      if (shareOf(tree.groupMask[group]!, line) > 0) slots.push(feeder * lineCount + line)
  return slots
}
