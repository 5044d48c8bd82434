import { phases, type Device, type DeviceKind, type Problem } from '../../../nodes/feeders/domain/allocation/problem.ts'
import { drawOf } from '../../../simulator/draw.ts'
import { feedersOf, type FeederEntry } from './feeder-tree.ts'
import { firstMonday } from './generated-sessions.ts'

const ratingKw: Readonly<Record<DeviceKind, number>> = { ev: 7.36, battery: 5, pv: 6 }

/**
 * A problem of so many devices for measuring how long sharing takes: a substation, a feeder for every 500 devices and a branch for
 * every 50, each with limits of the whole and of its phases that hold back about a third; of ten devices six are cars, two
 * batteries and two PV.
 */
export function largeProblem(devices: number, seed: number): Problem {
  const draw = drawOf(seed, `large/${devices}`)
  const branches = Math.max(1, Math.ceil(devices / 50))
  const tree: FeederEntry[] = [limited({ feederId: 'substation' }, devices * 2.2)]
  for (let branch = 0; branch < branches; branch++) {
    const feederId = `feeder-${Math.floor(branch / 10)}`
    if (branch % 10 === 0) tree.push(limited({ feederId, parentFeederId: 'substation' }, 500 * (2 + draw.uniform())))
    tree.push(limited({ feederId: `branch-${branch}`, parentFeederId: feederId }, 50 * (1.8 + 2 * draw.uniform())))
  }
  return {
    at: firstMonday,
    intervalMs: 60_000,
    feeders: feedersOf(tree),
    devices: Array.from({ length: devices }, (_, n) => deviceOf(n, `branch-${n % branches}`)),
    shedTargets: [],
    prices: { importBrlPerKwh: 0.9, exportBrlPerKwh: 0.4 },
    stepKw: 0.01,
  }

  function deviceOf(n: number, feederId: string): Device {
    const kind: DeviceKind = n % 10 < 6 ? 'ev' : n % 10 < 8 ? 'battery' : 'pv'
    const rating = ratingKw[kind]
    const isThreePhase = draw.uniform() < 0.2
    const leastOnKw = kind === 'ev' ? 1.38 * (isThreePhase ? 3 : 1) : 0
    const available = Math.round(rating * draw.uniform() * 100) / 100
    const untilKw = kind === 'pv' ? 0 : Math.max(leastOnKw, available)
    return {
      ...{ deviceId: `${kind}-${n}`, feederId, kind },
      phases: isThreePhase ? phases : [phases[Math.floor(draw.uniform() * 3)]!],
      fromKw: kind === 'ev' ? 0 : kind === 'pv' ? -available : -rating,
      ...{ untilKw, leastOnKw, wantedKw: kind === 'pv' ? -available : untilKw, contractedKw: 0 },
      weight: 0.2 + draw.uniform() * 2,
      ...{ presentKw: null, held: null, lostAtKw: null },
    }
  }
}

const limited = (entry: FeederEntry, limitKw: number): FeederEntry => {
  const whole = Math.round(limitKw)
  const perPhase = Math.round(limitKw * 0.4)
  return { ...entry, limitKw: whole, phaseLimitKw: { A: perPhase, B: perPhase, C: perPhase } }
}
