import { timeLineOf, type TimeLine } from './stays.ts'
import { feedersOf, type FeederEntry } from './feeder-tree.ts'
import type { ChargingCase } from './charging.ts'
import type { Session } from './sessions.ts'

export const quarterMs = 15 * 60_000
export const start = Date.UTC(2026, 2, 2, 12)

/** A session of whole quarters of an hour after the start. */
export const session = (
  id: string,
  [from, until]: readonly [number, number],
  energyKwh: number,
  maxKw: number,
  rest: Partial<Session> = {},
): Session => ({
  ...{ id, energyKwh, maxKw, arrival: start + from * quarterMs, departure: start + until * quarterMs },
  ...{ phases: ['A'], feederId: 'root', ...rest },
})

/** Charging in quarters of an hour, in steps of 0.1 kW, from any current on unless told otherwise. */
export function caseOf(
  entries: readonly FeederEntry[],
  sessions: readonly Session[],
  leastKwPerPhase = 0,
): ChargingCase & { readonly line: TimeLine } {
  return { feeders: feedersOf(entries), line: timeLineOf(sessions, quarterMs), stepKw: 0.1, leastKwPerPhase }
}

/** Four kilowatts for all; who stays long has time, who comes later has none. kWh that each way of sharing delivers, by hand. */
export const patience = {
  charging: caseOf([{ feederId: 'root', limitKw: 4 }], [session('long', [0, 8], 4, 4), session('short', [1, 3], 2, 4)]),
  delivered: {
    'first-come': { long: 4, short: 0 },
    // 1 kWh alone, then twice half of 4 kW each, then alone again.
    'equal share': { long: 4, short: 1 },
    'earliest deadline': { long: 4, short: 2 },
    'least laxity': { long: 4, short: 2 },
  },
  optimumKwh: 6,
} as const

/**
 * Four kilowatts for an hour, of which `long` could use all, and half an hour of `short`. Laxity at the second quarter: `long` none
 * (3 kWh at 4 kW in 45 minutes), `short` 7.5 minutes (1.5 kWh in 30 minutes); at the third `short` is 7.5 minutes too late.
 */
const shortage = {
  charging: caseOf(
    [{ feederId: 'root', limitKw: 4 }],
    [session('long', [0, 4], 4, 4), session('short', [1, 3], 1.5, 4)],
  ),
  delivered: {
    'first-come': { long: 4, short: 0 },
    'equal share': { long: 3, short: 1 },
    'earliest deadline': { long: 2.5, short: 1.5 },
    'least laxity': { long: 3, short: 1 },
  },
  optimumKwh: 4,
} as const

/**
 * 2 kW a phase: who serves the car on A first leaves nothing for the one on all phases, which could have had 6 kW. Alone the two rise
 * together until A is full: 1.5 kW + 1.5 kW ÷ 3 = 2 kW.
 */
const phaseInTheWay = {
  charging: caseOf(
    [{ feederId: 'root', phaseLimitKw: { A: 2, B: 2, C: 2 } }],
    [session('a', [0, 1], 0.5, 2), session('three', [0, 1], 1.5, 6, { phases: ['A', 'B', 'C'] })],
  ),
  delivered: {
    'first-come': { a: 0.5, three: 0 },
    'equal share': { a: 0.375, three: 0.375 },
    'earliest deadline': { a: 0.5, three: 0 },
    'least laxity': { a: 0.5, three: 0 },
  },
  optimumKwh: 1.5,
} as const

/** The parent lets 5 kW through, its children 2 kW and 4 kW: 2 + 3, whoever is first. */
const tightParent = {
  charging: caseOf(
    [
      { feederId: 'root', limitKw: 5 },
      { feederId: 'x', parentFeederId: 'root', limitKw: 2 },
      { feederId: 'y', parentFeederId: 'root', limitKw: 4 },
    ],
    [session('on-x', [0, 4], 9, 7, { feederId: 'x' }), session('on-y', [0, 4], 3.6, 7, { feederId: 'y' })],
  ),
  delivered: {
    'first-come': { 'on-x': 2, 'on-y': 3 },
    'equal share': { 'on-x': 2, 'on-y': 3 },
    // Both leave together: the one whose name comes first.
    'earliest deadline': { 'on-x': 2, 'on-y': 3 },
    'least laxity': { 'on-x': 2, 'on-y': 3 },
  },
  optimumKwh: 5,
} as const

/** 6 A on one phase are 1.4 kW here: two do not fit in 2 kW, so one waits until the other is full or gone. */
const leastCurrents = {
  charging: caseOf([{ feederId: 'root', limitKw: 2 }], [session('a', [0, 4], 1, 4), session('b', [1, 4], 2, 4)], 1.4),
  delivered: {
    // 0.5 and 0.5 kWh fill a; then b has 2 kW for half an hour.
    'first-come': { a: 1, b: 1 },
    'equal share': { a: 1, b: 1 },
    'earliest deadline': { a: 1, b: 1 },
    // At the second quarter a could wait 37.5 minutes, b 15: b goes first and never gives way.
    'least laxity': { a: 0.5, b: 1.5 },
  },
  optimumKwh: 2,
} as const

export const workedCases = { patience, shortage, phaseInTheWay, tightParent, leastCurrents }
