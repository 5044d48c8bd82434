import type { ForecastState } from './base-forecast.ts'
import type { FeederSeen } from './base-load.ts'

/** What a head measures: down to the heads below that are heard. */
export interface Zone {
  /** The feeder, and those below it that no other head measures. */
  readonly own: readonly FeederSeen[]
  /** The next heads below that are heard, past those that are not. */
  readonly heard: readonly FeederSeen[]
  /** The heads that are not heard before those. */
  readonly lost: readonly FeederSeen[]
}

/** An age up to so many intervals is none. */
const freshIntervals = 2
/** So many times that age later what is lost is lost for good. */
export const lostAfterAges = 5

/** How old a measurement may be and count as of now, ms. @param intervalMs  of the loop, or of the meter where that is longer */
export const freshMs = (intervalMs: number): number => freshIntervals * intervalMs

/** How far what was measured at an instant is lost by now: from 0, it is as of now, to 1, for so long that nothing is left of it. */
export function lostShareOf(measuredAt: number, at: number, intervalMs: number): number {
  // What a meter says of the future was said before a clock went back.
  const ageMs = Math.abs(at - measuredAt)
  return Math.min(1, Math.max(0, (ageMs / freshMs(intervalMs) - 1) / lostAfterAges))
}

/** The trees of feeders, and who measures whom. */
export class MeteredTree {
  /** Children before their parents. */
  readonly fromLeaves: readonly FeederSeen[]
  #children = new Map<string, FeederSeen[]>()
  #headed = new Set<string>()
  #heard = new Set<string>()
  #zones = new Map<string, Zone>()

  /**
   * @param kept        what is known of the feeders from before
   * @param at          UTC milliseconds
   * @param intervalMs  of the loop
   */
  constructor(seen: readonly FeederSeen[], kept: ReadonlyMap<string, ForecastState>, at: number, intervalMs: number) {
    const known = new Set(seen.map(({ feederId }) => feederId))
    const roots: FeederSeen[] = []
    for (const feeder of seen) {
      const { feederId, parentFeederId, head } = feeder
      if (parentFeederId === null || !known.has(parentFeederId)) roots.push(feeder)
      else this.#children.set(parentFeederId, [...this.#childrenOf(parentFeederId), feeder])
      if (!head) continue
      if (lostShareOf(head.at, at, Math.max(intervalMs, head.intervalMs)) === 0) this.#heard.add(feederId)
      // One that has been lost for as long as anybody remembers measures nothing.
      if (this.#heard.has(feederId) || kept.get(feederId)?.by === 'head') this.#headed.add(feederId)
    }
    const fromRoots: FeederSeen[] = []
    for (const open = roots; open.length > 0;) {
      const feeder = open.pop()!
      fromRoots.push(feeder)
      open.push(...this.#childrenOf(feeder.feederId))
    }
    this.fromLeaves = fromRoots.toReversed()
  }

  /** Whether what its head measures, or has measured, is known. */
  hasHead(feederId: string): boolean {
    return this.#headed.has(feederId)
  }

  hears(feederId: string): boolean {
    return this.#heard.has(feederId)
  }

  zoneOf(top: FeederSeen): Zone {
    const known = this.#zones.get(top.feederId)
    if (known) return known
    const zone = { own: [top], heard: [] as FeederSeen[], lost: [] as FeederSeen[] }
    const open: { feeder: FeederSeen; isOwn: boolean }[] = this.#below(top, true)
    while (open.length > 0) {
      const { feeder, isOwn } = open.pop()!
      if (this.hears(feeder.feederId)) zone.heard.push(feeder)
      else {
        const isHead = this.hasHead(feeder.feederId)
        if (isHead) zone.lost.push(feeder)
        else if (isOwn) zone.own.push(feeder)
        open.push(...this.#below(feeder, isOwn && !isHead))
      }
    }
    this.#zones.set(top.feederId, zone)
    return zone
  }

  #below({ feederId }: FeederSeen, isOwn: boolean): { feeder: FeederSeen; isOwn: boolean }[] {
    return this.#childrenOf(feederId).map((feeder) => ({ feeder, isOwn }))
  }

  #childrenOf(feederId: string): FeederSeen[] {
    return this.#children.get(feederId) ?? []
  }
}
