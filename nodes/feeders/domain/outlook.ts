/** What comes after the interval, as far as devices and the registry say it: for allocations that look ahead. */
import type { Problem } from './allocation/problem.ts'
import { stepsAhead, type DeviceOutlook, type HorizonProblem } from './allocation/horizon.ts'
import { lastingWeight, type NeedSettings } from './needs.ts'
import { capacityOf, type ObservedDevice } from './observed-device.ts'

/**
 * The problem with its horizon: cars with what they need and when they leave, batteries with their way to the target; loads, sun and
 * limits as they are, but for limits that expire.
 */
export function withHorizon(
  problem: Problem,
  observed: ReadonlyMap<string, ObservedDevice>,
  horizonMs: number,
  settings: NeedSettings,
): HorizonProblem {
  const { at, intervalMs, prices } = problem
  const outlooks = problem.devices.flatMap(({ deviceId, lostAtKw }): DeviceOutlook[] => {
    const device = observed.get(deviceId)
    const outlook = device && lostAtKw === null ? outlookOf(device, settings) : undefined
    return outlook ? [outlook] : []
  })
  const later = stepsAhead(at + intervalMs, intervalMs, horizonMs).map((step) => ({
    ...{ ...step, baseLoads: {}, limits: {}, availableKw: {}, prices },
  }))
  const weights: Record<string, number> = {}
  for (const { deviceId } of problem.devices) {
    const device = observed.get(deviceId)
    if (device) weights[deviceId] = lastingWeight(device, at, settings)
  }
  return { first: problem, later, outlooks, weights }
}

function outlookOf(device: ObservedDevice, { minSocReserve, targetSoc }: NeedSettings): DeviceOutlook | undefined {
  const { deviceId, kind, ratedKw, reading } = device
  if (kind === 'ev') {
    const needed = reading?.pluggedIn === false ? 0 : (reading?.energyNeededKwh ?? null)
    if (needed === null) return undefined
    const departsAt = reading?.departsAt ?? null
    return { deviceId, neededKwh: needed, departsAt, fromKw: 0, untilKw: ratedKw, storage: null }
  }
  if (kind !== 'battery' || reading?.soc == null) return undefined
  const capacity = capacityOf(device)
  return {
    ...{ deviceId, neededKwh: (targetSoc - reading.soc) * capacity, departsAt: null },
    ...{ fromKw: ratedKw === 0 ? 0 : -ratedKw, untilKw: ratedKw },
    storage: {
      givesKwh: Math.max(0, reading.soc - minSocReserve) * capacity,
      takesKwh: Math.max(0, 1 - reading.soc) * capacity,
    },
  }
}
