import type { Feeder } from '../../../nodes/feeders/domain/allocation/problem.ts'
import { feedersOf } from './feeder-tree.ts'
import { generateSessions, type Site } from './generated-sessions.ts'
import type { Session } from './sessions.ts'

export interface Scenario {
  readonly name: string
  readonly feeders: readonly Feeder[]
  readonly sessions: readonly Session[]
  /** More than one limit on a car's way: where sharing by rank alone is known not to be best. */
  readonly isNested: boolean
}

const evenly = { A: 1, B: 1, C: 1 } as const
/** As towns have it: some phase has the most. */
const unevenly = { A: 0.5, B: 0.3, C: 0.2 } as const
const onePhase = { maxKw: 7.36, phaseShare: evenly, threePhaseShare: 0, threePhaseMaxKw: 11 }
const mixed = { maxKw: 7.36, phaseShare: unevenly, threePhaseShare: 0.25, threePhaseMaxKw: 11 }

/** A car park at work under one cap, as the public comparison of operations.md has it: about 950 sessions a month. */
export function oneCap(days: number, seed: number): Scenario {
  const site: Site = { place: 'workplace', feederId: 'car-park', carsPerDay: 42, ...onePhase }
  return {
    name: 'one cap of 20 kW',
    feeders: feedersOf([{ feederId: 'car-park', limitKw: 20 }]),
    sessions: generateSessions(site, days, seed),
    isNested: false,
  }
}

/** A town's feeder with two car parks at work and two streets of homes: the whole is tighter than its parts, and some part than the whole. */
const town = [
  { feederId: 'town', limitKw: 55 },
  { feederId: 'offices', parentFeederId: 'town', limitKw: 32 },
  { feederId: 'car-park-north', parentFeederId: 'offices', limitKw: 20 },
  { feederId: 'car-park-south', parentFeederId: 'offices', limitKw: 22 },
  { feederId: 'homes', parentFeederId: 'town', limitKw: 34 },
  { feederId: 'street-east', parentFeederId: 'homes', limitKw: 15 },
  { feederId: 'street-west', parentFeederId: 'homes', limitKw: 26 },
]

const places: readonly Pick<Site, 'place' | 'feederId' | 'carsPerDay'>[] = [
  { place: 'workplace', feederId: 'car-park-north', carsPerDay: 28 },
  { place: 'workplace', feederId: 'car-park-south', carsPerDay: 34 },
  { place: 'home', feederId: 'street-east', carsPerDay: 16 },
  { place: 'home', feederId: 'street-west', carsPerDay: 24 },
]

export function nested(days: number, seed: number): Scenario {
  return {
    name: 'nested feeders',
    feeders: feedersOf(town),
    sessions: places.flatMap((place) => generateSessions({ ...place, ...onePhase }, days, seed)),
    isNested: true,
  }
}

/** The same, with a third of each limit for each phase, and more cars on one phase than on another. */
export function nestedThreePhase(days: number, seed: number): Scenario {
  const feeders = town.map((feeder) => {
    const perPhase = Math.round((feeder.limitKw / 3) * 100) / 100
    return { ...feeder, phaseLimitKw: { A: perPhase, B: perPhase, C: perPhase } }
  })
  return {
    name: 'nested feeders, three phases',
    feeders: feedersOf(feeders),
    sessions: places.flatMap((place) => generateSessions({ ...place, ...mixed }, days, seed)),
    isNested: true,
  }
}
