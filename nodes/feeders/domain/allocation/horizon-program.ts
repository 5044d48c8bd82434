import { ProgramBuilder } from './linear-program.ts'
import type { LinearProgram } from './linear-program.ts'
import type { Course, Step } from './horizon-steps.ts'
import { balanceRows, limitRows } from './horizon-rows.ts'
import type { Columns, Term } from './horizon-rows.ts'
import { slotsAbove } from './relief-prices.ts'
import { groupSums, lineCount } from './tree.ts'
import type { Tree } from './tree.ts'

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
  leastOn: Float64Array,
): HorizonProgram {
  const program = new ProgramBuilder()
  const objectives: Term[][] = []
  const minimize = (terms: Term[]): number => (terms.length > 0 ? objectives.push(terms) - 1 : -1)
  const powers = courses.map((course) => powersOf(program, course, leastOn[course.at]!))
  const curtailed = steps.map(({ sun }) => {
    const columns = new Map<number, number>()
    sun.forEach((kw, group) => {
      if (kw > nearKw) columns.set(group, program.column(0, kw))
    })
    return columns
  })

  const columns: Columns = { tree, steps, courses, powers, curtailed, fixedKw }
  const limited = limitRows(program, columns)
  minimize(limited.slacks.filter(({ step }) => step === 0).map(({ column }) => [column, 1]))
  minimize(limited.slacks.filter(({ step }) => step > 0).map(({ column, step }) => [column, steps[step]!.hours]))
  minimize(contracts(program, tree, courses, powers))
  minimize(shedding(program, columns))
  const needs = courses.map((course, index) => needOf(program, course, powers[index]!))
  const unmetAt = minimize(needs.flatMap((need): Term[] => (need ? [[need.unmet, 1]] : [])))
  minimize(fairness(program, courses, needs))
  minimize(steps.flatMap(({ hours }, step) => [...curtailed[step]!.values()].map((column): Term => [column, hours])))
  const balances = balanceRows(program, columns)
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

/**
 * Power of a device by step, as the columns that add up to it: what it takes, and, where it can, less what it gives. It takes no more
 * than it needs, or can store; but least powers now are possible, whatever is thought of its need.
 */
function powersOf(
  program: ProgramBuilder,
  { from, until, hours, storage, neededKwh }: Course,
  leastOnKw: number,
): Term[][] {
  const bySteps = from.map((low, step): Term[] => {
    const high = until[step]!
    if (hours[step] === 0) return []
    const terms: Term[] = [[program.column(Math.max(0, low), Math.max(0, low, high)), 1]]
    if (low < 0) terms.push([program.column(Math.max(0, -high), -low), -1])
    return terms
  })
  const forced = Math.max(0, leastOnKw, from[0]!) * hours[0]!
  if (storage)
    // What it holds, at the end of each step, counted from now.
    for (let last = 0; last < bySteps.length; last++) {
      const held = bySteps.slice(0, last + 1).flatMap((terms, step) => energies(terms, hours[step]!))
      if (held.length > 0) program.row(-storage.givesKwh, Math.max(storage.takesKwh, forced), held)
    }
  else if (from.every((kw) => kw >= 0)) {
    const all = bySteps.flatMap((terms, step) => energies(terms, hours[step]!))
    if (all.length > 0) program.row(0, Math.max(neededKwh, forced), all)
  }
  return bySteps
}

const energies = (terms: readonly Term[], hours: number): Term[] =>
  terms.map(([column, sign]) => [column, sign * hours])

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

function shedding(program: ProgramBuilder, { tree, steps, courses, powers, curtailed, fixedKw }: Columns): Term[] {
  const { sun } = steps[0]!
  const sums = groupSums(
    tree,
    fixedKw.map((kw, group) => kw - sun[group]!),
  )
  return [...tree.shed].flatMap((until, feeder): Term[] => {
    if (until === Infinity) return []
    const slot = feeder * lineCount
    const isBelow = (group: number): boolean => slotsAbove(tree, group).includes(slot)
    const terms = courses.flatMap(({ group }, index) => (isBelow(group) ? powers[index]![0]! : []))
    for (const [group, column] of curtailed[0]!) if (isBelow(group)) terms.push([column, 1])
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
function fairness(program: ProgramBuilder, courses: readonly Course[], needs: readonly (Need | null)[]): Term[] {
  const perWeight = (kwh: number, index: number): number => kwh / courses[index]!.weight
  const top = Math.max(0, ...needs.map((need, index) => (need ? perWeight(need.kwh, index) : 0)))
  return needs.flatMap((need, index): Term[] => {
    if (!need) return []
    const width = (top / levels) * courses[index]!.weight
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
