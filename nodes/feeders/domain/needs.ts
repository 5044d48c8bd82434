/**
 * What devices need and can take in an interval, and how much their needs weigh. A car needs what it still lacks until it leaves, a
 * battery its way to its target, a PV inverter gives what the sun allows.
 */
import { capacityOf, leastOnOf, type EarlierShare, type ObservedDevice } from './observed-device.ts'

export interface NeedSettings {
  /** Batteries are not discharged below this state of charge, and charged to that, 0 to 1. */
  readonly minSocReserve: number
  readonly targetSoc: number
  /** How much a gap of charge weighs. */
  readonly socWeight: number
  readonly respectPriority: boolean
}

/** kW, consumption positive, and a weight > 0. */
export interface Need {
  readonly fromKw: number
  readonly untilKw: number
  readonly wantedKw: number
  readonly weight: number
}

const hourMs = 3_600_000
/** Hours in which a battery is brought to its target where nothing is in its way. */
const toTargetHours = 1
/** Who has no time to spare weighs at most so many times more than one with all the time of the world. */
const mostUrgency = 100_000
/** With so many hours to spare urgency is an eighth of the most: it falls with the third power of what there is to spare. */
const urgentHours = 0.25
const urgencyPower = 3
/** Hours to spare of one that does not say when it has to be ready; what it goes short of uses them up, so that nobody waits for ever. */
const patienceHours = { ev: 4, battery: 8 }
/** Where time to spare does not count, an hour's energy at full power that was not had weighs once more; no more often than this. */
const mostDeficitHours = 3
/** Priority 100 weighs five times as much as none. */
const priorityStep = 25
/** What an energy that was not delivered weighs is halved in this time. */
const deficitHalfLifeMs = 6 * hourMs
/** A PV that is curtailed does not show what it could give: it is let up by this share of its rating an interval. */
const probeShare = 0.1
/** A car that draws less than this share of what it is given does not want it. */
const idleShare = 0.1

/**
 * What a device needs in the interval that begins.
 * @param at  UTC milliseconds
 */
export function needOf(device: ObservedDevice, at: number, intervalMs: number, settings: NeedSettings): Need {
  const hours = intervalMs / hourMs
  const bounds =
    device.kind === 'ev'
      ? carNeed(device, at, intervalMs)
      : device.kind === 'battery'
        ? batteryNeed(device, hours, settings)
        : pvNeed(device, at)
  return { ...bounds, weight: weightOf(device, at, settings) }
}

/**
 * What a device has gone short of, kWh: what it had gone short of before fades, what it has not got since is added.
 * @param at  UTC milliseconds
 * @param intervalMs  of a longer time without rounds no more counts than three of these
 */
export function deficitKwh(
  {
    deficit,
    share,
  }: {
    readonly deficit: ObservedDevice['deficit']
    readonly share: Pick<EarlierShare, 'at' | 'deficitKw'> | null
  },
  at: number,
  intervalMs: number,
): number {
  const faded = deficit ? deficit.kwh * 2 ** (-Math.max(0, at - deficit.at) / deficitHalfLifeMs) : 0
  const sinceMs = share ? Math.min(Math.max(0, at - share.at), 3 * intervalMs) : 0
  return faded + ((share?.deficitKw ?? 0) * sinceMs) / hourMs
}

type Bounds = Omit<Need, 'weight'>
const nothing: Bounds = { fromKw: 0, untilKw: 0, wantedKw: 0 }

function carNeed(device: ObservedDevice, at: number, intervalMs: number): Bounds {
  const { reading, ratedKw } = device
  if (reading?.pluggedIn === false) return nothing
  const least = leastOnOf(device)
  const needed = reading?.energyNeededKwh ?? null
  if (needed !== null) {
    if (needed <= 0) return nothing
    // The last of it is less than a car can draw for a whole interval: it stops by itself.
    const untilKw = Math.max(least, Math.min(ratedKw, (needed * hourMs) / intervalMs))
    return { fromKw: 0, untilKw, wantedKw: untilKw }
  }
  if (reading?.soc != null && reading.soc >= 1) return nothing
  // A charger that says nothing of its car: one that leaves what it is given has none, or a full one, and is offered the least.
  return { fromKw: 0, untilKw: ratedKw, wantedKw: isIdle(device, at, intervalMs) ? Math.min(least, ratedKw) : ratedKw }
}

function isIdle({ told, share, reading, ratedKw }: ObservedDevice, at: number, intervalMs: number): boolean {
  if (!told || told.powerKw <= 0 || share?.switchedAt == null || reading?.powerKw == null) return false
  const isSettled = reading.at >= share.switchedAt + intervalMs && at - share.switchedAt >= 2 * intervalMs
  return isSettled && reading.powerKw < idleShare * Math.min(told.powerKw, ratedKw)
}

/** One that does not say how full it is may take what is left over, and gives nothing. */
function batteryNeed(device: ObservedDevice, hours: number, settings: NeedSettings): Bounds {
  const { reading, ratedKw } = device
  const soc = reading?.soc ?? null
  if (soc === null) return { fromKw: 0, untilKw: ratedKw, wantedKw: 0 }
  const capacity = capacityOf(device)
  const kwFor = (share: number, within: number): number => Math.min(ratedKw, Math.max(0, (share * capacity) / within))
  const untilKw = kwFor(1 - soc, hours)
  const given = kwFor(soc - settings.minSocReserve, hours)
  const wantedKw = Math.min(untilKw, kwFor(settings.targetSoc - soc, toTargetHours))
  return { fromKw: given === 0 ? 0 : -given, untilKw, wantedKw }
}

/** What it gives now, or what the weather would let it give. @param at  UTC milliseconds */
function pvNeed({ reading, ratedKw, told }: ObservedDevice, at: number): Bounds {
  const given = Math.max(0, -(reading?.powerKw ?? 0))
  const allowed = told && told.expiresAt > at ? Math.max(0, -told.powerKw) : ratedKw
  const isCurtailed = allowed < ratedKw && given >= allowed - Math.max(0.1, 0.05 * ratedKw)
  const hidden = isCurtailed ? Math.max(given, allowed) + probeShare * ratedKw : given
  const available = Math.min(ratedKw, Math.max(given, isCurtailed ? (reading?.expectedKw ?? hidden) : given))
  const fromKw = available === 0 ? 0 : -available
  return { fromKw, untilKw: 0, wantedKw: fromKw }
}

function weightOf(device: ObservedDevice, at: number, settings: NeedSettings): number {
  const { kind, phases } = device
  if (kind === 'pv') return lastingWeight(device, at, settings)
  // Cars share amperes: what one of three phases takes comes from three lines, and its least power is three times as much.
  const byPhases = kind === 'ev' ? phases.length : 1
  return standing(device, settings) * urgencyOf(hoursToSpare(device, kind, at)) * byPhases
}

/**
 * What it counts that a device goes short, whenever that is, ≥ 1: who it is and what it went short of before, not when it has to be ready.
 * @param at  UTC milliseconds
 */
export const lastingWeight = (device: ObservedDevice, at: number, settings: NeedSettings): number =>
  standing(device, settings) * (1 + Math.min(mostDeficitHours, hoursShort(device, at)))

/** By priority, and by the gap of charge. */
function standing({ priority, reading }: ObservedDevice, settings: NeedSettings): number {
  const byPriority = settings.respectPriority ? 1 + (priority ?? 0) / priorityStep : 1
  const soc = reading?.soc ?? null
  const gap = soc === null ? 0 : Math.max(0, settings.targetSoc - soc) + Math.max(0, settings.minSocReserve - soc)
  return byPriority * (1 + settings.socWeight * gap)
}

/** From 1 to `mostUrgency`. */
const urgencyOf = (toSpare: number): number =>
  Math.max(1, mostUrgency * (1 + Math.max(0, toSpare) / urgentHours) ** -urgencyPower)

/** Laxity: how long it could still wait and yet be ready by charging at full power; what it goes short of takes from it. */
function hoursToSpare(device: ObservedDevice, kind: 'ev' | 'battery', at: number): number {
  const { energyNeededKwh: needed, departsAt } = device.reading ?? { energyNeededKwh: null, departsAt: null }
  if (kind === 'battery' || needed === null || departsAt === null) return patienceHours[kind] - hoursShort(device, at)
  if (needed <= 0) return Infinity
  return device.ratedKw > 0 ? (departsAt - at) / hourMs - needed / device.ratedKw : 0
}

/** What it has gone short of, in hours at its full power. */
function hoursShort({ deficit, ratedKw }: ObservedDevice, at: number): number {
  const short = deficit ? deficit.kwh * 2 ** (-Math.max(0, at - deficit.at) / deficitHalfLifeMs) : 0
  return ratedKw > 0 ? short / ratedKw : 0
}
