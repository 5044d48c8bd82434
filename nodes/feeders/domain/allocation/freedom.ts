import type { Bounds } from './bounds.ts'
import { exceeded } from './check.ts'
import { minimizeInOrder, ProgramBuilder } from './linear-program.ts'
import type { LinearSolver } from './linear-program.ts'
import { slotsAbove } from './relief-prices.ts'
import { mostOf } from './sharing.ts'
import { deviceSums, lineCount, shareOf } from './tree.ts'
import type { Tree } from './tree.ts'

/** What fairness has settled, and what it left open. */
export interface Settled {
  readonly tree: Tree
  readonly bounds: Bounds
  /** By device, kW. */
  readonly fair: Float64Array
  readonly isOffForLeast: (at: number) => boolean
}

/** Devices of one group that may move one way by so much: to the solver they are one, and share what comes of it. */
interface Move {
  readonly kind: 'ease' | 'generate' | 'back' | 'take' | 'on'
  readonly group: number
  readonly members: readonly number[]
  readonly rooms: readonly number[]
  readonly room: number
  /** kW of the group per kW of the move. */
  readonly sign: 1 | -1
  column: number
}

const nearKw = 1e-6

/** Off for its least power though there is room: tried with whole numbers for so many, the weightiest first. */
const mostSwitched = 40

/**
 * Uses what fairness leaves open; see `optimize` for the objectives. Devices of a group are one column, so that the program grows with
 * the feeders and not with the devices.
 * @returns powers by device, and what one more kW there costs, R$/kWh, 0 without prices
 */
export function improve(
  settled: Settled,
  solver: LinearSolver,
): { readonly powers: Float64Array; readonly costPrices: Float64Array } {
  const { tree, fair } = settled
  const costPrices = new Float64Array(fair.length)
  const sums = deviceSums(tree, fair)
  const roots = rootsOf(tree)
  const moves = movesOf(settled, sums, roots)
  const { prices } = tree.problem
  if (moves.length === 0 && !prices) return { powers: fair, costPrices }

  const program = new ProgramBuilder()
  for (const move of moves) move.column = program.column(0, move.room)
  const objectives: (readonly [column: number, cost: number])[][] = []
  const minimize = (terms: (readonly [number, number])[]): void => {
    if (terms.length > 0) objectives.push(terms)
  }
  const columnsOf = (...kinds: Move['kind'][]): Move[] => moves.filter(({ kind }) => kinds.includes(kind))

  switchOn(program, settled, moves)
  const rows = limitRows(program, settled, sums, moves)
  minimize(rows.slacks.map((column) => [column, 1]))
  minimize(columnsOf('on').map(({ column, members }) => [column, -tree.devices[members[0]!]!.weight]))
  minimize(columnsOf('ease').map(({ column }) => [column, -1]))
  minimize(columnsOf('generate').map(({ column }) => [column, -1]))
  const balances = balanceRows(program, settled, sums, moves, roots)
  if (columnsOf('back', 'take').length > 0) minimize(balances.map(({ exported }) => [exported, 1]))
  const costAt = prices ? objectives.length : -1
  if (prices)
    minimize(
      balances.flatMap(({ imported, exported }) => [
        [imported, prices.importBrlPerKwh] as const,
        [exported, -prices.exportBrlPerKwh] as const,
      ]),
    )
  minimize(columnsOf('back', 'take').map(({ column }) => [column, 1]))
  minimize([
    ...columnsOf('back').map(({ column }) => [column, -1] as const),
    ...columnsOf('take').map(({ column }) => [column, 1] as const),
  ])

  const solutions = minimizeInOrder(
    program.build(),
    objectives.map((terms) => costsOf(program.columnCount, terms)),
    solver,
  )
  const powers = fair.slice()
  const last = solutions.at(-1)
  if (last) for (const move of moves) spread(powers, move, last.x[move.column]!)
  const duals = solutions[costAt]?.rowDuals
  if (duals) {
    const bySlot = new Map(rows.slots.map((slot, at) => [slot, duals[rows.first + at]!]))
    const byRoot = new Map(balances.map(({ root, row }) => [root, duals[row]!]))
    const ofGroup = Float64Array.from({ length: tree.groupCount }, (_, group) =>
      slotsAbove(tree, group).reduce(
        (sum, slot) => sum - (bySlot.get(slot) ?? 0) * shareOf(tree.groupMask[group]!, slot % lineCount),
        byRoot.get(roots[tree.groupFeeder[group]!]!) ?? 0,
      ),
    )
    costPrices.forEach((_, at) => (costPrices[at] = ofGroup[tree.group[at]!]!))
  }
  return { powers, costPrices }
}

/** What may move at all, by group; nothing that no objective would move. */
function movesOf({ tree, bounds, fair, isOffForLeast }: Settled, sums: Float64Array, roots: Int32Array): Move[] {
  const { prices } = tree.problem
  const over = exceeded(tree, fair, sums)
  const overfed = over.export.some((kw) => kw > 0)
  const most = mostOf(tree, true)
  const found = new Map<string, Move & { members: number[]; rooms: number[]; room: number }>()
  const off: number[] = []
  const add = (kind: Move['kind'], at: number, room: number, sign: 1 | -1): void => {
    if (!(room > nearKw)) return
    const group = tree.group[at]!
    const key = kind === 'on' ? `on ${at}` : `${kind} ${group}`
    let move = found.get(key)
    if (!move) found.set(key, (move = { kind, group, members: [], rooms: [], room: 0, sign, column: -1 }))
    move.members.push(at)
    move.rooms.push(room)
    move.room += room
  }
  let curtailed = false
  tree.devices.forEach(({ kind, lostAtKw }, at) => {
    if (lostAtKw !== null) return
    const now = fair[at]!
    if (kind === 'pv') {
      curtailed ||= now > bounds.atRest[at]! + nearKw
      add('generate', at, now - bounds.atRest[at]!, -1)
    } else if (kind === 'battery' && now < bounds.atRest[at]! - nearKw) add('ease', at, bounds.atRest[at]! - now, 1)
    else if (isOffForLeast(at) && now === 0) off.push(at)
  })
  const useful = overfed || curtailed || (prices !== null && prices.importBrlPerKwh < 0)
  tree.devices.forEach(({ kind, lostAtKw, presentKw }, at) => {
    const now = fair[at]!
    if (lostAtKw !== null || kind === 'pv' || now < 0 || isOffForLeast(at)) return
    // Whoever is off and needs a least power stays off: nobody is woken for a surplus that the next cloud takes.
    if (now < bounds.leastOn[at]!) return
    const root = roots[tree.groupFeeder[tree.group[at]!]!]! * lineCount
    if (!useful && sums[root]! + tree.highBelow[root]! >= -nearKw) return
    const back = Math.max(0, Math.min(presentKw ?? 0, bounds.highest[at]!) - now)
    add('back', at, back, 1)
    add('take', at, bounds.highest[at]! - now - back, 1)
  })
  const fits = (at: number): boolean =>
    slotsAbove(tree, tree.group[at]!).every(
      (slot) =>
        bounds.leastOn[at]! * shareOf(tree.groupMask[tree.group[at]!]!, slot % lineCount) <= most[slot]! - sums[slot]!,
    )
  off
    .filter(fits)
    .sort((one, other) => tree.devices[other]!.weight - tree.devices[one]!.weight || one - other)
    .slice(0, mostSwitched)
    .forEach((at) => add('on', at, bounds.wanted[at]!, 1))
  return [...found.values()]
}

/** Nothing, or at least the least power: by a whole number. */
function switchOn(program: ProgramBuilder, { bounds }: Settled, moves: readonly Move[]): void {
  for (const { kind, column, members, room } of moves) {
    if (kind !== 'on') continue
    const on = program.column(0, 1, true)
    program.row(0, Infinity, [
      [column, 1],
      [on, -bounds.leastOn[members[0]!]!],
    ])
    program.row(-Infinity, 0, [
      [column, 1],
      [on, -room],
    ])
  }
}

/** What is within its limits stays there; what is not comes nearer to them, but never further from. */
function limitRows(
  program: ProgramBuilder,
  { tree }: Settled,
  sums: Float64Array,
  moves: readonly Move[],
): { readonly first: number; readonly slots: readonly number[]; readonly slacks: readonly number[] } {
  const most = mostOf(tree, true)
  const bySlot = new Map<number, [number, number][]>()
  for (const { group, column, sign } of moves)
    for (const slot of slotsAbove(tree, group)) {
      if (most[slot] === Infinity && tree.least[slot] === -Infinity) continue
      const row = bySlot.get(slot) ?? []
      row.push([column, sign * shareOf(tree.groupMask[group]!, slot % lineCount)])
      bySlot.set(slot, row)
    }
  const slots = [...bySlot.keys()]
  const slacks: number[] = []
  let first = -1
  for (const [slot, entries] of bySlot) {
    // Between two limits that cannot both be kept, nothing is better or worse.
    const from = Math.min(tree.least[slot]!, most[slot]!) - sums[slot]!
    const until = Math.max(tree.least[slot]!, most[slot]!) - sums[slot]!
    const slack = (room: number, sign: 1 | -1): void => {
      if (room <= nearKw) return
      const column = program.column(0, room)
      slacks.push(column)
      entries.push([column, sign])
    }
    slack(from, 1)
    slack(-until, -1)
    const lower = from > nearKw ? from : Math.min(0, from)
    const upper = until < -nearKw ? until : Math.max(0, until)
    const row = program.row(lower, upper, entries)
    if (first < 0) first = row
  }
  return { first, slots, slacks }
}

interface Balance {
  readonly root: number
  readonly row: number
  readonly imported: number
  readonly exported: number
}

/** What each root takes and gives, with its base load at its highest: nothing is bought for a surplus that may not be there. */
function balanceRows(
  program: ProgramBuilder,
  { tree }: Settled,
  sums: Float64Array,
  moves: readonly Move[],
  roots: Int32Array,
): Balance[] {
  const balances: Balance[] = []
  tree.parent.forEach((above, root) => {
    if (above >= 0) return
    const net = sums[root * lineCount]! + tree.highBelow[root * lineCount]!
    const imported = program.column(0, Infinity)
    const exported = program.column(0, Infinity)
    const entries: [number, number][] = [
      [imported, 1],
      [exported, -1],
    ]
    for (const { group, column, sign } of moves)
      if (roots[tree.groupFeeder[group]!] === root) entries.push([column, -sign])
    balances.push({ root, row: program.row(net, net, entries), imported, exported })
  })
  return balances
}

function costsOf(count: number, terms: readonly (readonly [column: number, cost: number])[]): Float64Array {
  const costs = new Float64Array(count)
  for (const [column, cost] of terms) costs[column]! += cost
  return costs
}

/** Each member moves by the same part of its room: no order by name, and nobody beyond what it can. */
function spread(powers: Float64Array, { members, rooms, room, sign }: Move, moved: number): void {
  const part = Math.min(1, Math.max(0, moved / room))
  if (part < 1e-9) return
  members.forEach((at, index) => (powers[at]! += sign * part * rooms[index]!))
}

function rootsOf(tree: Tree): Int32Array {
  const roots = new Int32Array(tree.parent.length)
  for (const feeder of tree.downwards) roots[feeder] = tree.parent[feeder]! < 0 ? feeder : roots[tree.parent[feeder]!]!
  return roots
}
