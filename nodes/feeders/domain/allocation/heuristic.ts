import type { Allocation, Binding } from './allocation.ts'
import { boundsOf } from './bounds.ts'
import type { Bounds } from './bounds.ts'
import { exceeded } from './check.ts'
import { shareConsumption } from './consumption.ts'
import { problemFaults } from './faults.ts'
import { bindingIn, outcomeOf } from './outcome.ts'
import type { Problem } from './problem.ts'
import { roundPowers } from './rounding.ts'
import { atRest } from './sharing.ts'
import type { Sharing } from './sharing.ts'
import { reconcile } from './reconcile.ts'
import { absorb, generate, takeSurplus } from './surplus.ts'
import { layOut } from './tree.ts'
import type { Tree } from './tree.ts'
import { unavoidable } from './unavoidable.ts'

/**
 * Shares capacity by rule, in milliseconds for thousands of devices: weighted max-min water-filling over the tree, in the order limits,
 * contracts, shed targets, fairness. Devices and feeders of the result stand in the order of their ids.
 * @throws RangeError if the problem has faults
 */
export function allocateHeuristic(problem: Problem): Allocation {
  const sharing = shared(laidOut(problem))
  const rounded = roundPowers(sharing.tree, sharing.bounds, sharing.powers)
  return outcomeOf(sharing.tree, 'heuristic', rounded, (at) => bindingIn(sharing, at))
}

/** What fairness leaves a device, before rounding. */
export interface MaxMinLevel {
  readonly deviceId: string
  /** Granted by contract before fairness, kW; fairness is measured from here. */
  readonly floorKw: number
  /** After fairness; of PV, a discharging battery and one that takes a surplus what they have at the end; kW. */
  readonly targetKw: number
  readonly binding: Binding
}

/**
 * The weighted max-min level of each device, in the order of their ids: exact for who is on, but where an export limit curtails PV that
 * others rely on; there it is approached, from below.
 * @throws RangeError if the problem has faults
 */
export function maxMinLevels(problem: Problem): MaxMinLevel[] {
  const sharing = shared(laidOut(problem))
  return sharing.tree.devices.map(({ deviceId }, at) => ({
    deviceId,
    floorKw: sharing.floor[at]!,
    targetKw: sharing.powers[at]!,
    binding: bindingIn(sharing, at),
  }))
}

function laidOut(problem: Problem): Tree {
  const faults = problemFaults(problem)
  if (faults.length > 0) throw new RangeError(`this cannot be allocated: ${faults.join('; ')}`)
  return layOut(problem)
}

/**
 * First as if all PV could feed in, which is exact wherever nobody relies on what an export limit curtails. Where that exceeds a limit:
 * anew with what must be absorbed first; then with care. Where even that exceeds one, batteries and PV are in each other's way:
 * batteries come first, and PV has what they leave; at last, whatever is nearest to keeping all limits.
 */
function shared(tree: Tree): Sharing {
  const bounds = boundsOf(tree)
  const full = bounds.atRest
  const hopeful = asIfAllCould(tree, bounds, false)
  if (withinReach(hopeful)) return hopeful
  const absorbing = asIfAllCould(tree, bounds, true)
  if (withinReach(absorbing)) return absorbing
  const sunFirst = careful(tree, full, (start) => generate(start, full, false))
  if (withinReach(sunFirst)) return sunFirst
  const batteriesFirst = careful(tree, full, (start) => start.powers.set(dark(start, full)))
  const best = least([hopeful, absorbing, sunFirst, batteriesFirst])
  if (withinReach(best)) return best
  return least([best, reconciled(copyOf(best)), reconciled(atRest(tree, bounds))])
}

function asIfAllCould(tree: Tree, bounds: Bounds, absorbFirst: boolean): Sharing {
  const sharing = atRest(tree, bounds)
  consume(sharing, bounds.atRest, absorbFirst)
  if (generate(sharing, bounds.atRest, false)) absorb(sharing, false)
  return sharing
}

/** The first of those that exceed limits least. */
function least(ways: readonly Sharing[]): Sharing {
  return ways.reduce((best, other) => (over(other) < over(best) - nearKw ? other : best))
}

function reconciled(sharing: Sharing): Sharing {
  reconcile(sharing)
  return sharing
}

function copyOf(sharing: Sharing): Sharing {
  const { powers, cause, slot } = sharing
  return { ...sharing, powers: powers.slice(), cause: cause.slice(), slot: slot.slice() }
}

const nearKw = 1e-6
/** Rounds of being careful: more would come nearer to what is fair, and take longer. */
const mostRounds = (devices: number): number => Math.min(12, Math.max(3, Math.round(20_000 / (devices + 1))))

/**
 * Consumption counts on what is generated for sure, generation then follows consumption, and so on, each time with more of both,
 * while every round keeps the limits: it may end after any.
 */
function careful(tree: Tree, full: Float64Array, begin: (sharing: Sharing) => void): Sharing {
  const bounds = boundsOf(tree)
  let sharing = atRest(tree, bounds)
  begin(sharing)
  const rounds = mostRounds(tree.devices.length)
  for (let round = 0; round < rounds; round++) {
    const generated = sharing.powers.map((power, at) => (full[at]! < 0 ? Math.min(0, power) : full[at]!))
    const next = atRest(tree, { ...bounds, atRest: generated })
    consume(next, full, true)
    generate(next, full, true)
    const more = next.powers.reduce((sum, power, at) => sum + (full[at]! < 0 ? generated[at]! - power : 0), 0)
    // More room may turn who is on, and with it what generation relied on: then the round before was the last.
    if (round > 0 && over(next) > over(sharing) + nearKw) break
    sharing = next
    if (more < tree.problem.stepKw / 2) break
  }
  absorb(sharing, false)
  return { ...sharing, bounds }
}

/**
 * The import side, and what consumption takes of too much generation.
 * @param absorbFirst before anything is shared, batteries take what not even curtailing all PV could keep within the export limits
 */
function consume(sharing: Sharing, full: Float64Array, absorbFirst: boolean): void {
  if (absorbFirst) absorb(sharing, false, dark(sharing, full))
  shareConsumption(sharing)
  absorb(sharing, true)
  takeSurplus(sharing)
}

/** The powers, with nothing generated that could be curtailed. */
function dark({ powers, bounds }: Sharing, full: Float64Array): Float64Array {
  return powers.map((power, at) => (full[at]! < 0 ? Math.max(power, Math.min(0, bounds.highest[at]!)) : power))
}

/** Whether nothing is exceeded but what no setpoint could avoid. */
function withinReach({ tree, powers }: Sharing): boolean {
  const beyond = exceeded(tree, powers)
  if (!beyond.any) return true
  const fate = unavoidable(tree)
  return (['import', 'export'] as const).every((way) =>
    beyond[way].every((kw, slot) => kw <= fate[way][slot]! + nearKw),
  )
}

/** All that is beyond limits, kW. */
function over({ tree, powers }: Sharing): number {
  const beyond = exceeded(tree, powers)
  return beyond.any ? sum(beyond.import) + sum(beyond.export) : 0
}

const sum = (kw: Float64Array): number => kw.reduce((total, one) => total + one, 0)
