/**
 * Calm: setpoints that do not flutter. Ramps and minimum times go into what is shared out, as bounds of the interval; a dead band is
 * laid over what came of it. None of it ever stands against a limit: what relieves one is done at once.
 */
import type { Allocation } from './allocation/allocation.ts'
import type { Device, Problem } from './allocation/problem.ts'
import type { ObservedDevice } from './observed-device.ts'
import { Slack } from './slack.ts'

/** Minimum times of a car where the registry says none, s: contactors wear, and cars that are stopped too often give up. */
const usualCarTimes = { onS: 300, offS: 120 }
const minuteMs = 60_000
/** A change by less than this share of the rating is none. */
const deadShare = 0.01

/**
 * The bounds that ramp and minimum times leave a device in the interval. Upwards it changes no faster than its ramp; downwards, and a
 * PV towards less generation, at once. A start is a leap to the least power.
 * @param presentKw  what it is told now; null: nothing
 * @param at  UTC milliseconds
 */
export function calmBounds(
  device: Pick<Device, 'kind' | 'fromKw' | 'untilKw' | 'wantedKw' | 'leastOnKw'>,
  observed: Pick<ObservedDevice, 'kind' | 'rampKwPerMinute' | 'minOnS' | 'minOffS' | 'share'>,
  presentKw: number | null,
  at: number,
  intervalMs: number,
): Pick<Device, 'fromKw' | 'untilKw' | 'wantedKw' | 'held'> {
  const { fromKw, untilKw, wantedKw, leastOnKw, kind } = device
  const held = heldOf(observed, presentKw, at)
  const { rampKwPerMinute } = observed
  if (rampKwPerMinute === null || presentKw === null) return { fromKw, untilKw, wantedKw, held }
  const mostKw = (rampKwPerMinute * intervalMs) / minuteMs
  if (kind === 'pv') {
    const from = Math.min(untilKw, Math.max(fromKw, presentKw - mostKw))
    return { fromKw: from, untilKw, wantedKw: Math.max(wantedKw, from), held }
  }
  const until = Math.max(fromKw, Math.min(untilKw, Math.max(presentKw + mostKw, leastOnKw)))
  return { fromKw, untilKw: until, wantedKw: Math.min(wantedKw, until), held }
}

/** Whether it must stay on, or off, for now. A device that was never switched is free. */
function heldOf(
  { kind, minOnS, minOffS, share }: Pick<ObservedDevice, 'kind' | 'minOnS' | 'minOffS' | 'share'>,
  presentKw: number | null,
  at: number,
): 'on' | 'off' | null {
  if (presentKw === null || share?.switchedAt == null) return null
  const isOn = presentKw > 0
  const usual = kind === 'ev' ? (isOn ? usualCarTimes.onS : usualCarTimes.offS) : 0
  const leastMs = ((isOn ? minOnS : minOffS) ?? usual) * 1_000
  return at - share.switchedAt < leastMs ? (isOn ? 'on' : 'off') : null
}

/**
 * Leaves devices at what they were told where the difference is too small to matter, as far as every limit above them allows.
 * @param ratedKw  by device
 * @returns the allocation with what devices are told, and what feeders carry then
 */
export function withDeadBand(
  problem: Problem,
  allocation: Allocation,
  ratedKw: ReadonlyMap<string, number>,
): Allocation {
  const slack = new Slack(problem.feeders, allocation.feeders)
  const devices = new Map(problem.devices.map((device) => [device.deviceId, device]))
  let hasChanged = false
  const shares = allocation.devices.map((share) => {
    const device = devices.get(share.deviceId)
    if (!device || device.presentKw === null || device.lostAtKw !== null) return share
    const kw = device.presentKw - share.powerKw
    const deadKw = Math.max(deadShare * (ratedKw.get(share.deviceId) ?? 0), problem.stepKw)
    const isSmall = kw !== 0 && Math.abs(kw) < deadKw
    // Nothing is kept on that is to go off, nor off that may go on, and nothing beyond what the device can.
    const isOther = device.presentKw > 0 !== share.powerKw > 0
    const isBeyond = device.presentKw < device.fromKw || device.presentKw > device.untilKw
    if (!isSmall || isOther || isBeyond || isHeldDown(problem, device, kw) || !slack.take(device, kw)) return share
    hasChanged = true
    return { ...share, powerKw: device.presentKw }
  })
  return hasChanged ? { ...allocation, devices: shares, feeders: slack.loads() } : allocation
}

/** What demand response has asked to take less of is not kept higher. */
function isHeldDown({ shedTargets }: Problem, { kind }: Device, kw: number): boolean {
  return kw > 0 && kind !== 'pv' && shedTargets.length > 0
}

/**
 * What a PV that nothing holds back may give, kW at its terminals: all it can where no limit is near, else its part of the room that is
 * left for more sun than there was. So a limit far away curtails nobody, and one that is near is kept when clouds part.
 * @returns by device, those only that are not curtailed
 */
export function openPv(
  problem: Problem,
  allocation: Allocation,
  ratedKw: ReadonlyMap<string, number>,
): Map<string, number> {
  const slack = new Slack(problem.feeders, allocation.feeders)
  const devices = new Map(problem.devices.map((device) => [device.deviceId, device]))
  const open = allocation.devices.flatMap((share) => {
    const device = devices.get(share.deviceId)
    if (device?.kind !== 'pv' || device.lostAtKw !== null || share.powerKw > device.wantedKw + problem.stepKw) return []
    const moreKw = Math.max(0, (ratedKw.get(share.deviceId) ?? 0) + share.powerKw)
    return [{ device, share, moreKw }]
  })
  const told = new Map<string, number>()
  const limited = open.filter(({ device, share, moreKw }) => {
    if (slack.room(device, -1) !== Infinity) return true
    told.set(share.deviceId, generating(moreKw - share.powerKw))
    return false
  })
  // Who shares a limit shares its room by what each could give besides.
  const wanting = new Map<string, number>()
  const parents = new Map(problem.feeders.map((feeder) => [feeder.feederId, feeder.parentFeederId]))
  for (const { device, moreKw } of limited)
    for (let id: string | null | undefined = device.feederId; id != null; id = parents.get(id))
      wanting.set(id, (wanting.get(id) ?? 0) + moreKw)
  const roomOf = new Map(limited.map(({ share, device }) => [share.deviceId, slack.room(device, -1)]))
  for (const { device, share, moreKw } of limited) {
    const root = rootOf(device.feederId, parents)
    const all = wanting.get(root)!
    const part = all > 0 ? (Math.min(all, roomOf.get(share.deviceId)!) * moreKw) / all : 0
    const stepped = Math.floor(Math.min(moreKw, part) / problem.stepKw + 1e-9) * problem.stepKw
    told.set(share.deviceId, generating((stepped > 0 && slack.take(device, -stepped) ? stepped : 0) - share.powerKw))
  }
  return told
}

/** Of so much generation, kW: to the milliwatt, so that what was added up is not a hair more than the rating. */
const generating = (kw: number): number => {
  const rounded = Math.round(kw * 1e6) / 1e6
  return rounded === 0 ? 0 : -rounded
}

function rootOf(feederId: string, parents: ReadonlyMap<string, string | null>): string {
  let at = feederId
  for (let parent = parents.get(at); parent != null; parent = parents.get(at)) at = parent
  return at
}
