import type { Phase } from '../../../nodes/feeders/domain/allocation/problem.ts'
import { phases as allPhases } from '../../../nodes/feeders/domain/allocation/problem.ts'
import { clamp, drawOf, type Draw } from '../../../simulator/draw.ts'
import type { Session } from './sessions.ts'

/**
 * When cars come, how long they stay and what they ask for, by kind of place. The shapes are those that were published, the numbers
 * are ours, made to look like them; no record is copied:
 * - workplace: most arrive on weekdays between eight and nine and stay the working day, some around noon, some for the evening, few
 *   at weekends (Lee, Li, Low: ACN-Data, e-Energy 2019);
 * - home: most plug in between 17:00 and 19:00 and leave the next morning, with 7.5 kWh in the middle (UK Department for Transport,
 *   Electric Chargepoint Analysis 2017: Domestics).
 */
interface Habit {
  /** Of all arrivals of a day at such a place. */
  readonly share: number
  /** Mean and deviation, h of the day and h of stay. */
  readonly arrivalHour: readonly [mean: number, deviation: number]
  readonly stayHours: readonly [mean: number, deviation: number]
}

export type Place = 'workplace' | 'home'

const habits: Readonly<Record<Place, readonly Habit[]>> = {
  workplace: [
    { share: 0.6, arrivalHour: [8.5, 1], stayHours: [8, 1.8] },
    { share: 0.2, arrivalHour: [12.5, 1.5], stayHours: [4, 1.5] },
    { share: 0.2, arrivalHour: [17.5, 2], stayHours: [3, 1.5] },
  ],
  home: [
    { share: 0.8, arrivalHour: [18, 1.5], stayHours: [13, 1.5] },
    { share: 0.2, arrivalHour: [13, 3], stayHours: [4, 2] },
  ],
}

/** Sessions of a day at the weekend to those of a working day. */
const weekend: Readonly<Record<Place, number>> = { workplace: 0.15, home: 0.9 }
const energy: Readonly<Record<Place, { readonly medianKwh: number; readonly spread: number }>> = {
  workplace: { medianKwh: 7, spread: 0.7 },
  home: { medianKwh: 7.5, spread: 0.8 },
}
const leastStayHours = 0.5
const [leastKwh, mostKwh] = [1, 60]

export interface Site {
  readonly place: Place
  readonly feederId: string
  /** Cars that come on a working day. */
  readonly carsPerDay: number
  /** Chargers of one phase: their most, kW, and how they are spread over the phases. */
  readonly maxKw: number
  readonly phaseShare: Readonly<Record<Phase, number>>
  /** Part of the chargers that draw from all phases, and their most, kW. */
  readonly threePhaseShare: number
  readonly threePhaseMaxKw: number
}

const hourMs = 3_600_000
/** A Monday, 0:00 in São Paulo. */
export const firstMonday = Date.UTC(2026, 2, 2, 3)

/**
 * Sessions of some days at a site, from a Monday on: the same for the same seed. None asks for more than its charger could give it
 * by itself.
 * @param days  1 to 366
 */
export function generateSessions(site: Site, days: number, seed: number): Session[] {
  const draw = drawOf(seed, `sessions/${site.feederId}`)
  const sessions: Session[] = []
  for (let day = 0; day < days; day++) {
    const isWeekend = day % 7 >= 5
    const expected = site.carsPerDay * (isWeekend ? weekend[site.place] : 1)
    const cars = Math.max(0, Math.round(expected + Math.sqrt(expected) * draw.normal()))
    for (let car = 0; car < cars; car++)
      sessions.push(sessionOf(site, draw, firstMonday + day * 24 * hourMs, `${site.feederId}-${day}-${car}`))
  }
  return sessions
}

function sessionOf({ place, feederId, ...site }: Site, draw: Draw, midnight: number, id: string): Session {
  const { arrivalHour, stayHours } = pick(habits[place], ({ share }) => share, draw)
  const arrival = midnight + clamp(around(arrivalHour, draw), 0, 23.9) * hourMs
  const hours = Math.max(leastStayHours, around(stayHours, draw))
  const isThreePhase = draw.uniform() < site.threePhaseShare
  const phases = isThreePhase ? allPhases : [pick(allPhases, (phase) => site.phaseShare[phase], draw)]
  const maxKw = isThreePhase ? site.threePhaseMaxKw : site.maxKw
  const { medianKwh, spread } = energy[place]
  const wanted = clamp(medianKwh * Math.exp(spread * draw.normal()), leastKwh, mostKwh)
  return {
    ...{ id, feederId, phases, maxKw, arrival: Math.round(arrival), departure: Math.round(arrival + hours * hourMs) },
    energyKwh: Math.min(wanted, maxKw * (hours - 0.25)),
  }
}

const around = ([mean, deviation]: readonly [number, number], draw: Draw): number => mean + deviation * draw.normal()

function pick<One>(of: readonly One[], shareOf: (one: One) => number, draw: Draw): One {
  let left = draw.uniform() * of.reduce((sum, one) => sum + shareOf(one), 0)
  return of.find((one) => (left -= shareOf(one)) < 0) ?? of.at(-1)!
}
