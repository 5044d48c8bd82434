import type { Allocation, AllocationMode, Binding, DeviceShare } from './allocation.ts'
import { loadsOf } from './check.ts'
import { lines } from './problem.ts'
import { causes } from './sharing.ts'
import type { Sharing } from './sharing.ts'
import { deviceSums, lineCount } from './tree.ts'
import type { Tree } from './tree.ts'

const nearKw = 1e-6

/**
 * What is told of an allocation: each device's share, each feeder's load, the totals.
 * @param rounded by device, kW
 * @param bindingOf by the device's index in the tree
 * @param priceOf what one more kW there would cost or gain; null: no solver ran
 */
export function outcomeOf(
  tree: Tree,
  mode: AllocationMode,
  rounded: Float64Array,
  bindingOf: (at: number) => Binding,
  priceOf: (at: number) => number | null = () => null,
): Allocation {
  let [consumedKw, dischargedKw, generatedKw, curtailedKw, deficitKw] = [0, 0, 0, 0, 0]
  const devices = tree.devices.map(({ deviceId, kind, wantedKw }, at): DeviceShare => {
    const powerKw = rounded[at]!
    const deficit = clean(wantedKw >= 0 ? Math.max(0, wantedKw - powerKw) : Math.max(0, powerKw - wantedKw))
    if (powerKw > 0) consumedKw += powerKw
    else if (kind === 'pv') generatedKw -= powerKw
    else dischargedKw -= powerKw
    if (kind === 'pv') curtailedKw += deficit
    else deficitKw += deficit
    return { deviceId, powerKw, binding: bindingOf(at), marginalPrice: priceOf(at), deficitKw: deficit }
  })
  return {
    mode,
    fallback: null,
    devices,
    feeders: loadsOf(tree, rounded),
    totals: {
      consumedKw: clean(consumedKw),
      dischargedKw: clean(dischargedKw),
      generatedKw: clean(generatedKw),
      curtailedKw: clean(curtailedKw),
      deficitKw: clean(deficitKw),
      shedShortfallKw: shortfalls(tree, rounded),
    },
    solverMs: 0,
  }
}

/** What keeps a device from more, or a PV or battery from less, by the stage that stopped it. */
export function bindingIn({ tree, bounds, powers, cause, slot }: Sharing, at: number): Binding {
  const { lostAtKw, held, wantedKw, kind } = tree.devices[at]!
  if (lostAtKw !== null) return { kind: 'lost' }
  const power = powers[at]!
  const wanted = bounds.wanted[at]!
  const has = wantedKw < 0 ? Math.abs(power - wantedKw) <= nearKw : power >= wantedKw - nearKw
  if (has && wantedKw >= 0 && power > wanted + nearKw && power >= bounds.highest[at]! - nearKw)
    return { kind: 'device' }
  if (has && !(kind === 'battery' && power < bounds.atRest[at]! - nearKw)) return { kind: 'wanted' }
  if (held === 'off' && Math.abs(power) <= nearKw) return { kind: 'held' }
  if (cause[at] === causes.leastPower) return { kind: 'least-power' }
  return (slot[at]! >= 0 ? inTree(tree, cause[at]!, slot[at]!) : null) ?? { kind: 'device' }
}

function inTree(tree: Tree, cause: number, slot: number): Binding | null {
  const feeder = Math.floor(slot / lineCount)
  const { feederId } = tree.feeders[feeder]!
  if (cause === causes.shed) return { kind: 'shed', targetId: tree.shedTargetId[feeder]!, feederId }
  const limit = cause === causes.export ? tree.exportLimit[slot] : tree.importLimit[slot]
  if (!limit) return null
  const { direction, limitKw, source } = limit
  return { kind: 'feeder', feederId, line: lines[slot % lineCount]!, direction, limitKw, source }
}

function shortfalls(tree: Tree, rounded: Float64Array): Record<string, number> {
  const { shedTargets } = tree.problem
  if (shedTargets.length === 0) return {}
  const sums = deviceSums(tree, rounded)
  const feeders = new Map(tree.feeders.map(({ feederId }, at) => [feederId, at]))
  return Object.fromEntries(
    shedTargets.map(({ targetId, feederId, dispatchableUntilKw }) => [
      targetId,
      clean(Math.max(0, sums[feeders.get(feederId)! * lineCount]! - dispatchableUntilKw)),
    ]),
  )
}

/** Without the last bits of a sum. */
const clean = (kw: number): number => Math.round(kw * 1e9) / 1e9 + 0
