import type { Strain } from '../../../platform/network/registry-check.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import { phases } from '../domain/allocation/problem.ts'
import { exceededLimits, type ExceededLimit } from '../domain/configuration.ts'
import { headReading } from '../domain/head-reading.ts'
import { limitsInForce, type LimitSettings } from '../domain/limits-in-force.ts'
import { fallbackOf } from '../domain/observed-device.ts'
import { fallbackDevices } from './configuration-repository.ts'
import { findFeeders, keptForecasts } from './feeder-repository.ts'
import { standingLimits } from './limit-repository.ts'

/** An exceeded limit, as a strain on the registry. */
export interface FeederStrain extends Strain {
  readonly exceeded: ExceededLimit
}

/**
 * The limits that would be exceeded if no device heard of any setpoint. Those that are set without end count, in all their windows,
 * from now on; those that end count where they are asked for: persons set them when there is more to be had than the fallbacks keep
 * free.
 * @param at  UTC milliseconds
 */
export async function feederStrains(
  queries: Queries,
  at: number,
  settings: LimitSettings,
  { withTemporary }: { readonly withTemporary: boolean },
): Promise<FeederStrain[]> {
  const feeders = await findFeeders(queries, null)
  const feederIds = feeders.map(({ feederId }) => feederId)
  const set = (await standingLimits(queries, feederIds, at))
    .filter(({ validUntil }) => withTemporary || validUntil === null)
    .map((limit) => ({ ...limit, validFrom: at }))
  const heads = new Map(
    feeders.flatMap(({ feederId, head }) =>
      head ? [[feederId, { ...headReading(head).circuit, isLost: true }] as const] : [],
    ),
  )
  const always = { from: -Infinity, until: Infinity }
  const { byFeeder } = limitsInForce(at, feeders, set, [], heads, settings, () => always)
  const devices = (await fallbackDevices(queries)).map((device) => ({
    feederId: device.feederId,
    phases: phases.filter((phase) => device.phases.includes(phase)),
    fallbackKw: fallbackOf(device),
  }))
  const limited = feeders.map(({ feederId, parentFeederId }) => ({
    ...{ feederId, parentFeederId, limits: byFeeder.get(feederId)! },
  }))
  return exceededLimits(limited, devices, await keptForecasts(queries, feederIds)).map((exceeded) => ({
    ...{ exceeded, by: exceeded.beyondKw, told: toldOf(exceeded) },
    of: `${exceeded.feederId} ${exceeded.line} ${exceeded.direction}`,
  }))
}

const shown = (kw: number): string => `${Math.round(kw * 1_000) / 1_000} kW`

const toldOf = ({ feederId, line, direction, flowKw, limitKw, source }: ExceededLimit): string =>
  `feeder ${feederId} could ${direction} ${shown(flowKw)} ${line === 'total' ? 'in all' : `in phase ${line}`} if its devices fell back, and its limit is ${shown(limitKw)} (${source})`
