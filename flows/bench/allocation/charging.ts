import type { Device, Feeder, Problem } from '../../../nodes/feeders/domain/allocation/problem.ts'
import { limitedLines } from './lines-in-use.ts'
import { wholeSteps, wholeStepsUp, type Car, type Method, type Shares } from './method.ts'
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

/** What remains of a kWh that counts as nothing. */
const fullKwh = 1e-6
/** Beyond a limit only what floating point cannot have made, kW. */
const toleranceKw = 1e-6

/**
 * Charges the cars of a time-line, one control interval after the other: a method is shown who is plugged in, what they still want
 * and when they say that they leave, and a car draws its setpoint until it is full.
 */
export async function charge(of: ChargingCase, method: Method): Promise<ChargingRun> {
  const { feeders, line, stepKw } = of
  const hours = line.intervalMs / 3_600_000
  const beyond = countBeyond(feeders)
  const delivered = new Map<string, number>(line.stays.map(({ session }) => [session.id, 0]))
  const present = new Map<string, number>()
  const shareMs: number[] = []
  const fallbacks: Record<string, number> = {}
  let [violations, switches, carHours] = [0, 0, 0]
  let violationsBeforeRounding: number | null = 0
  for (const { interval, plugged } of pluggedIn(line)) {
    const wanting = plugged.filter(({ session }) => session.energyKwh - delivered.get(session.id)! > fullKwh)
    if (wanting.length === 0) continue
    const at = line.start + interval * line.intervalMs
    const cars = wanting.map(({ session }) => carOf(session, delivered.get(session.id)!))
    const devices = wanting.map(({ session }, place) =>
      deviceOf(session, cars[place]!, { ...of, hours, at, presentKw: present.get(session.id) ?? null }),
    )
    const problem = problemOf({ at, intervalMs: line.intervalMs, feeders, devices, stepKw })
    const began = performance.now()
    const shares = await method.share(problem, cars)
    shareMs.push(performance.now() - began)
    if (shares.fallback !== undefined) fallbacks[shares.fallback] = (fallbacks[shares.fallback] ?? 0) + 1
    violations += beyond(devices, shares.powerKw)
    if (shares.beforeRounding === null) violationsBeforeRounding = null
    else if (violationsBeforeRounding !== null) violationsBeforeRounding += beyond(devices, shares.beforeRounding)
    for (const [place, { session }] of wanting.entries()) {
      const kw = shares.powerKw.get(session.id) ?? 0
      checkDevice(devices[place]!, kw)
      const before = present.get(session.id)
      if (before !== undefined && before > 0 !== kw > 0) switches++
      present.set(session.id, kw)
      carHours += hours
      delivered.set(session.id, Math.min(session.energyKwh, delivered.get(session.id)! + kw * hours))
    }
  }
  return { deliveredKwh: delivered, violations, violationsBeforeRounding, switches, carHours, shareMs, fallbacks }
}

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

const carOf = ({ id, arrival, departure, energyKwh, maxKw }: Session, deliveredKwh: number): Car => ({
  ...{ deviceId: id, arrival, departure, maxKw },
  remainingKwh: energyKwh - deliveredKwh,
})

/** A method that sets what no car can follow has not been measured: nothing would come of it in the field. */
function checkDevice({ deviceId, leastOnKw, untilKw }: Device, kw: number): void {
  if (kw === 0 || (kw >= leastOnKw - 1e-9 && kw <= untilKw + 1e-9)) return
  throw new Error(`${deviceId} is set to ${kw} kW: it takes 0, or ${leastOnKw} to ${untilKw} kW`)
}

export function problemOf(of: Pick<Problem, 'at' | 'intervalMs' | 'feeders' | 'devices' | 'stepKw'>): Problem {
  return { ...of, shedTargets: [], prices: null }
}

/** How pressing a car is: the power that would bring it through by the time it leaves, over the most it takes. */
export function urgency({ departure, remainingKwh, maxKw }: Car, at: number): number {
  const hours = Math.max(departure - at, 60_000) / 3_600_000
  return Math.max(0.01, remainingKwh / hours / maxKw)
}

function deviceOf(
  session: Session,
  car: Car,
  of: { hours: number; stepKw: number; leastKwPerPhase: number; presentKw: number | null; at: number },
): Device {
  const most = wholeSteps(session.maxKw, of.stepKw)
  const least = Math.min(wholeStepsUp(of.leastKwPerPhase * session.phases.length, of.stepKw), most)
  // It is full within the interval, but draws no less than its least power until then.
  const untilKw = Math.min(most, Math.max(least, wholeStepsUp(car.remainingKwh / of.hours, of.stepKw)))
  return {
    ...{ deviceId: session.id, feederId: session.feederId, kind: 'ev', phases: session.phases },
    ...{ fromKw: 0, untilKw, leastOnKw: least, wantedKw: untilKw, contractedKw: 0 },
    ...{ weight: urgency(car, of.at), presentKw: of.presentKw, held: null, lostAtKw: null },
  }
}
