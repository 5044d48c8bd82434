import type { Allocation, Binding } from './allocation.ts'
import { boundsOf } from './bounds.ts'
import type { Bounds } from './bounds.ts'
import { problemFaults } from './faults.ts'
import { horizonFaults, priceFaults } from './horizon.ts'
import type { HorizonProblem } from './horizon.ts'
import { horizonProgram } from './horizon-program.ts'
import type { FirstBounds, HorizonProgram } from './horizon-program.ts'
import { coursesOf, stepsOf } from './horizon-steps.ts'
import type { Course, Step } from './horizon-steps.ts'
import { tooFullFor } from './least-powers.ts'
import { minimizeInOrder } from './linear-program.ts'
import type { LinearSolution, LinearSolver } from './linear-program.ts'
import { bindingAt, optimize, settle } from './optimizer.ts'
import { slotsAbove } from './relief-prices.ts'
import { mostOf } from './sharing.ts'
import { deviceSums, layOut, lineCount, shareOf } from './tree.ts'
import type { Tree } from './tree.ts'

const nearKw = 1e-6

/**
 * Plans the whole horizon by linear programs and gives the powers of its first interval; the next round plans anew. Whoever leaves
 * first is served first where capacity is free later, energy is stored for when it costs more, and what cannot be delivered falls on
 * all by their weights. Without forecasts it is the optimizer.
 * @throws RangeError if the problem or what is foreseen has faults
 * @throws NoOptimum if the solver finds none, or what it finds breaks a limit
 */
export function planHorizon(horizon: HorizonProblem, solver: LinearSolver): Allocation {
  const { first } = horizon
  const faults = [...problemFaults(first), ...horizonFaults(horizon)]
  priceFaults(first.prices, 'prices', (fault) => faults.push(fault))
  if (faults.length > 0) throw new RangeError(`this cannot be planned: ${faults.join('; ')}`)
  if (horizon.later.length === 0) return { ...optimize(first, solver), mode: 'mpc' }

  const tree = layOut(first)
  const bounds = boundsOf(tree)
  const steps = stepsOf(horizon, tree, bounds)
  const courses = coursesOf(horizon, tree, bounds, steps)
  const plan = planned(tree, bounds, steps, courses, new Map(), solver)
  const onAndOff = leastPowers(tree, bounds, courses, plan.powers)
  const { powers, priceOf } = onAndOff ? planned(tree, bounds, steps, courses, onAndOff, solver) : plan
  return settle(tree, bounds, powers, 'mpc', (at) => bindingOf(tree, bounds, powers, at), priceOf)
}

interface Plan {
  readonly powers: Float64Array
  readonly priceOf: (at: number) => number
}

function planned(
  tree: Tree,
  bounds: Bounds,
  steps: readonly Step[],
  courses: readonly Course[],
  first: FirstBounds,
  solver: LinearSolver,
): Plan {
  const fixedKw = new Float64Array(tree.groupCount)
  const powers = new Float64Array(tree.devices.length)
  tree.devices.forEach(({ lostAtKw }, at) => {
    if (lostAtKw === null) return
    powers[at] = lostAtKw
    fixedKw[tree.group[at]!]! += lostAtKw
  })
  const built = horizonProgram(tree, steps, courses, fixedKw, first)
  const solutions = minimizeInOrder(built.program, built.objectives, solver)
  const x = solutions.at(-1)?.x ?? new Float64Array(built.program.columnCount)
  courses.forEach(({ at }, index) => {
    powers[at] = built.firstPower[index]!.reduce((sum, [column, sign]) => sum + sign * x[column]!, 0)
  })
  const sun = steps[0]!.sun
  tree.devices.forEach(({ kind, lostAtKw }, at) => {
    if (kind !== 'pv' || lostAtKw !== null) return
    const group = tree.group[at]!
    const curtailed = x[built.firstCurtailed.get(group) ?? -1] ?? 0
    // Each PV of a group is curtailed by the same part of what it has.
    powers[at] = bounds.atRest[at]! * (sun[group]! > 0 ? 1 - curtailed / sun[group]! : 1)
  })
  return { powers, priceOf: pricesBy(tree, built, solutions, steps[0]!.hours) }
}

/**
 * Who is on and who is off now where the plan has less than a least power for somebody: on is who still fits, those who were on and
 * those in a hurry first. Null: the plan needs no change.
 */
function leastPowers(tree: Tree, bounds: Bounds, courses: readonly Course[], powers: Float64Array): FirstBounds | null {
  const needy = courses.filter(({ at }) => bounds.leastOn[at]! > 0)
  const between = needy.filter(({ at }) => powers[at]! > nearKw && powers[at]! < bounds.leastOn[at]! - nearKw)
  if (between.length === 0) return null
  const rank = new Float64Array(powers.length)
  for (const { at, neededKwh, until, hours } of between) {
    const most = until.reduce((sum, kw, step) => sum + kw * hours[step]!, 0)
    const urgency = most > 0 ? Math.min(1, Math.max(0, neededKwh) / most) : 0
    const { held, presentKw } = tree.devices[at]!
    rank[at] = urgency + ((presentKw ?? 0) > 0 ? 1 : 0) + (held === 'on' ? 2 : 0)
  }
  const sums = deviceSums(tree, powers)
  const without = powers.slice()
  for (const { at } of between) without[at] = 0
  const room = mostOf(tree, true).map((kw, slot) => Math.max(kw, sums[slot]!))
  const rest = deviceSums(tree, without)
  const off = tooFullFor(tree, {
    members: between.map(({ at }) => at),
    has: new Float64Array(powers.length),
    least: bounds.leastOn,
    rank,
    room: room.map((kw, slot) => kw - rest[slot]!),
  })
  return new Map(
    needy.map(({ at }) => {
      const on = powers[at]! > nearKw && !off.has(at)
      return [at, on ? [Math.max(bounds.leastOn[at]!, bounds.lowest[at]!), bounds.highest[at]!] : [0, 0]]
    }),
  )
}

function bindingOf(tree: Tree, bounds: Bounds, powers: Float64Array, at: number): Binding {
  const binding = bindingAt(tree, bounds, powers, at)
  // No limit keeps it from more now: by the plan its time comes later.
  return binding.kind === 'device' && powers[at]! < bounds.highest[at]! - nearKw ? { kind: 'wanted' } : binding
}

/** What one more kW now costs: energy that somebody does not get, or else money, both by kWh. */
function pricesBy(
  tree: Tree,
  { firstRows, firstBalances, unmetAt, costAt }: HorizonProgram,
  solutions: readonly LinearSolution[],
  hours: number,
): (at: number) => number {
  const unmet = solutions[unmetAt]?.rowDuals
  const cost = solutions[costAt]?.rowDuals
  const byGroup = Float64Array.from({ length: tree.groupCount }, (_, group) => {
    const priceIn = (duals: Float64Array | null | undefined, money: boolean): number => {
      if (!duals) return 0
      let price = 0
      let root = 0
      for (const slot of slotsAbove(tree, group)) {
        const row = firstRows.get(slot)
        if (row !== undefined) price -= duals[row]! * shareOf(tree.groupMask[group]!, slot % lineCount)
        root = Math.floor(slot / lineCount)
      }
      const balance = money ? firstBalances.get(root) : undefined
      return (price + (balance === undefined ? 0 : duals[balance]!)) / hours
    }
    const inEnergy = priceIn(unmet, false)
    return inEnergy > nearKw ? inEnergy : priceIn(cost, true)
  })
  return (at) => byGroup[tree.group[at]!]!
}
