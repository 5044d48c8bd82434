import type { Device, Feeder, Problem } from '../../../nodes/feeders/domain/allocation/problem.ts'
import { limitedLines } from './lines-in-use.ts'
import { deficitKwh, needOf, type NeedSettings } from '../../../nodes/feeders/domain/needs.ts'
import { leastOnOf, type ObservedDevice } from '../../../nodes/feeders/domain/observed-device.ts'
import type { Car, Method, Shares } from './method.ts'
import type { Session } from './sessions.ts'
import type { Stay, TimeLine } from './stays.ts'

/** What is charged on, and how finely it is told. */
export interface ChargingCase {
  readonly feeders: readonly Feeder[]
  readonly line: TimeLine
  /** Setpoints are multiples of this, kW. */
  readonly stepKw: number
  /** Least power of a car on each of its phases while it draws at all, kW; 0: any. */
  readonly leastKwPerPhase: number
}

export interface ChargingRun {
  /** kWh by session. */
  readonly deliveredKwh: ReadonlyMap<string, number>
  /** Limited lines that the setpoints of one interval go beyond, over all intervals. */
  readonly violations: number
  /** The same before rounding; null where the method does not tell. */
  readonly violationsBeforeRounding: number | null
  /** Times that a car which still wants energy is put from on to off or back, and hours that such cars are plugged in. */
  readonly switches: number
  readonly carHours: number
  /** How long each share took, ms, from asking to the answer. */
  readonly shareMs: readonly number[]
  /** Intervals that another method had to answer for, by reason. */
  readonly fallbacks: Readonly<Record<string, number>>
}

/** What is kept of a car from interval to interval, as the control loop keeps it. */
interface Course {
  readonly session: Session
  deliveredKwh: number
  presentKw: number | null
  deficit: ObservedDevice['deficit']
  share: { readonly at: number; readonly deficitKw: number } | null
}

/** Less than this floating point can have made, kW. */
const toleranceKw = 1e-6

/**
 * Charges the cars of a time-line, one control interval after the other: a method is shown who is plugged in, what they still want
 * and when they say that they leave, and a car draws its setpoint until it is full.
 */
export async function charge(of: ChargingCase, method: Method): Promise<ChargingRun> {
  const { feeders, line, stepKw } = of
  const hours = line.intervalMs / 3_600_000
  const beyond = countBeyond(feeders)
  const courses = new Map<string, Course>(line.stays.map(({ session }) => [session.id, beginning(session)]))
  // What a step of an interval is worth counts as nothing.
  const fullKwh = stepKw * hours
  const shareMs: number[] = []
  const fallbacks: Record<string, number> = {}
  let [violations, switches, carHours] = [0, 0, 0]
  let violationsBeforeRounding: number | null = 0
  for (const { interval, plugged } of pluggedIn(line)) {
    const wanting = plugged
      .map(({ session }) => courses.get(session.id)!)
      .filter(({ session, deliveredKwh }) => session.energyKwh - deliveredKwh > fullKwh)
    if (wanting.length === 0) continue
    const at = line.start + interval * line.intervalMs
    const observed = new Map(wanting.map((course) => [course.session.id, observedCar(course, of, at)]))
    const devices = [...observed.values()].map((one) => deviceOf(one, at, line.intervalMs))
    const problem = problemOf({ at, intervalMs: line.intervalMs, feeders, devices, stepKw })
    const cars = wanting.map(carOf)
    const began = performance.now()
    const shares = await method.share(problem, cars, observed)
    shareMs.push(performance.now() - began)
    if (shares.fallback !== undefined) fallbacks[shares.fallback] = (fallbacks[shares.fallback] ?? 0) + 1
    violations += beyond(devices, shares.powerKw)
    if (shares.beforeRounding === null) violationsBeforeRounding = null
    else if (violationsBeforeRounding !== null) violationsBeforeRounding += beyond(devices, shares.beforeRounding())
    for (const [place, course] of wanting.entries()) {
      const kw = followed(devices[place]!, shares.powerKw.get(course.session.id) ?? 0)
      if (course.presentKw !== null && course.presentKw > 0 !== kw > 0) switches++
      carHours += hours
      course.deficit = { kwh: deficitKwh(course, at, line.intervalMs), at }
      course.share = { at, deficitKw: Math.max(0, devices[place]!.wantedKw - kw) }
      course.presentKw = kw
      course.deliveredKwh = Math.min(course.session.energyKwh, course.deliveredKwh + kw * hours)
    }
  }
  const deliveredKwh = new Map([...courses].map(([id, course]) => [id, course.deliveredKwh]))
  return { deliveredKwh, violations, violationsBeforeRounding, switches, carHours, shareMs, fallbacks }
}

const beginning = (session: Session): Course => ({
  ...{ session, deliveredKwh: 0, presentKw: null, deficit: null, share: null },
})

/** Interval by interval, the stays that it lies within. */
function* pluggedIn({ stays, intervals }: TimeLine): Generator<{ interval: number; plugged: readonly Stay[] }> {
  let plugged: Stay[] = []
  let next = 0
  for (let interval = 0; interval < intervals; interval++) {
    while (next < stays.length && stays[next]!.from <= interval) plugged.push(stays[next++]!)
    plugged = plugged.filter(({ until }) => interval < until)
    yield { interval, plugged }
  }
}

/** Counts the limited lines that setpoints go beyond. */
function countBeyond(feeders: readonly Feeder[]): (devices: readonly Device[], kw: Shares['powerKw']) => number {
  const { limits, usesOf } = limitedLines(feeders)
  return (devices, kw) => {
    const onLimit = limits.map(() => 0)
    for (const { deviceId, feederId, phases } of devices)
      for (const { limit, share } of usesOf(feederId, phases)) onLimit[limit]! += (kw.get(deviceId) ?? 0) * share
    return onLimit.filter((sum, limit) => sum > limits[limit]!.limitKw + toleranceKw).length
  }
}

const carOf = ({ session, deliveredKwh }: Course): Car => ({
  ...{ deviceId: session.id, arrival: session.arrival, departure: session.departure, maxKw: session.maxKw },
  remainingKwh: session.energyKwh - deliveredKwh,
})

/**
 * What a car makes of its setpoint, kW. A method that sets what none can follow has not been measured: nothing would come of it in the
 * field.
 */
function followed({ deviceId, leastOnKw, untilKw }: Device, kw: number): number {
  if (Math.abs(kw) <= toleranceKw) return 0
  if (kw >= leastOnKw - toleranceKw && kw <= untilKw + toleranceKw) return kw
  throw new Error(`${deviceId} is set to ${kw} kW: it takes 0, or ${leastOnKw} to ${untilKw} kW`)
}

function problemOf(of: Pick<Problem, 'at' | 'intervalMs' | 'feeders' | 'devices' | 'stepKw'>): Problem {
  return { ...of, shedTargets: [], prices: null }
}

/** For cars none of it counts. */
export const needSettings: NeedSettings = { minSocReserve: 0.2, targetSoc: 0.9, socWeight: 1, respectPriority: true }

/** A car as the control loop knows it. */
function observedCar(course: Course, { leastKwPerPhase }: ChargingCase, at: number): ObservedDevice {
  const { session, deliveredKwh, presentKw, deficit } = course
  const { id: deviceId, feederId, phases, maxKw } = session
  return {
    ...{ deviceId, feederId, kind: 'ev', phases, ratedKw: maxKw, phaseVoltageV: 230, priority: null },
    ...{ leastKw: leastKwPerPhase * phases.length, fallbackKw: null, contractedKw: null, capacityKwh: null },
    ...{ rampKwPerMinute: null, minOnS: null, minOffS: null, isOffline: false, deficit, share: null },
    told: presentKw === null ? null : { powerKw: presentKw, expiresAt: Infinity },
    reading: {
      ...{ at, receivedAt: at, powerKw: presentKw ?? 0, soc: null, expectedKw: null, pluggedIn: true },
      ...{ energyNeededKwh: session.energyKwh - deliveredKwh, departsAt: session.departure },
    },
  }
}

/** What it needs and how much that weighs is decided as in the control loop. */
function deviceOf(observed: ObservedDevice, at: number, intervalMs: number): Device {
  const { deviceId, feederId, kind, phases, told } = observed
  return {
    ...{ deviceId, feederId, kind, phases, leastOnKw: leastOnOf(observed), contractedKw: 0 },
    ...needOf(observed, at, intervalMs, needSettings),
    ...{ presentKw: told?.powerKw ?? null, held: null, lostAtKw: null },
  }
}
