import type { Allocation, Binding } from './allocation.ts'
import { boundsOf } from './bounds.ts'
import { exceeded } from './check.ts'
import { shareConsumption } from './consumption.ts'
import { problemFaults } from './faults.ts'
import { bindingIn, outcomeOf } from './outcome.ts'
import type { Problem } from './problem.ts'
import { roundPowers } from './rounding.ts'
import { atRest } from './sharing.ts'
import type { Sharing } from './sharing.ts'
import { absorb, generate, takeSurplus } from './surplus.ts'
import { layOut } from './tree.ts'
import type { Tree } from './tree.ts'

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
  /** Granted before fairness: by contract, or because it must stay on; kW. */
  readonly floorKw: number
  /** After fairness; of PV, a discharging battery and one that takes a surplus what they have at the end; kW. */
  readonly targetKw: number
  readonly binding: Binding
}

/**
 * The weighted max-min level of each device, exact for who is on, in the order of their ids.
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
 * First as if all PV could feed in. Where an export limit curtails some of it and others relied on it, anew and with care: consumption
 * counts on what is generated for sure, generation then follows consumption, and so on, each time with more of both.
 */
function shared(tree: Tree): Sharing {
  const bounds = boundsOf(tree)
  const full = bounds.atRest
  const hopeful = atRest(tree, bounds)
  shareConsumption(hopeful)
  takeSurplus(hopeful)
  absorb(hopeful, true)
  if (!generate(hopeful, full, false)) return hopeful
  absorb(hopeful, false)
  if (exceeded(tree, hopeful.powers).import.every((over) => over === 0)) return hopeful
  return careful(tree, full)
}

const mostRounds = 12

function careful(tree: Tree, full: Float64Array): Sharing {
  const bounds = boundsOf(tree)
  let sharing = atRest(tree, bounds)
  generate(sharing, full, false)
  for (let round = 0; round < mostRounds; round++) {
    const generated = sharing.powers.map((power, at) => (full[at]! < 0 ? power : full[at]!))
    const next = atRest(tree, { ...bounds, atRest: generated })
    shareConsumption(next)
    takeSurplus(next)
    absorb(next, true)
    generate(next, full, true)
    const more = next.powers.reduce((sum, power, at) => sum + (full[at]! < 0 ? generated[at]! - power : 0), 0)
    sharing = next
    if (more < tree.problem.stepKw / 2) break
  }
  absorb(sharing, false)
  return sharing
}
