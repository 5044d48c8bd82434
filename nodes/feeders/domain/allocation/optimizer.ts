import type { Allocation, Binding } from './allocation.ts'
import { boundsOf } from './bounds.ts'
import type { Bounds } from './bounds.ts'
import { checkAllocation } from './check.ts'
import { improve } from './freedom.ts'
import { allocateHeuristic, maxMinLevels } from './heuristic.ts'
import { priceFaults } from './horizon.ts'
import { NoOptimum } from './linear-program.ts'
import type { LinearSolver } from './linear-program.ts'
import { outcomeOf } from './outcome.ts'
import { lines } from './problem.ts'
import type { Problem } from './problem.ts'
import { reliefPrices } from './relief-prices.ts'
import { roundPowers } from './rounding.ts'
import { mostOf } from './sharing.ts'
import { deviceSums, layOut, lineCount, shareOf } from './tree.ts'
import type { Tree } from './tree.ts'

/**
 * Shares capacity as the heuristic does as far as fairness goes: its max-min levels are exact. What they leave open is a linear program,
 * each objective among the optima of those before: limits, who is off for its least power though there is room, discharge beyond what
 * limits need, curtailment, PV surplus, cost, no more than is wanted, least movement. The duals price each kW.
 * @throws RangeError if the problem has faults
 * @throws NoOptimum if the solver finds none, or what it finds breaks a limit
 */
export function optimize(problem: Problem, solver: LinearSolver): Allocation {
  priceFaults(problem.prices, 'prices', (fault) => {
    throw new RangeError(`this cannot be allocated: ${fault}`)
  })
  const levels = maxMinLevels(problem)
  const tree = layOut(problem)
  const bounds = boundsOf(tree)
  const fair = Float64Array.from(levels, ({ targetKw }) => targetKw)
  const isOffForLeast = (at: number): boolean => levels[at]!.binding.kind === 'least-power'
  const { powers, costPrices } = improve({ tree, bounds, fair, isOffForLeast }, solver)
  const weighted = reliefPrices(tree, powers, levels, solver)
  return settle(
    tree,
    bounds,
    powers,
    'optimizer',
    (at) => (powers[at]! === fair[at]! ? levels[at]!.binding : bindingAt(tree, bounds, powers, at)),
    (at) => (weighted[at]! > 0 ? weighted[at]! : costPrices[at]!),
  )
}

/**
 * Rounds what a solver gave, makes sure that it keeps to every limit that can be kept, and says what comes of it.
 * @throws NoOptimum if it does not
 */
export function settle(
  tree: Tree,
  bounds: Bounds,
  powers: Float64Array,
  mode: 'optimizer' | 'mpc',
  bindingOf: (at: number) => Binding,
  priceOf: (at: number) => number,
): Allocation {
  const rounded = roundPowers(tree, bounds, powers.map(clean))
  const told = new Map(tree.devices.map(({ deviceId }, at) => [deviceId, rounded[at]!]))
  const violations = checkAllocation(tree.problem, told)
  const impossible = violations.find((violation) => violation.kind === 'device')
  if (impossible?.kind === 'device')
    throw new NoOptimum(`${impossible.deviceId} at ${impossible.powerKw} kW: ${impossible.because}`)
  const over = violations.flatMap((violation) => (violation.kind === 'feeder' ? [violation] : []))
  const broken = over.find(({ overKw, unavoidableKw }) => overKw > unavoidableKw + toleranceKw)
  // What one limit alone cannot avoid is known; what several cannot together is what the heuristic cannot either.
  if (broken && sumOf(over.map(({ overKw }) => overKw)) > overOf(allocateHeuristic(tree.problem)) + toleranceKw)
    throw new NoOptimum(
      `feeder ${broken.feederId}, ${broken.line}: ${broken.overKw} kW beyond the ${broken.direction} limit of ${broken.limitKw} kW`,
    )
  return outcomeOf(tree, mode, rounded, bindingOf, (at) => clean(priceOf(at)))
}

const overOf = ({ feeders }: Allocation): number => sumOf(feeders.map(({ violationKw }) => violationKw))
const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)

/** More than the solvers miss bounds by, less than a setpoint can say. */
const toleranceKw = 1e-5

/** Without the last bits that a solver leaves: −1e-16 kW is no discharge. */
const clean = (kw: number): number => Math.round(kw * 1e9) / 1e9 + 0

/** What keeps a device from more: what it wants, what it can, or the first full limit above it. */
export function bindingAt(tree: Tree, bounds: Bounds, powers: Float64Array, at: number): Binding {
  const { lostAtKw, held } = tree.devices[at]!
  if (lostAtKw !== null) return { kind: 'lost' }
  const power = powers[at]!
  if (held === 'off' && Math.abs(power) < nearKw) return { kind: 'held' }
  if (power >= bounds.highest[at]! - nearKw && power > bounds.wanted[at]! + nearKw) return { kind: 'device' }
  if (bounds.atRest[at]! >= 0 && power >= bounds.wanted[at]! - nearKw) return { kind: 'wanted' }
  return fullLimitAbove(tree, powers, at) ?? { kind: bounds.leastOn[at]! > 0 && power === 0 ? 'least-power' : 'device' }
}

const nearKw = 1e-5

function fullLimitAbove(tree: Tree, powers: Float64Array, at: number): Binding | null {
  const sums = sumsOf(tree, powers)
  const most = mostOf(tree, true)
  const group = tree.group[at]!
  const exporting = powers[at]! < 0 && tree.devices[at]!.kind === 'pv'
  for (let feeder = tree.groupFeeder[group]!; feeder >= 0; feeder = tree.parent[feeder]!)
    for (let line = 0; line < lineCount; line++) {
      const slot = feeder * lineCount + line
      if (shareOf(tree.groupMask[group]!, line) === 0) continue
      const full = exporting ? sums[slot]! <= tree.least[slot]! + nearKw : sums[slot]! >= most[slot]! - nearKw
      if (!full) continue
      const { feederId } = tree.feeders[feeder]!
      if (!exporting && line === 0 && tree.shed[feeder]! < tree.most[slot]!)
        return { kind: 'shed', targetId: tree.shedTargetId[feeder]!, feederId }
      const limit = exporting ? tree.exportLimit[slot] : tree.importLimit[slot]
      if (!limit) continue
      const { direction, limitKw, source } = limit
      return { kind: 'feeder', feederId, line: lines[line]!, direction, limitKw, source }
    }
  return null
}

const sumsByPowers = new WeakMap<Float64Array, Float64Array>()

/** The sums of one allocation, added up once. */
function sumsOf(tree: Tree, powers: Float64Array): Float64Array {
  let sums = sumsByPowers.get(powers)
  if (!sums) sumsByPowers.set(powers, (sums = deviceSums(tree, powers)))
  return sums
}
