import type { BaseLoad } from './allocation/problem.ts'
import { boundsOf, largestMarginKw, withMeasurement, type Bounds, type ForecastState } from './base-forecast.ts'
import { minus, nothing, plus, type ByLine } from './by-line.ts'
import { freshMs, lostShareOf, MeteredTree } from './metered-tree.ts'
import { steeredDuring, withRound } from './steered-history.ts'

/** The newest of a meter at a feeder's head: all that flows into it, kW. */
export interface HeadReading {
  /** UTC milliseconds. */
  readonly at: number
  /** How often it reports. */
  readonly intervalMs: number
  /** The mean of its interval; else of an instant. */
  readonly isMean: boolean
  readonly powerKw: ByLine
}

/** The newest of the meters of the consumer units on a feeder itself. */
export interface UnitMeters {
  /** Of the newest of them, UTC milliseconds. */
  readonly at: number
  /** Together, those that fell silent with their last. */
  readonly powerKw: ByLine
  /** What is steered behind those meters, and measured by them. */
  readonly steeredBehindKw: ByLine
  /** How often the slowest of them reports. */
  readonly intervalMs: number
  /** How far they are lost, on average: 0 all heard, 1 all silent for long. */
  readonly lostShare: number
}

/** What is known of a feeder when a round begins. */
export interface FeederSeen {
  readonly feederId: string
  readonly parentFeederId: string | null
  readonly head: HeadReading | undefined
  readonly unitMeters: UnitMeters | undefined
  /** What the devices on the feeder itself that follow setpoints take now, kW; see `steeredOn`. */
  readonly steeredKw: ByLine
  /** By how much more those may take that do not hear us. */
  readonly unsureKw: ByLine
}

/** How the base load of a feeder came about. */
export type BaseLoadBasis =
  /** Its head is heard. */
  | { readonly kind: 'head' }
  /** Its head is not heard: grown with age towards the extremes of the day before. */
  | { readonly kind: 'head-lost'; readonly lastAt: number; readonly lostShare: number }
  /** It has no head, and the meters of its units do. */
  | { readonly kind: 'unit-meters'; readonly lastAt: number; readonly lostShare: number }
  /** Nothing ever measured it: counted as 0. */
  | { readonly kind: 'unmeasured' }

export interface FeederBase {
  readonly feederId: string
  readonly baseLoad: BaseLoad
  readonly basis: BaseLoadBasis
}

export interface BaseLoads {
  readonly byFeeder: ReadonlyMap<string, FeederBase>
  /** What the next round goes on from. */
  readonly kept: readonly ForecastState[]
}

/**
 * What nobody steers, by feeder: a head's measurement less what is steered below it and less the heads further below. Of a feeder
 * whose head is lost, or that has none, it is what else is known of it, and the heads above that are heard measure it too: the sums
 * at them stay what they measure, and so, of such a parent alone, the highest may be below the lowest.
 *
 * Where a head is lost no sum of the tree has less of a margin than before.
 * @param seen        every feeder of the trees
 * @param kept        what the last round left, by feeder
 * @param at          when the interval begins, UTC milliseconds
 * @param intervalMs  of the loop
 */
export function baseLoads(
  seen: readonly FeederSeen[],
  kept: ReadonlyMap<string, ForecastState>,
  at: number,
  intervalMs: number,
): BaseLoads {
  const tree = new MeteredTree(seen, kept, at, intervalMs)
  const states = new Map<string, ForecastState>()
  const groups = new Map<string, Bounds>()
  const byFeeder = new Map<string, FeederBase>()
  for (const feeder of tree.fromLeaves) {
    const { feederId } = feeder
    const state = measuredNow(tree, feeder, kept.get(feederId), states, at, intervalMs)
    if (!state) {
      byFeeder.set(feederId, { feederId, baseLoad: { lowKw: nothing, highKw: nothing }, basis: { kind: 'unmeasured' } })
      continue
    }
    states.set(feederId, state)
    const lostShare = lostShareNow(tree, feeder, state, at, intervalMs)
    const whole = boundsOf(state, lostShare)
    groups.set(feederId, whole)
    byFeeder.set(feederId, {
      feederId,
      baseLoad: unsure(feeder, state.by === 'head' ? ownOf(tree, feeder, whole, { states, groups, byFeeder }) : whole),
      basis: basisOf(state, lostShare),
    })
  }
  return { byFeeder, kept: [...states.values()] }
}

/** What is known by now of a feeder; undefined: nothing ever was measured. */
function measuredNow(
  tree: MeteredTree,
  feeder: FeederSeen,
  last: ForecastState | undefined,
  states: ReadonlyMap<string, ForecastState>,
  at: number,
  intervalMs: number,
): ForecastState | undefined {
  const { feederId, head, unitMeters } = feeder
  const by = tree.hasHead(feederId) ? 'head' : 'unit-meters'
  const before = last?.by === by ? last : undefined
  const measured = by === 'head' ? head : unitMeters
  if (!measured) return before
  const zone = tree.zoneOf(feeder)
  const roundKw =
    by === 'head' ? zone.own.reduce((sum, { steeredKw }) => plus(sum, steeredKw), nothing) : unitMeters!.steeredBehindKw
  const steered = withRound(before?.steered ?? [], { at, powerKw: roundKw })
  const unchanged = before && { ...before, steered }
  // What was measured later than now was so before a clock went back.
  const isNews = !before || measured.at > before.measuredAt || before.measuredAt > at
  if (!isNews || (by === 'head' && !tree.hears(feederId))) return unchanged
  const lost = by === 'head' ? zone.lost.map((below) => states.get(below.feederId)!) : []
  const toleranceKw = before ? largestMarginKw(before) : Infinity
  const windowMs = by === 'head' && head!.isMean ? head!.intervalMs : 0
  const during = [steered, ...lost.map((below) => below.steered)].map((history) =>
    steeredDuring(history, measured.at, windowMs, toleranceKw),
  )
  if (during.includes(undefined)) return unchanged
  const others = [
    ...during.map((powerKw) => powerKw!),
    ...(by === 'head' ? zone.heard.map((below) => below.head!.powerKw) : []),
    ...lost.map(({ baseKw }) => baseKw),
  ]
  const baseKw = others.reduce(minus, measured.powerKw)
  return withMeasurement(
    before,
    { feederId, by, at: measured.at, baseKw, steered },
    2 * freshMs(Math.max(intervalMs, measured.intervalMs)),
  )
}

function lostShareNow(
  tree: MeteredTree,
  { feederId, head, unitMeters }: FeederSeen,
  { by, measuredAt }: ForecastState,
  at: number,
  intervalMs: number,
): number {
  if (by === 'head' && tree.hasHead(feederId))
    return lostShareOf(measuredAt, at, Math.max(intervalMs, head!.intervalMs))
  if (!unitMeters) return 1
  return Math.max(unitMeters.lostShare, lostShareOf(measuredAt, at, Math.max(intervalMs, unitMeters.intervalMs)))
}

/** Who does not hear us may take more than was subtracted: so much less is what is not steered. */
const unsure = ({ unsureKw }: FeederSeen, { lowKw, highKw }: Bounds): Bounds => ({
  lowKw: minus(lowKw, unsureKw),
  highKw,
})

interface Below {
  readonly states: ReadonlyMap<string, ForecastState>
  /** What the heads below account for that are lost. */
  readonly groups: ReadonlyMap<string, Bounds>
  readonly byFeeder: ReadonlyMap<string, FeederBase>
}

/** What remains for the feeder with the head itself of what its head accounts for. */
function ownOf(tree: MeteredTree, feeder: FeederSeen, whole: Bounds, { states, groups, byFeeder }: Below): Bounds {
  const zone = tree.zoneOf(feeder)
  let { lowKw, highKw } = whole
  // What is lost below is measured here, as it was; that it may have become more is within what is measured here.
  for (const { feederId } of tree.hears(feeder.feederId) ? zone.lost : []) {
    const asHeard = boundsOf(states.get(feederId)!, 0)
    const asLost = groups.get(feederId)!
    lowKw = minus(plus(lowKw, asHeard.lowKw), asLost.lowKw)
    highKw = minus(plus(highKw, asHeard.highKw), asLost.highKw)
  }
  for (const { feederId } of zone.own) {
    const known = byFeeder.get(feederId)?.baseLoad
    if (known) [lowKw, highKw] = [minus(lowKw, known.lowKw), minus(highKw, known.highKw)]
  }
  return { lowKw, highKw }
}

function basisOf({ by, measuredAt: lastAt }: ForecastState, lostShare: number): BaseLoadBasis {
  if (by === 'unit-meters') return { kind: 'unit-meters', lastAt, lostShare }
  return lostShare === 0 ? { kind: 'head' } : { kind: 'head-lost', lastAt, lostShare }
}
