import type { Device, Problem } from '../../../nodes/feeders/domain/allocation/problem.ts'
import { limitedLines, type Use } from './lines-in-use.ts'
import { wholeSteps, type Car, type Method, type Shares } from './method.ts'

/** What everybody compares with, in the order of the table. */
export const baselines: readonly Method[] = [
  inOrder('first-come', (car) => car.arrival),
  { name: 'equal share', share: async (problem, cars) => equalShare(problem, cars) },
  inOrder('earliest deadline', (car) => car.departure),
  inOrder('least laxity', (car, at) => laxity(car, at)),
]

/** How long a car could still wait and yet get all it asks for, ms. */
export function laxity({ departure, remainingKwh, maxKw }: Car, at: number): number {
  return departure - at - (remainingKwh / maxKw) * 3_600_000
}

/** One after the other, each as much as the tree still lets through; who cannot have the least gets nothing. */
function inOrder(name: string, rank: (car: Car, at: number) => number): Method {
  return {
    name,
    async share(problem, cars) {
      const devices = new Map(problem.devices.map((device) => [device.deviceId, device]))
      const { limits, usesOf } = limitedLines(problem.feeders)
      const left = limits.map(({ limitKw }) => limitKw)
      const powerKw = new Map<string, number>()
      const ranked = cars
        .map((car) => ({ car, by: rank(car, problem.at) }))
        .toSorted((one, other) => one.by - other.by || (one.car.deviceId < other.car.deviceId ? -1 : 1))
      for (const { car } of ranked) {
        const device = devices.get(car.deviceId)
        if (!device) continue
        const uses = usesOf(device.feederId, device.phases)
        const fits = uses.reduce((least, { limit, share }) => Math.min(least, left[limit]! / share), device.untilKw)
        const kw = wholeSteps(fits, problem.stepKw)
        if (kw <= 0 || kw < device.leastOnKw) continue
        for (const { limit, share } of uses) left[limit]! -= kw * share
        powerKw.set(device.deviceId, kw)
      }
      // What is left is left after rounding, for the next in line: there is no share before it.
      return { powerKw, beforeRounding: null }
    },
  }
}

/** Everybody the same, until a limit or the car itself stops it; while somebody is left below the least, the last to come waits. */
function equalShare(problem: Problem, cars: readonly Car[]): Shares {
  const arrivals = new Map(cars.map(({ deviceId, arrival }) => [deviceId, arrival]))
  const { limits, usesOf } = limitedLines(problem.feeders)
  let sharing = problem.devices
    .filter(({ deviceId, untilKw }) => arrivals.has(deviceId) && untilKw > 0)
    .map((device) => ({ device, uses: usesOf(device.feederId, device.phases) }))
  for (;;) {
    const kw = level(
      sharing,
      limits.map(({ limitKw }) => limitKw),
    )
    const short = sharing.filter(({ device }, place) => wholeSteps(kw[place]!, problem.stepKw) < device.leastOnKw)
    if (short.length === 0) return roundedShares(sharing, kw, problem.stepKw)
    const last = short.reduce((latest, one) => (after(one.device, latest.device, arrivals) ? one : latest))
    sharing = sharing.filter((one) => one !== last)
  }
}

const after = (one: Device, other: Device, arrivals: ReadonlyMap<string, number>): boolean => {
  const [a, b] = [arrivals.get(one.deviceId)!, arrivals.get(other.deviceId)!]
  return a > b || (a === b && one.deviceId > other.deviceId)
}

type Sharing = { readonly device: Device; readonly uses: readonly Use[] }

function roundedShares(sharing: readonly Sharing[], kw: readonly number[], stepKw: number): Shares {
  const shares = new Map(sharing.map(({ device }, place) => [device.deviceId, kw[place]!]))
  return {
    powerKw: new Map([...shares].map(([id, one]) => [id, wholeSteps(one, stepKw)])),
    beforeRounding: () => shares,
  }
}

/** All rise together; who has enough, or meets a limit that is used up, stays where they are. */
function level(sharing: readonly Sharing[], limitsKw: readonly number[]): number[] {
  const kw = sharing.map(() => 0)
  const left = [...limitsKw]
  const rising = new Set(sharing.keys())
  while (rising.size > 0) {
    const onLimit = left.map(() => 0)
    for (const place of rising) for (const { limit, share } of sharing[place]!.uses) onLimit[limit]! += share
    let step = Infinity
    for (const [limit, sum] of onLimit.entries()) if (sum > 0) step = Math.min(step, left[limit]! / sum)
    for (const place of rising) step = Math.min(step, sharing[place]!.device.untilKw - kw[place]!)
    step = Math.max(0, step)
    for (const [limit, sum] of onLimit.entries()) left[limit]! -= step * sum
    const isFull = left.map((kw, limit) => onLimit[limit]! > 0 && kw < 1e-9)
    for (const place of rising) {
      kw[place]! += step
      const { device, uses } = sharing[place]!
      if (kw[place]! > device.untilKw - 1e-9 || uses.some(({ limit }) => isFull[limit])) rising.delete(place)
    }
  }
  return kw
}
