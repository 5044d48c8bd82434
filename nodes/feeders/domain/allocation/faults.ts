import { phases } from './problem.ts'
import type { Device, Feeder, Phase, Problem } from './problem.ts'

/**
 * What is nonsense in a problem, a sentence each, naming the feeder or device, the field and the value; none: it can be solved.
 * At most `most` of them.
 */
export function problemFaults(problem: Problem, most = 20): string[] {
  const faults: string[] = []
  const say = (fault: string): void => {
    if (faults.length < most) faults.push(fault)
  }
  if (!(problem.stepKw > 0) || problem.stepKw === Infinity)
    say(`stepKw must be above 0 and finite, not ${problem.stepKw}`)
  const parents = feederFaults(problem.feeders, say)
  deviceFaults(problem.devices, parents, say)
  for (const target of problem.shedTargets) {
    if (!parents.has(target.feederId)) say(`shed target ${target.targetId}: feeder ${target.feederId} is not known`)
    if (Number.isNaN(target.dispatchableUntilKw))
      say(`shed target ${target.targetId}: dispatchableUntilKw is not a number`)
  }
  return faults
}

type Say = (fault: string) => void

function feederFaults(feeders: readonly Feeder[], say: Say): Map<string, string | null> {
  const parents = new Map<string, string | null>()
  for (const feeder of feeders) {
    if (parents.has(feeder.feederId)) say(`feeder ${feeder.feederId} stands there twice`)
    parents.set(feeder.feederId, feeder.parentFeederId)
  }
  for (const { feederId, parentFeederId, limits, baseLoad } of feeders) {
    if (parentFeederId !== null && !parents.has(parentFeederId))
      say(`feeder ${feederId}: its parent ${parentFeederId} is not known`)
    for (const { line, direction, limitKw, source } of limits)
      if (!(limitKw >= 0))
        say(`feeder ${feederId}: the ${direction} limit of ${line} by ${source} must be at least 0 kW, not ${limitKw}`)
    for (const line of ['total', ...phases] as const) {
      const low = baseLoad.lowKw[line]
      const high = baseLoad.highKw[line]
      if (!Number.isFinite(low) || !Number.isFinite(high) || low > high)
        say(`feeder ${feederId}: the base load of ${line} goes from ${low} to ${high} kW`)
    }
  }
  circles(parents, say)
  return parents
}

function circles(parents: ReadonlyMap<string, string | null>, say: Say): void {
  const fine = new Set<string>()
  for (const start of parents.keys()) {
    const path = new Set<string>()
    for (let at: string | null | undefined = start; at !== null && at !== undefined && !fine.has(at);) {
      if (path.has(at)) {
        say(`feeder ${at} is above itself: ${[...path, at].join(' → ')}`)
        break
      }
      path.add(at)
      at = parents.get(at)
    }
    for (const seen of path) fine.add(seen)
  }
}

function deviceFaults(devices: readonly Device[], feeders: ReadonlyMap<string, unknown>, say: Say): void {
  const seen = new Set<string>()
  for (const device of devices) {
    const { deviceId: id, fromKw, untilKw, wantedKw, leastOnKw, contractedKw, weight, presentKw, lostAtKw } = device
    if (seen.has(id)) say(`device ${id} stands there twice`)
    seen.add(id)
    if (!feeders.has(device.feederId)) say(`device ${id}: feeder ${device.feederId} is not known`)
    if (!eachOnce(device.phases))
      say(`device ${id}: phases must be some of A, B and C, each once, not "${device.phases.join('')}"`)
    if (!Number.isFinite(fromKw) || !Number.isFinite(untilKw) || fromKw > untilKw)
      say(`device ${id}: fromKw ${fromKw} must not be above untilKw ${untilKw}`)
    if (!(wantedKw >= fromKw && wantedKw <= untilKw))
      say(`device ${id}: wantedKw ${wantedKw} is not between ${fromKw} and ${untilKw}`)
    if (device.kind === 'ev' && fromKw < 0) say(`device ${id}: an EV takes at least 0, but fromKw is ${fromKw}`)
    if (device.kind === 'pv' && untilKw > 0) say(`device ${id}: a PV takes at most 0, but untilKw is ${untilKw}`)
    if (!(leastOnKw >= 0 && leastOnKw < Infinity)) say(`device ${id}: leastOnKw must be at least 0, not ${leastOnKw}`)
    if (!(contractedKw >= 0 && contractedKw < Infinity))
      say(`device ${id}: contractedKw must be at least 0, not ${contractedKw}`)
    if (!(weight > 0 && weight < Infinity)) say(`device ${id}: weight must be above 0, not ${weight}`)
    if (presentKw !== null && !Number.isFinite(presentKw)) say(`device ${id}: presentKw is ${presentKw}`)
    if (lostAtKw !== null && !Number.isFinite(lostAtKw)) say(`device ${id}: lostAtKw is ${lostAtKw}`)
  }
}

function eachOnce(named: readonly Phase[]): boolean {
  let seen = 0
  for (const phase of named) {
    const bit = 1 << phases.indexOf(phase)
    if (bit < 1 || (seen & bit) !== 0) return false
    seen |= bit
  }
  return seen !== 0
}
