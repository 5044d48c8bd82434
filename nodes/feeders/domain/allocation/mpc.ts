import type { Allocation, Binding } from './allocation.ts'
import { boundsOf } from './bounds.ts'
import type { Bounds } from './bounds.ts'
import { problemFaults } from './faults.ts'
import { horizonFaults, priceFaults } from './horizon.ts'
import type { HorizonProblem } from './horizon.ts'
import { horizonProgram } from './horizon-program.ts'
import type { HorizonProgram } from './horizon-program.ts'
import { coursesOf, stepsOf } from './horizon-steps.ts'
import type { Course, Step } from './horizon-steps.ts'
import { tooFullFor } from './least-powers.ts'
import { minimizeOpen } from './linear-program.ts'
import type { LinearProgram, LinearSolution, LinearSolver } from './linear-program.ts'
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
  const fixedKw = new Float64Array(tree.groupCount)
  tree.devices.forEach(({ lostAtKw }, at) => (fixedKw[tree.group[at]!]! += lostAtKw ?? 0))
  const built = horizonProgram(tree, steps, courses, fixedKw, bounds.leastOn)
  const open = solver(built.program)
  let solutions: LinearSolution[]
  let powers: Float64Array
  try {
    solutions = minimizeOpen(open, built.program, built.objectives)
    powers = firstPowers(tree, bounds, steps[0]!, courses, built, solutions)
    const onAndOff = leastPowers(tree, bounds, courses, powers)
    if (onAndOff) {
      solutions = minimizeOpen(open, switched(built, courses, onAndOff), built.objectives)
      powers = firstPowers(tree, bounds, steps[0]!, courses, built, solutions)
    }
  } finally {
    open.close()
  }
  const priceOf = pricesBy(tree, built, solutions, steps[0]!.hours)
  return settle(tree, bounds, powers, 'mpc', (at) => bindingOf(tree, bounds, powers, at), priceOf)
}

/** By device, kW. */
function firstPowers(
  tree: Tree,
  bounds: Bounds,
  { sun }: Step,
  courses: readonly Course[],
  { program, firstPower, firstCurtailed }: HorizonProgram,
  solutions: readonly LinearSolution[],
): Float64Array {
  const x = solutions.at(-1)?.x ?? program.lower
  const powers = Float64Array.from(tree.devices, ({ lostAtKw }) => lostAtKw ?? 0)
  courses.forEach(({ at }, index) => {
    powers[at] = firstPower[index]!.reduce((sum, [column, sign]) => sum + sign * x[column]!, 0)
  })
  tree.devices.forEach(({ kind, lostAtKw }, at) => {
    if (kind !== 'pv' || lostAtKw !== null) return
    const group = tree.group[at]!
    const curtailed = x[firstCurtailed.get(group) ?? -1] ?? 0
    // Each PV of a group is curtailed by the same part of what it has.
    powers[at] = bounds.atRest[at]! * (sun[group]! > 0 ? 1 - curtailed / sun[group]! : 1)
  })
  return powers
}

/** Bounds on the powers of the first interval that least powers bring with them, by device; none: its own. */
type OnAndOff = ReadonlyMap<number, readonly [fromKw: number, untilKw: number]>

function switched(
  { program, firstPower }: HorizonProgram,
  courses: readonly Course[],
  onAndOff: OnAndOff,
): LinearProgram {
  const lower = program.lower.slice()
  const upper = program.upper.slice()
  courses.forEach(({ at }, index) => {
    const bounds = onAndOff.get(at)
    const first = firstPower[index]![0]
    if (!bounds || !first) return
    lower[first[0]] = bounds[0]
    upper[first[0]] = bounds[1]
  })
  return { ...program, lower, upper }
}

/**
 * Who is on and who is off now where the plan has less than a least power for somebody: on is who still fits, those who were on and
 * those in a hurry first. Null: the plan needs no change.
 */
function leastPowers(tree: Tree, bounds: Bounds, courses: readonly Course[], powers: Float64Array): OnAndOff | null {
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
