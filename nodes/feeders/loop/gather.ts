import type { Queries } from '../../../platform/storage/queries.ts'
import { gatherDemandResponse } from '../demand-response/in-force.ts'
import type { Prices } from '../domain/allocation/problem.ts'
import type { ForecastState } from '../domain/base-forecast.ts'
import { withDemandResponse } from '../domain/demand-response/effect.ts'
import { lostSpan } from '../domain/lost-devices.ts'
import { roundProblem, treesOf, type Demand, type RoundProblem, type RoundSettings } from '../domain/round-problem.ts'
import { gatherFeeders, type FeederNow } from '../limits/feeder-state.ts'
import { loopDevices, type LoopDevice } from './device-repository.ts'

export interface GatherSettings extends Omit<RoundSettings, 'prices'> {
  /** Of feeders of which the registry says none; null: they have none. */
  readonly defaultLimitKw: number | null
  /** Of each root; null: none. */
  readonly globalLimitKw: number | null
  /** IANA zone of schedules that name none. */
  readonly timeZone: string
  /** Null: cost decides nothing. */
  readonly prices: Prices | null
  /** What a kWh costs where no program says otherwise, R$/kWh. */
  readonly referenceBrlPerKwh: number
}

/** One tree, as a round finds it. */
export interface GatheredTree {
  readonly round: RoundProblem
  /** Devices of the tree that could follow setpoints. */
  readonly devices: readonly LoopDevice[]
  readonly feeders: readonly FeederNow[]
}

export interface Gathered {
  readonly trees: readonly GatheredTree[]
  /** The next instant at which a limit or what demand response asks for changes by itself, UTC milliseconds; null: none is known. */
  readonly nextChangeAt: number | null
  /** What the next round's forecasts go on from. */
  readonly kept: readonly ForecastState[]
}

/**
 * All that a round needs, in few queries over newest states.
 * @param rootIds  of the trees that are meant
 * @param at  UTC milliseconds
 */
export async function gather(
  queries: Queries,
  rootIds: readonly string[],
  at: number,
  settings: GatherSettings,
): Promise<Gathered> {
  const { defaultLimitKw, globalLimitKw, referenceBrlPerKwh, timeZone, intervalMs, silentMs } = settings
  const devices = await loopDevices(queries, at)
  const asked = await gatherDemandResponse(queries, at, { defaultLimitKw, referenceBrlPerKwh })
  const { feeders, changesAt, kept } = await gatherFeeders(queries, {
    ...{ rootIds, at, intervalMs, given: asked.limits },
    steered: devices.map((device) => ({
      ...{ deviceId: device.deviceId, feederId: device.feederId, phases: device.phases },
      powerKw: device.reading?.powerKw ?? 0,
      lostBetween: lostSpan(device, at, silentMs) ?? null,
    })),
    settings: { defaultLimitKw, globalLimitKw, timeZone },
  })
  const byFeeder = Map.groupBy(devices, ({ feederId }) => feederId)
  const trees = treesOf(feeders).map(({ rootId, feeders: members }): GatheredTree => {
    const isOf = new Set(members.map(({ feederId }) => feederId))
    const within = members.flatMap(({ feederId }) => byFeeder.get(feederId) ?? [])
    const sheds = asked.sheds.filter(({ feederId }) => isOf.has(feederId))
    const demand: Demand = {
      shedFeederIds: new Set([...sheds, ...asked.prices].map(({ feederId }) => feederId)),
      effectOn: (all, of) => withDemandResponse(all, of, { ...asked, sheds }, asked.spared, referenceBrlPerKwh),
    }
    const known = within.map((device) => ({ ...device, isLeased: device.lease !== null }))
    return {
      round: roundProblem({ rootId, feeders: members }, known, demand, at, settings),
      devices: within,
      feeders: feeders.filter(({ feederId }) => isOf.has(feederId)),
    }
  })
  return { trees, nextChangeAt: soonest([changesAt, asked.nextChangeAt]), kept }
}

const soonest = (instants: readonly (number | null)[]): number | null => {
  const next = Math.min(...instants.filter((instant) => instant !== null))
  return next === Infinity ? null : next
}
