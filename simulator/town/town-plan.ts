import type { BatterySpec } from '../devices/battery.ts'
import type { DerSpec } from '../devices/der.ts'
import { drawOf, type Draw } from '../draw.ts'

/** Lines of the town, as its devices are connected to them. */
export const lines = ['A', 'B', 'C'] as const

/** Between phase and neutral, V: 220/380 V, as much of Brazil has it. */
export const nominalV = 220
/** The least that an AC charge point may offer a car (IEC 61851-1), A. */
const LEAST_A = 6

/** A feeder of the town, with the meter at its head. */
export interface TownFeeder {
  readonly id: string
  /** The one above; none: it is the root. */
  readonly parentId?: string
  readonly name: string
  readonly limitKw: number
  readonly headMeterId: string
  /** Highest of an ordinary day of what nobody steers here, less that of the feeders below it, kW. */
  readonly basePeakKw: number
  /** Part of it that is homes, 0 to 1; the rest are businesses. */
  readonly homes: number
  /** Its parts on the lines A, B and C: no feeder is in balance. */
  readonly shares: readonly [number, number, number]
}

/** Who plugs in where: it decides when cars come and how long they stay. */
export type Custom = 'home' | 'work' | 'public'

export interface ChargePoint extends DerSpec {
  /** Those that it is connected to, `A` to `ABC`. */
  readonly phases: string
  readonly custom: Custom
  /** Least power while it charges at all, kW. */
  readonly leastKw: number
}

export interface TownBattery extends BatterySpec {
  readonly phases: string
}

export interface TownPlant extends DerSpec {
  readonly phases: string
}

/** Every device of a town. */
export interface TownPlan {
  readonly feeders: readonly TownFeeder[]
  readonly chargePoints: readonly ChargePoint[]
  readonly batteries: readonly TownBattery[]
  readonly plants: readonly TownPlant[]
}

/** Charge points of the whole town. */
export const usualChargePoints = 200

/** For `usualChargePoints`: a smaller town has less of everything, in proportion. */
const usualFeeders: readonly TownFeeder[] = [
  {
    ...{ id: 'town-00', name: 'Town from the substation', limitKw: 400, headMeterId: 'town-00-head' },
    ...{ basePeakKw: 130, homes: 0.2, shares: [0.36, 0.33, 0.31] },
  },
  {
    ...{ id: 'town-01', parentId: 'town-00', name: 'Behind the square', limitKw: 270, headMeterId: 'town-01-head' },
    ...{ basePeakKw: 85, homes: 0.7, shares: [0.3, 0.37, 0.33] },
  },
  {
    ...{ id: 'town-02', parentId: 'town-01', name: 'Hillside', limitKw: 130, headMeterId: 'town-02-head' },
    ...{ basePeakKw: 75, homes: 1, shares: [0.4, 0.32, 0.28] },
  },
]

/** Of 20 charge points of a feeder: rated current a line, A, its lines, and who comes. */
const pointsByFeeder: Readonly<Record<string, readonly (readonly [amperes: number, lines: number, custom: Custom])[]>> =
  {
    'town-00': [
      ...[...Array<undefined>(8)].map(() => [32, 3, 'public'] as const),
      ...[...Array<undefined>(8)].map(() => [16, 3, 'work'] as const),
      ...[...Array<undefined>(4)].map(() => [32, 1, 'work'] as const),
    ],
    'town-01': [
      ...[...Array<undefined>(10)].map(() => [32, 1, 'home'] as const),
      ...[...Array<undefined>(6)].map(() => [16, 1, 'home'] as const),
      ...[...Array<undefined>(2)].map(() => [16, 3, 'home'] as const),
      ...[...Array<undefined>(2)].map(() => [32, 3, 'public'] as const),
    ],
    'town-02': [
      ...[...Array<undefined>(12)].map(() => [32, 1, 'home'] as const),
      ...[...Array<undefined>(6)].map(() => [16, 1, 'home'] as const),
      ...[...Array<undefined>(2)].map(() => [16, 3, 'home'] as const),
    ],
  }

/** Parts of the charge points on each feeder, of ten. */
const tenths = ['town-00', 'town-00', ...Array<string>(4).fill('town-01'), ...Array<string>(4).fill('town-02')]
/** Of ten single-phase connections, how many are on each line: the first is the nearest to the pole. */
const lineOfTen = 'AABCABACBA'

/**
 * The town: three feeders, one within the other, with so many charge points, and batteries, PV, limits and load in proportion.
 * @param chargePoints  1 to 10,000
 */
export function townOf(chargePoints: number = usualChargePoints): TownPlan {
  const scale = chargePoints / usualChargePoints
  const feeders = usualFeeders.map((feeder) => ({
    ...feeder,
    limitKw: Math.round(feeder.limitKw * scale * 10) / 10,
    basePeakKw: feeder.basePeakKw * scale,
  }))
  const seen = new Map<string, number>()
  const nth = (feederId: string) => {
    const index = seen.get(feederId) ?? 0
    seen.set(feederId, index + 1)
    return index
  }
  return {
    feeders,
    chargePoints: many(chargePoints, (index) => {
      const feederId = tenths[index % tenths.length]!
      const place = nth(feederId)
      const kinds = pointsByFeeder[feederId]!
      // Kinds come mixed, so that a small town has some of each.
      const [amperes, count, custom] = kinds[(place * 7) % kinds.length]!
      const phases = count === 3 ? 'ABC' : lineOfTen[place % lineOfTen.length]!
      return chargePointOf(numbered('town-ev', index), feederId, {
        amperes,
        phases,
        custom,
        priority: custom === 'public' ? 60 : 40,
      })
    }),
    batteries: many(Math.max(2, Math.round(12 * scale)), (index) => {
      const feederId = feeders[index % feeders.length]!.id
      // One in four stands in the street, for all.
      const isLarge = index % 4 === 1
      return {
        ...placed(numbered('town-bat', index), feederId),
        ...{ pMaxKw: isLarge ? 30 : 5, priority: 20, phases: isLarge ? 'ABC' : lineOfTen[index % 10]! },
        ...{ capacityKwh: isLarge ? 60 : 10, minSoc: 0.1, maxSoc: 0.95, efficiency: 0.95 },
      }
    }),
    plants: many(Math.max(2, Math.round(40 * scale)), (index) => ({
      ...placed(numbered('town-pv', index), feeders[(index + 1) % feeders.length]!.id),
      ...{ pMaxKw: index % 8 === 0 ? 20 : 5, priority: 10 },
      phases: index % 8 === 0 ? 'ABC' : lineOfTen[(index * 3) % 10]!,
    })),
  }
}

/** A charge point with the least and the most that its current and lines make. */
export function chargePointOf(
  id: string,
  feederId: string,
  { amperes, phases, custom, priority }: { amperes: number; phases: string; custom: Custom; priority: number },
): ChargePoint {
  const kwOf = (current: number) => (current * nominalV * phases.length) / 1000
  return { ...placed(id, feederId), phases, custom, priority, pMaxKw: kwOf(amperes), leastKw: kwOf(LEAST_A) }
}

function placed(id: string, feederId: string): Pick<DerSpec, 'id' | 'siteId' | 'feederId' | 'parentFeederId'> {
  const parentFeederId = usualFeeders.find((feeder) => feeder.id === feederId)?.parentId
  return { id, feederId, siteId: `${id}-site`, ...(parentFeederId !== undefined && { parentFeederId }) }
}

const many = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i))

const numbered = (kind: string, index: number) => `${kind}-${String(index + 1).padStart(3, '0')}`

/** The feeders that what flows in one flows through: itself, the one above it, and so on. */
export function pathOf(feeders: readonly TownFeeder[], feederId: string): string[] {
  const path: string[] = []
  for (let id: string | undefined = feederId; id !== undefined;) {
    path.push(id)
    id = feeders.find((feeder) => feeder.id === id)?.parentId
  }
  return path
}

/** A stream of draws for one thing of the town. */
export const townDraw = (seed: number, name: string): Draw => drawOf(seed, `town/${name}`)
