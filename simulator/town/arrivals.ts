import { dayOf, sessionsOn } from './recorded-like.ts'
import type { Session } from './sessions.ts'
import { chargePointOf, lines, nominalV, type ChargePoint, type TownPlan } from './town-plan.ts'

/** Which car is at a charge point. */
export interface Arrivals {
  /** @param at  UTC ms; of one charge point, never earlier than asked before */
  at(point: ChargePoint, at: number): Session | undefined
}

/** Cars on recorded-like arrivals, day after day. */
export class RecordedLike implements Arrivals {
  readonly #seed: number
  readonly #byPoint = new Map<string, { day: number; sessions: readonly Session[] }>()

  constructor(seed: number) {
    this.#seed = seed
  }

  at(point: ChargePoint, at: number): Session | undefined {
    const day = dayOf(at)
    let known = this.#byPoint.get(point.id)
    if (known?.day !== day) {
      known = { day, sessions: [...sessionsOn(point, day - 1, this.#seed), ...sessionsOn(point, day, this.#seed)] }
      this.#byPoint.set(point.id, known)
    }
    return known.sessions.find(({ arrival, departure }) => arrival <= at && at < departure)
  }
}

const dayMs = 86_400_000

/** Sessions of a file, at charge points made for them. */
class Recorded implements Arrivals {
  readonly #byPoint: ReadonlyMap<string, readonly Session[]>

  constructor(byPoint: ReadonlyMap<string, readonly Session[]>) {
    this.#byPoint = byPoint
  }

  at(point: ChargePoint, at: number): Session | undefined {
    const sessions = this.#byPoint.get(point.id) ?? []
    // By arrival and one after the other: the last that has come is the one that is there, if it has not gone.
    let [low, high] = [0, sessions.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (sessions[middle]!.arrival <= at) low = middle + 1
      else high = middle
    }
    const last = sessions[low - 1]
    return last && at < last.departure ? last : undefined
  }
}

/**
 * Charge points for recorded sessions: each session at the first that is free among those of its feeder, lines and power; where
 * none is, there is another one. Sessions without a feeder go round the feeders, one after the other.
 * @param sessions  by arrival
 * @param start     when the town begins: sessions are moved by whole days, so that the first arrives on that civil day
 */
export function chargePointsFor(
  sessions: readonly Session[],
  { feeders }: Pick<TownPlan, 'feeders'>,
  start: number,
): { chargePoints: ChargePoint[]; arrivals: Arrivals } {
  const movedMs = sessions.length === 0 ? 0 : (dayOf(start) - dayOf(sessions[0]!.arrival)) * dayMs
  const points = new Map<string, { point: ChargePoint; sessions: Session[] }[]>()
  const byPoint = new Map<string, Session[]>()
  const chargePoints: ChargePoint[] = []
  sessions.forEach((recorded, index) => {
    const { feederId = feeders[index % feeders.length]!.id, phase = lines.join(''), maxKw } = recorded
    const session = { ...recorded, arrival: recorded.arrival + movedMs, departure: recorded.departure + movedMs }
    const kind = `${feederId}/${phase}/${maxKw}`
    const alike = points.get(kind) ?? []
    points.set(kind, alike)
    let free = alike.find(({ sessions: before }) => before.at(-1)!.departure <= session.arrival)
    if (!free) {
      const id = `town-ev-${String(chargePoints.length + 1).padStart(3, '0')}`
      const amperes = (maxKw * 1000) / nominalV / phase.length
      const point = chargePointOf(id, feederId, { amperes, phases: phase, custom: 'public', priority: 50 })
      free = { point: { ...point, pMaxKw: maxKw, leastKw: Math.min(point.leastKw, maxKw) }, sessions: [] }
      alike.push(free)
      chargePoints.push(free.point)
      byPoint.set(id, free.sessions)
    }
    free.sessions.push(session)
  })
  return { chargePoints, arrivals: new Recorded(byPoint) }
}
