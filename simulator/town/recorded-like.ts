import { clamp, type Draw } from '../draw.ts'
import { townDraw, type ChargePoint, type Custom } from './town-plan.ts'
import type { Session } from './sessions.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** Of the field, as of all its devices: America/Sao_Paulo. */
const offsetMs = -3 * hourMs

/**
 * When cars come to a place, and how long they stay. The shapes are those of published records (homes: from the end of the working
 * day on, until the morning; work places: between seven and ten, for a working day, as at Caltech in the ACN data; in public: all
 * day, for an hour or two); the figures are ours.
 */
interface Habit {
  /** Weight of each hour of the civil day. */
  readonly arrivals: readonly number[]
  /** Sessions of a charge point in a day, mean; at most three. */
  readonly perDay: number
  /** What a car takes, kWh: median, and deviation of its logarithm. */
  readonly medianKwh: number
  readonly deviation: number
  /** How long it stays, h. */
  readonly stay: (arrivalHour: number, draw: Draw) => number
}

const habits: Readonly<Record<Custom, Habit>> = {
  home: {
    arrivals: [1, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 3, 4, 3, 3, 4, 7, 13, 19, 17, 11, 7, 4, 2],
    perDay: 0.8,
    ...{ medianKwh: 11, deviation: 0.55 },
    // Until the morning; who comes by day leaves again within hours.
    stay: (hour, draw) =>
      hour >= 16 || hour < 4 ? ((31.25 - hour) % 24) + draw.normal() * 0.6 : 2.5 + 3 * draw.uniform(),
  },
  work: {
    arrivals: [0, 0, 0, 0, 0, 1, 5, 18, 30, 20, 8, 4, 3, 5, 3, 2, 1, 0, 0, 0, 0, 0, 0, 0],
    perDay: 0.85,
    ...{ medianKwh: 12, deviation: 0.5 },
    stay: (_hour, draw) => 8.2 + draw.normal(),
  },
  public: {
    arrivals: [0, 0, 0, 0, 0, 1, 2, 4, 5, 6, 7, 8, 9, 8, 7, 7, 8, 10, 11, 10, 8, 5, 3, 1],
    perDay: 2.2,
    ...{ medianKwh: 15, deviation: 0.6 },
    stay: (_hour, draw) => 0.7 + 1.6 * draw.uniform(),
  },
}

/** The civil day of the field that an instant lies in, counted from 1970. */
export const dayOf = (at: number): number => Math.floor((at + offsetMs) / dayMs)

/** When a civil day of the field begins, UTC ms. */
export const beginningOf = (day: number): number => day * dayMs - offsetMs

/**
 * The cars that come to a charge point on a civil day, by arrival, one after the other: the same seed, charge point and day give the
 * same cars, whatever else there is.
 * @param day  as `dayOf` counts
 */
export function sessionsOn(point: ChargePoint, day: number, seed: number): Session[] {
  const draw = townDraw(seed, `sessions/${point.id}/${day}`)
  const { arrivals, perDay, medianKwh, deviation, stay } = habits[point.custom]
  const count = countOf(perDay, draw)
  const hours = Array.from({ length: count }, () => hourOf(arrivals, draw)).toSorted((a, b) => a - b)
  const sessions: Session[] = []
  let free = -Infinity
  for (const hour of hours) {
    const energyKwh = clamp(medianKwh * Math.exp(deviation * draw.normal()), 2, 60)
    const stayed = Math.max(0.4, stay(hour, draw))
    // Devices tell time by the second.
    const arrival = beginningOf(day) + Math.round(hour * 3600) * 1000
    if (arrival < free) continue
    const departure = arrival + Math.round(stayed * 3600) * 1000
    free = departure
    const id = `${point.id}-${day}-${sessions.length + 1}`
    // Nobody asks for more than the charge point could bring alone.
    const mostKwh = (point.pMaxKw * (departure - arrival)) / hourMs
    sessions.push({
      id,
      arrival,
      departure,
      energyKwh: Math.min(energyKwh, mostKwh),
      maxKw: point.pMaxKw,
      phase: point.phases,
      feederId: point.feederId,
    })
  }
  return sessions
}

/** A whole number around a mean, 0 to 3. */
function countOf(mean: number, draw: Draw): number {
  const whole = Math.floor(mean)
  return clamp(whole + (draw.uniform() < mean - whole ? 1 : 0), 0, 3)
}

/** An hour of the day with its parts, by the weights of the hours. */
function hourOf(weights: readonly number[], draw: Draw): number {
  let left = draw.uniform() * weights.reduce((sum, weight) => sum + weight, 0)
  const hour = weights.findIndex((weight) => (left -= weight) < 0)
  return Math.max(0, hour) + draw.uniform()
}
