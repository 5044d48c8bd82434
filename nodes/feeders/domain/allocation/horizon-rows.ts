import type { Course, Step } from './horizon-steps.ts'
import type { ProgramBuilder } from './linear-program.ts'
import { slotsAbove } from './relief-prices.ts'
import { groupSums, lineCount, shareOf } from './tree.ts'
import type { Tree } from './tree.ts'

export type Term = readonly [column: number, value: number]

/** What the columns of a horizon's program stand for. */
export interface Columns {
  readonly tree: Tree
  readonly steps: readonly Step[]
  readonly courses: readonly Course[]
  /** By course and step: what adds up to its power. */
  readonly powers: readonly Term[][][]
  /** By step and group with PV: what is curtailed. */
  readonly curtailed: readonly ReadonlyMap<number, number>[]
  /** By group: what follows no setpoint, kW. */
  readonly fixedKw: Float64Array
}

const nearKw = 1e-6

/** Keeps what all below a slot take together within its limits, where they could come to one. */
export function limitRows(
  program: ProgramBuilder,
  { tree, steps, courses, powers, curtailed, fixedKw }: Columns,
): { slacks: { step: number; column: number }[]; firstRows: Map<number, number> } {
  const slacks: { step: number; column: number }[] = []
  const firstRows = new Map<number, number>()
  const above = Array.from({ length: tree.groupCount }, (_, group) => slotsAbove(tree, group))
  const fixed = groupSums(tree, fixedKw)
  steps.forEach(({ most, least, sun }, step) => {
    const [lowest, rest, highest] = [0, 0, 0].map(() => new Float64Array(tree.groupCount)) as [
      Float64Array,
      Float64Array,
      Float64Array,
    ]
    const columns = Array.from({ length: tree.groupCount }, (): Term[] => [])
    courses.forEach(({ group }, index) => {
      for (const [column, sign] of powers[index]![step]!) {
        columns[group]!.push([column, sign])
        const { from, until } = program.boundsOf(column)
        lowest[group]! += sign > 0 ? from : -until
        rest[group]! += sign * from
        highest[group]! += sign > 0 ? until : -from
      }
    })
    for (const [group, column] of curtailed[step]!) {
      columns[group]!.push([column, 1])
      lowest[group]! -= sun[group]!
      rest[group]! -= sun[group]!
    }
    const [low, resting, high, sunny] = [lowest, rest, highest, sun].map((kw) => groupSums(tree, kw))
    const terms = new Map<number, Term[]>()
    columns.forEach((ofGroup, group) => {
      if (ofGroup.length === 0) return
      for (const slot of above[group]!) {
        const bounded = high![slot]! + fixed[slot]! > most[slot]! || low![slot]! + fixed[slot]! < least[slot]!
        if (!bounded) continue
        const share = shareOf(tree.groupMask[group]!, slot % lineCount)
        const row = terms.get(slot) ?? []
        for (const [column, sign] of ofGroup) row.push([column, sign * share])
        terms.set(slot, row)
      }
    })
    // Where PV has to be curtailed, somebody may have relied on it.
    const curtails = resting!.some((kw, slot) => kw + fixed[slot]! < least[slot]!)
    for (const [slot, row] of terms) {
      const given = fixed[slot]! - sunny![slot]!
      // Between two limits that cannot both be kept, nothing is better or worse.
      const bottom = Math.min(least[slot]!, most[slot]!)
      const top = Math.max(least[slot]!, most[slot]!)
      const over = resting![slot]! + fixed[slot]! + (curtails ? sunny![slot]! : 0) - top
      const under = bottom - (resting![slot]! + fixed[slot]! + sunny![slot]!)
      const slack = (room: number, sign: 1 | -1): void => {
        if (room <= nearKw) return
        const column = program.column(0, room)
        slacks.push({ step, column })
        row.push([column, sign])
      }
      slack(over, -1)
      slack(under, 1)
      const number = program.row(bottom - given - nearBound, top - given + nearBound, row)
      if (step === 0) firstRows.set(slot, number)
    }
  })
  return { slacks, firstRows }
}

/** What sums lose of their last bits; far less than a setpoint can say. */
const nearBound = 1e-9

export interface Balance {
  readonly root: number
  readonly step: number
  readonly row: number
  readonly imported: number
  readonly exported: number
  /** Whether there is PV below it then. */
  readonly sunny: boolean
}

/** What each root takes and gives, with its base load at its highest. */
export function balanceRows(
  program: ProgramBuilder,
  { tree, steps, courses, powers, curtailed, fixedKw }: Columns,
): Balance[] {
  const rootOf = new Int32Array(tree.parent.length)
  for (const feeder of tree.downwards)
    rootOf[feeder] = tree.parent[feeder]! < 0 ? feeder : rootOf[tree.parent[feeder]!]!
  return steps.flatMap(({ highBelow, sun, prices }, step) => {
    const given = groupSums(
      tree,
      fixedKw.map((kw, group) => kw - sun[group]!),
    )
    const balances: Balance[] = []
    tree.parent.forEach((above, root) => {
      if (above >= 0) return
      const sunny = sun.some((kw, group) => kw > nearKw && rootOf[tree.groupFeeder[group]!] === root)
      if (!sunny && !prices) return
      const net = given[root * lineCount]! + highBelow[root * lineCount]!
      const terms = courses.flatMap(({ group }, index) =>
        rootOf[tree.groupFeeder[group]!] === root
          ? powers[index]![step]!.map(([column, sign]): Term => [column, -sign])
          : [],
      )
      for (const [group, column] of curtailed[step]!)
        if (rootOf[tree.groupFeeder[group]!] === root) terms.push([column, -1])
      const [imported, exported] = [program.column(0, Infinity), program.column(0, Infinity)]
      const row = program.row(net, net, [[imported, 1], [exported, -1], ...terms])
      balances.push({ root, step, row, imported, exported, sunny })
    })
    return balances
  })
}
