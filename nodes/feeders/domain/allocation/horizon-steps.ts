import type { Bounds } from './bounds.ts'
import type { DeviceOutlook, HorizonProblem } from './horizon.ts'
import type { Prices } from './problem.ts'
import { layOut } from './tree.ts'
import type { Tree } from './tree.ts'

/** A step of the horizon laid out; the first is the interval to decide. Slots and feeders are those of the tree of the first. */
export interface Step {
  readonly from: number
  readonly until: number
  readonly hours: number
  /** From now to its middle, hours. */
  readonly ahead: number
  /** By slot: what all devices below may take together, kW. */
  readonly most: Float64Array
  readonly least: Float64Array
  readonly highBelow: Float64Array
  readonly prices: Prices | null
  /** By group: what the sun gives its PV, kW, ≥ 0. */
  readonly sun: Float64Array
}

/** What a device can do over the horizon: bounds of the first interval come from the problem, those of later ones from the outlook. */
export interface Course {
  readonly at: number
  readonly group: number
  readonly weight: number
  readonly neededKwh: number
  /** By step: its bounds, kW, and how long it is there, hours. */
  readonly from: readonly number[]
  readonly until: readonly number[]
  readonly hours: readonly number[]
  readonly storage: DeviceOutlook['storage']
}

const hourMs = 3_600_000

export function stepsOf(horizon: HorizonProblem, tree: Tree, bounds: Bounds): Step[] {
  const { first, later } = horizon
  const sunNow = tree.devices.map(({ kind, lostAtKw }, at) =>
    kind === 'pv' && lostAtKw === null ? -bounds.atRest[at]! : 0,
  )
  const sunOf = (availableKw: Readonly<Record<string, number>> | null): Float64Array => {
    const sun = new Float64Array(tree.groupCount)
    tree.devices.forEach(({ deviceId, kind, lostAtKw }, at) => {
      if (kind !== 'pv' || lostAtKw !== null) return
      sun[tree.group[at]!]! += availableKw?.[deviceId] ?? sunNow[at]!
    })
    return sun
  }
  const stepAt = (at: number, ms: number, laid: Tree, prices: Prices | null, sun: Float64Array): Step => ({
    from: at,
    until: at + ms,
    hours: ms / hourMs,
    ahead: (at - first.at + ms / 2) / hourMs,
    most: laid.most,
    least: laid.least,
    highBelow: laid.highBelow,
    prices,
    sun,
  })
  return [
    stepAt(first.at, first.intervalMs, tree, first.prices, sunOf(null)),
    ...later.map(({ at, durationMs, baseLoads, limits, availableKw, prices }) => {
      const feeders = first.feeders.map((feeder) => ({
        ...feeder,
        baseLoad: baseLoads[feeder.feederId] ?? feeder.baseLoad,
        limits:
          limits[feeder.feederId] ?? feeder.limits.filter(({ expiresAt }) => expiresAt === null || expiresAt > at),
      }))
      return stepAt(
        at,
        durationMs,
        layOut({ ...first, feeders, devices: [], shedTargets: [] }),
        prices,
        sunOf(availableKw),
      )
    }),
  ]
}

/** Of all devices that follow setpoints and are no PV. */
export function coursesOf(
  { outlooks, weights = {} }: HorizonProblem,
  tree: Tree,
  bounds: Bounds,
  steps: readonly Step[],
): Course[] {
  const byId = new Map(outlooks.map((outlook) => [outlook.deviceId, outlook]))
  const horizonHours = steps.reduce((sum, { hours }) => sum + hours, 0)
  return tree.devices.flatMap(({ deviceId, kind, lostAtKw }, at): Course[] => {
    if (kind === 'pv' || lostAtKw !== null) return []
    const outlook = byId.get(deviceId)
    const wanted = bounds.wanted[at]!
    const from = outlook?.fromKw ?? Math.min(0, wanted)
    const until = outlook?.untilKw ?? Math.max(0, wanted)
    const departsAt = outlook?.departsAt ?? Infinity
    return [
      {
        at,
        group: tree.group[at]!,
        weight: weights[deviceId] ?? tree.weight[at]!,
        neededKwh: outlook?.neededKwh ?? wanted * horizonHours,
        from: steps.map((_, step) => (step === 0 ? bounds.lowest[at]! : from)),
        until: steps.map((_, step) => (step === 0 ? bounds.highest[at]! : until)),
        hours: steps.map((step) => Math.max(0, Math.min(step.until, departsAt) - step.from) / hourMs),
        storage: outlook?.storage ?? null,
      },
    ]
  })
}
