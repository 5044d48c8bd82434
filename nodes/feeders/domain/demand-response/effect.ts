import type { Device, ShedTarget } from '../allocation/problem.ts'
import type { DemandInForce } from './in-force.ts'

/** Whom a call spares: who is not enrolled where only the enrolled give way, and who has opted out. */
export interface Spared {
  readonly eventId: number
  readonly optedOut: ReadonlySet<string>
  /** Null: everybody takes part who has not opted out. */
  readonly enrolled: ReadonlySet<string> | null
}

export interface DemandEffect {
  readonly devices: readonly Device[]
  readonly shedTargets: readonly ShedTarget[]
  /** Devices that a call in force spares. */
  readonly sparedDeviceIds: ReadonlySet<string>
}

interface TreeFeeder {
  readonly feederId: string
  readonly parentFeederId: string | null
}

/**
 * What demand response changes in an allocation, beside its limits.
 *
 * - `limit`: a limit of the feeder. Who is spared comes before all fairness there, as if by contract; never before a limit.
 * - `shed`: all below the feeder together take no more than they want less the target. Of several on one feeder the largest holds.
 * - `price`: what a device wants to consume, beyond what it has by contract, becomes `(price / reference) ^ elasticity` of that, no
 *   more than it can. Of several prices over a device the highest holds. What it gives up so counts for a target of a shed call.
 * @param referenceBrlPerKwh  what a kWh costs otherwise; not over 0: prices change nothing
 */
export function withDemandResponse(
  devices: readonly Device[],
  feeders: readonly TreeFeeder[],
  { limits, sheds, prices }: DemandInForce,
  spared: readonly Spared[],
  referenceBrlPerKwh: number,
): DemandEffect {
  const parents = new Map(feeders.map(({ feederId, parentFeederId }) => [feederId, parentFeederId]))
  const spares = new Map(spared.map((one) => [one.eventId, one]))
  const sparedDeviceIds = new Set<string>()
  const wantedKw = new Map<string, number>()
  const changed = devices.map((device) => {
    const path = pathOf(device.feederId, parents)
    const above = <T extends { readonly feederId: string }>(calls: readonly T[]): T[] =>
      calls.filter(({ feederId }) => path.has(feederId))
    for (const feederId of path) wantedKw.set(feederId, (wantedKw.get(feederId) ?? 0) + device.wantedKw)
    const giving = [...above(limits), ...above(sheds)].filter(({ isSnapback }) => !isSnapback)
    if (giving.some(({ eventId }) => isSpared(device.deviceId, spares.get(eventId)))) {
      sparedDeviceIds.add(device.deviceId)
      return { ...device, contractedKw: Math.max(device.contractedKw, device.wantedKw) }
    }
    const asked = above(prices).filter(({ eventId }) => !isSpared(device.deviceId, spares.get(eventId)))
    if (above(prices).length > asked.length) sparedDeviceIds.add(device.deviceId)
    const dearest = asked.toSorted((one, other) => other.priceBrlPerKwh - one.priceBrlPerKwh)[0]
    if (!dearest || referenceBrlPerKwh <= 0) return device
    return { ...device, wantedKw: wantedAtPrice(device, dearest, referenceBrlPerKwh) }
  })
  const largest = new Map<string, (typeof sheds)[number]>()
  for (const shed of sheds)
    if (shed.targetShedKw > (largest.get(shed.feederId)?.targetShedKw ?? 0)) largest.set(shed.feederId, shed)
  const shedTargets = [...largest.values()].map(({ feederId, source, targetShedKw }) => ({
    ...{ targetId: source, feederId },
    dispatchableUntilKw: (wantedKw.get(feederId) ?? 0) - targetShedKw,
  }))
  return { devices: changed, shedTargets, sparedDeviceIds }
}

/**
 * What a device wants at a price, kW.
 * @param referenceBrlPerKwh  what a kWh costs otherwise, > 0
 */
export function wantedAtPrice(
  device: Pick<Device, 'wantedKw' | 'contractedKw' | 'untilKw'>,
  { priceBrlPerKwh, elasticity }: { readonly priceBrlPerKwh: number; readonly elasticity: number },
  referenceBrlPerKwh: number,
): number {
  const { wantedKw, contractedKw, untilKw } = device
  const free = wantedKw - Math.max(0, contractedKw)
  if (free <= 0 || elasticity === 0) return wantedKw
  const factor = (priceBrlPerKwh / referenceBrlPerKwh) ** elasticity
  return Math.min(Math.max(untilKw, wantedKw), wantedKw - free + free * factor)
}

const isSpared = (deviceId: string, spared: Spared | undefined): boolean =>
  spared !== undefined &&
  (spared.optedOut.has(deviceId) || (spared.enrolled !== null && !spared.enrolled.has(deviceId)))

/** A feeder and all above it. */
function pathOf(feederId: string, parents: ReadonlyMap<string, string | null>): ReadonlySet<string> {
  const path = new Set<string>()
  for (let at: string | null | undefined = feederId; at != null && !path.has(at); at = parents.get(at)) path.add(at)
  return path
}
