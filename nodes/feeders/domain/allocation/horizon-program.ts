import { ProgramBuilder } from './linear-program.ts'
import type { LinearProgram } from './linear-program.ts'
import type { Course, Step } from './horizon-steps.ts'
import { slotsAbove } from './relief-prices.ts'
import { groupSums, lineCount, shareOf } from './tree.ts'
import type { Tree } from './tree.ts'

/** Bounds on the powers of the first interval that least powers bring with them, by device; none: its own. */
export type FirstBounds = ReadonlyMap<number, readonly [fromKw: number, untilKw: number]>

export interface HorizonProgram {
  readonly program: LinearProgram
  readonly objectives: readonly Float64Array[]
  /** By course: columns of its power in the first interval, and what each adds to it. */
  readonly firstPower: readonly (readonly [column: number, sign: number])[][]
  /** By group with PV: the column of what is curtailed in the first interval. */
  readonly firstCurtailed: ReadonlyMap<number, number>
  /** Rows of the first interval: by slot, and by root what it takes. */
  readonly firstRows: ReadonlyMap<number, number>
  readonly firstBalances: ReadonlyMap<number, number>
  /** Which objective is that of the energy not delivered, and which is the cost; −1: there is none. */
  readonly unmetAt: number
  readonly costAt: number
}

type Term = readonly [column: number, value: number]

const nearKw = 1e-6

/** Levels of fairness told apart: between two of them whoever the solver comes to first has it. */
const levels = 6

/**
 * The linear program of a horizon. Objectives, each among the optima of those before: limits now, limits later, contracts, shed
 * targets, energy not delivered, who it falls on, PV curtailed, PV exported, cost, wear of batteries, early rather than late, least
 * movement. So no weight of one can outweigh another.
 */
export function horizonProgram(
  tree: Tree,
  steps: readonly Step[],
  courses: readonly Course[],
  fixedKw: Float64Array,
  first: FirstBounds,
): HorizonProgram {
  const program = new ProgramBuilder()
  const objectives: Term[][] = []
  const minimize = (terms: Term[]): number => (terms.length > 0 ? objectives.push(terms) - 1 : -1)
  const powers = courses.map((course) => powersOf(program, course, first))
  const curtailed = steps.map(({ sun }) => {
    const columns = new Map<number, number>()
    sun.forEach((kw, group) => {
      if (kw > nearKw) columns.set(group, program.column(0, kw))
    })
    return columns
  })

  const limited = limitRows(program, tree, steps, courses, powers, curtailed, fixedKw)
  minimize(limited.slacks.filter(({ step }) => step === 0).map(({ column }) => [column, 1]))
  minimize(limited.slacks.filter(({ step }) => step > 0).map(({ column, step }) => [column, steps[step]!.hours]))
  minimize(contracts(program, tree, courses, powers))
  minimize(shedding(program, tree, steps[0]!, courses, powers, curtailed[0]!, fixedKw))
  const needs = courses.map((course, index) => needOf(program, course, powers[index]!))
  const unmetAt = minimize(needs.flatMap((need): Term[] => (need ? [[need.unmet, 1]] : [])))
  minimize(fairness(program, tree, courses, needs))
  minimize(steps.flatMap(({ hours }, step) => [...curtailed[step]!.values()].map((column): Term => [column, hours])))
  const balances = balanceRows(program, tree, steps, courses, powers, curtailed, fixedKw)
  minimize(balances.filter(({ sunny }) => sunny).map(({ exported, step }) => [exported, steps[step]!.hours]))
  const priced = balances.filter(({ step }) => steps[step]!.prices !== null)
  const costAt = minimize(
    priced.flatMap(({ imported, exported, step }): Term[] => {
      const { hours, prices } = steps[step]!
      return [
        [imported, hours * prices!.importBrlPerKwh],
        [exported, -hours * prices!.exportBrlPerKwh],
      ]
    }),
  )
  const ofBatteries = powers.filter((_, index) => courses[index]!.from.some((kw) => kw < 0))
  minimize(
    ofBatteries.flatMap((bySteps) =>
      bySteps.flatMap((terms, step) => terms.map(([column]): Term => [column, steps[step]!.hours])),
    ),
  )
  minimize(
    powers.flatMap((bySteps) =>
      bySteps.flatMap((terms, step) =>
        terms.map(([column]): Term => [column, steps[step]!.hours * steps[step]!.ahead]),
      ),
    ),
  )
  minimize(movement(program, tree, courses, powers))

  const built = program.build()
  return {
    program: built,
    objectives: objectives.map((terms) => {
      const costs = new Float64Array(built.columnCount)
      for (const [column, cost] of terms) costs[column]! += cost
      return costs
    }),
    firstPower: powers.map((bySteps) => [...bySteps[0]!]),
    firstCurtailed: curtailed[0]!,
    firstRows: limited.firstRows,
    firstBalances: new Map(balances.filter(({ step }) => step === 0).map(({ root, row }) => [root, row])),
    unmetAt,
    costAt,
  }
}

/** Power of a device by step, as the columns that add up to it: what it takes, and, where it can, less what it gives. */
function powersOf(
  program: ProgramBuilder,
  { at, from, until, hours, storage, neededKwh }: Course,
  first: FirstBounds,
): Term[][] {
  const bySteps = from.map((own, step): Term[] => {
    if (hours[step] === 0) return []
    const [low, high] = (step === 0 ? first.get(at) : undefined) ?? [own, until[step]!]
    const terms: Term[] = [[program.column(Math.max(0, low), Math.max(0, low, high)), 1]]
    if (low < 0) terms.push([program.column(Math.max(0, -high), -low), -1])
    return terms
  })
  if (storage)
    // What it holds, at the end of each step, counted from now.
    for (let last = 0; last < bySteps.length; last++) {
      const held = bySteps.slice(0, last + 1).flatMap((terms, step) => energies(terms, hours[step]!))
      // What the first interval forces on it, as its bounds say, is possible whatever the forecast thinks of its charge.
      const slack = Math.max(0, ...(first.get(at) ?? [from[0]!])) * hours[0]!
      if (held.length > 0) program.row(-storage.givesKwh, Math.max(storage.takesKwh, slack), held)
    }
  else if (from.every((kw) => kw >= 0)) {
    const all = bySteps.flatMap((terms, step) => energies(terms, hours[step]!))
    const forced = Math.max(from[0]!, first.get(at)?.[0] ?? 0) * hours[0]!
    if (all.length > 0) program.row(0, Math.max(neededKwh, forced, 0), all)
  }
  return bySteps
}

const energies = (terms: readonly Term[], hours: number): Term[] =>
  terms.map(([column, sign]) => [column, sign * hours])

/** Keeps what all below a slot take together within its limits, where they could come to one. */
function limitRows(
  program: ProgramBuilder,
  tree: Tree,
  steps: readonly Step[],
  courses: readonly Course[],
  powers: readonly Term[][][],
  curtailed: readonly ReadonlyMap<number, number>[],
  fixedKw: Float64Array,
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

/** Shortfalls now against what is owed by contract, or to stay on. */
function contracts(
  program: ProgramBuilder,
  tree: Tree,
  courses: readonly Course[],
  powers: readonly Term[][][],
): Term[] {
  return courses.flatMap(({ at, until }, index): Term[] => {
    const { contractedKw, wantedKw, leastOnKw, held } = tree.devices[at]!
    const owed = Math.min(until[0]!, Math.max(Math.min(contractedKw, wantedKw), held === 'on' ? leastOnKw : 0))
    const terms = powers[index]![0]!
    if (owed <= nearKw || terms.length === 0) return []
    const short = program.column(0, Infinity)
    program.row(owed, Infinity, [...terms, [short, 1]])
    return [[short, 1]]
  })
}

function shedding(
  program: ProgramBuilder,
  tree: Tree,
  { sun }: Step,
  courses: readonly Course[],
  powers: readonly Term[][][],
  curtailed: ReadonlyMap<number, number>,
  fixedKw: Float64Array,
): Term[] {
  const sums = groupSums(
    tree,
    fixedKw.map((kw, group) => kw - sun[group]!),
  )
  return [...tree.shed].flatMap((until, feeder): Term[] => {
    if (until === Infinity) return []
    const slot = feeder * lineCount
    const isBelow = (group: number): boolean => slotsAbove(tree, group).includes(slot)
    const terms = courses.flatMap(({ group }, index) => (isBelow(group) ? powers[index]![0]! : []))
    for (const [group, column] of curtailed) if (isBelow(group)) terms.push([column, 1])
    if (terms.length === 0) return []
    const short = program.column(0, Infinity)
    program.row(-Infinity, until - sums[slot]!, [...terms, [short, -1]])
    return [[short, 1]]
  })
}

interface Need {
  readonly unmet: number
  readonly energy: Term[]
  readonly kwh: number
}

/** What a device does not get of what it needs, kWh; of a battery above its target, what it does not get rid of. */
function needOf(program: ProgramBuilder, { neededKwh, hours }: Course, bySteps: readonly Term[][]): Need | null {
  const sign = neededKwh < 0 ? -1 : 1
  const kwh = Math.abs(neededKwh)
  const energy = bySteps.flatMap((terms, step) => energies(terms, sign * hours[step]!))
  if (kwh <= nearKw || energy.length === 0) return null
  const unmet = program.column(0, Infinity)
  program.row(kwh, Infinity, [...energy, [unmet, 1]])
  return { unmet, energy, kwh }
}

/** Gives what can be delivered to whoever has least by its weight, level by level: each level costs more than the one below. */
function fairness(
  program: ProgramBuilder,
  tree: Tree,
  courses: readonly Course[],
  needs: readonly (Need | null)[],
): Term[] {
  const perWeight = (kwh: number, index: number): number => kwh / tree.devices[courses[index]!.at]!.weight
  const top = Math.max(0, ...needs.map((need, index) => (need ? perWeight(need.kwh, index) : 0)))
  return needs.flatMap((need, index): Term[] => {
    if (!need) return []
    const width = (top / levels) * tree.devices[courses[index]!.at]!.weight
    const parts: Term[] = []
    const costs: Term[] = []
    for (let level = 0, left = need.kwh; level < levels && left > nearKw; level++, left -= width) {
      const column = program.column(0, Math.min(width, left))
      parts.push([column, -1])
      if (level > 0) costs.push([column, level])
    }
    const unmetToo = program.column(0, Infinity)
    program.row(-Infinity, 0, [...need.energy, ...parts, [unmetToo, -1]])
    return [...costs, [unmetToo, levels]]
  })
}

interface Balance {
  readonly root: number
  readonly step: number
  readonly row: number
  readonly imported: number
  readonly exported: number
  /** Whether there is PV below it then. */
  readonly sunny: boolean
}

/** What each root takes and gives, with its base load at its highest. */
function balanceRows(
  program: ProgramBuilder,
  tree: Tree,
  steps: readonly Step[],
  courses: readonly Course[],
  powers: readonly Term[][][],
  curtailed: readonly ReadonlyMap<number, number>[],
  fixedKw: Float64Array,
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

function movement(
  program: ProgramBuilder,
  tree: Tree,
  courses: readonly Course[],
  powers: readonly Term[][][],
): Term[] {
  return courses.flatMap(({ at }, index): Term[] => {
    const { presentKw } = tree.devices[at]!
    const terms = powers[index]![0]!
    if (presentKw === null || terms.length === 0) return []
    const [up, down] = [program.column(0, Infinity), program.column(0, Infinity)]
    program.row(presentKw, presentKw, [...terms, [up, -1], [down, 1]])
    return [
      [up, 1],
      [down, 1],
    ]
  })
}
