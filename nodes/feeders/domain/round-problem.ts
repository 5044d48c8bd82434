/** What one round over a root feeder and all below it has to solve. */
import type { Device, Feeder, Prices, Problem, ShedTarget } from './allocation/problem.ts'
import type { LostSpan } from './lost-devices.ts'
import type { ObservedDevice } from './observed-device.ts'
import { concernOf, problemDevices, type SteeringSettings } from './problem-devices.ts'

/** A root feeder with all below it. */
export interface FeederTree {
  readonly rootId: string
  readonly feeders: readonly Feeder[]
}

/** What demand response does to the devices of a tree. */
export interface DemandEffect {
  readonly devices: readonly Device[]
  readonly shedTargets: readonly ShedTarget[]
  readonly sparedDeviceIds: ReadonlySet<string>
}

/** Demand response, beside its limits, which stand with those of the feeders. */
export interface Demand {
  /** Feeders below which it asks for less. */
  readonly shedFeederIds: ReadonlySet<string>
  effectOn(devices: readonly Device[], feeders: readonly Feeder[]): DemandEffect
}

export interface RoundSettings extends SteeringSettings {
  readonly prices: Prices | null
  readonly stepKw: number
}

export interface RoundProblem {
  readonly rootId: string
  readonly problem: Problem
  /** Those that take part, by device. */
  readonly observed: ReadonlyMap<string, ObservedDevice>
  readonly lost: ReadonlyMap<string, LostSpan>
  readonly spared: ReadonlySet<string>
  /** Those that take part and are told what they get. */
  readonly told: ReadonlySet<string>
  /** Those that follow a setpoint of a lease, and that nothing limits any more. */
  readonly released: readonly string[]
}

/** Feeders by the trees that they make, in the order in which the roots stand. */
export function treesOf(feeders: readonly Feeder[]): FeederTree[] {
  const parents = new Map(feeders.map(({ feederId, parentFeederId }) => [feederId, parentFeederId]))
  const rootOf = (feederId: string): string => {
    let at = feederId
    for (let steps = 0; steps <= feeders.length; steps++) {
      const parent = parents.get(at)
      if (parent == null || !parents.has(parent)) return at
      at = parent
    }
    return at
  }
  return [...Map.groupBy(feeders, ({ feederId }) => rootOf(feederId))].map(([rootId, members]) => ({
    rootId,
    feeders: members,
  }))
}

/**
 * Puts together what is to be solved for one tree.
 * @param devices  all of the tree that could follow setpoints, with whether what they follow now is by a lease
 * @param at  beginning of the interval, UTC milliseconds
 */
export function roundProblem(
  tree: FeederTree,
  devices: readonly (ObservedDevice & { readonly isLeased: boolean })[],
  demand: Demand,
  at: number,
  settings: RoundSettings,
): RoundProblem {
  const byId = new Map(tree.feeders.map((feeder) => [feeder.feederId, feeder]))
  const concerned = devices.map((device) => ({ device, ...concernOf(device, byId, demand.shedFeederIds) }))
  const parts = concerned.flatMap(({ device, takesPart }) => (takesPart ? [device] : []))
  const told = new Set(concerned.flatMap(({ device, isTold }) => (isTold ? [device.deviceId] : [])))
  const { devices: needing, feeders, lost } = problemDevices(parts, tree.feeders, at, settings)
  const effect = demand.effectOn(needing, feeders)
  return {
    rootId: tree.rootId,
    problem: {
      ...{ at, intervalMs: settings.intervalMs, feeders, devices: effect.devices, shedTargets: effect.shedTargets },
      ...{ prices: settings.prices, stepKw: settings.stepKw },
    },
    observed: new Map(parts.map((device) => [device.deviceId, device])),
    ...{ lost, spared: effect.sparedDeviceIds, told },
    released: devices
      .filter(({ deviceId, isLeased }) => isLeased && !told.has(deviceId))
      .map(({ deviceId }) => deviceId),
  }
}
