import type { PoolClient } from 'pg'
import { machineClock } from '../../../platform/clock/clock.ts'
import { civilDaysIn, shiftDay, type CivilDays } from '../../../platform/clock/civil-day.ts'
import { regulationChoices, type RegulationChoices } from '../../../platform/regulation/options.ts'
import { environment } from '../../../platform/runtime/environment.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import { criticalDayThreshold, historyBefore, isCritical, type CriticalDayThreshold } from '../domain/critical-day.ts'
import {
  conjuntoZones,
  daysReaching,
  deleteCriticalDay,
  listCriticalDays,
  summedDays,
  upsertCriticalDay,
  type CriticalDay,
  type DayCount,
} from './critical-day-repository.ts'
import { enterApproved } from './enter-rows.ts'
import { newestEntry } from './entry-repository.ts'

/** What the threshold of a conjunto's days rests on. */
export interface ThresholdBasis extends CriticalDayThreshold {
  /** Civil days of the history: the first, and the first one after the last. */
  readonly from: string
  readonly until: string
  /** Days in the mean, without those left out. */
  readonly days: number
  /** Days of which anything was told: where they are few, is the history all there? */
  readonly daysTold: number
  readonly firstTold: string
  readonly sigma: RegulationChoices['continuity-critical-day-sigma']
  readonly history: RegulationChoices['continuity-critical-day-history']
}

/** How a day of a conjunto stands against the threshold. */
export interface CriticalDayOutlook {
  readonly conjuntoId: string
  /** Civil day of the conjunto. */
  readonly day: string
  readonly occurrences: number
  /** Null: nothing was told of its history, and no day of it can be critical. */
  readonly threshold: ThresholdBasis | null
  /** Occurrences still needed for the day to be critical; 0: it is above the threshold; null: without a threshold. */
  readonly stillNeeded: number | null
  /** Whether two persons have said that it counts as critical. */
  readonly approved: boolean
}

/**
 * Today's occurrences of each conjunto against the threshold of its critical days. Today is the civil day of the conjunto. May be
 * asked for every second: thresholds of a database are made again when the history or a choice changes, at the latest after half
 * a minute.
 * @param now  UTC milliseconds
 */
export async function criticalDayOutlook(
  queries: Queries,
  conjuntoIds: readonly string[],
  now: number,
): Promise<CriticalDayOutlook[]> {
  const zones = await conjuntoZones(queries, conjuntoIds, environment().TIME_ZONE)
  const daysIn = zonesDays()
  const groups = grouped(zones, ({ zone }) => daysIn(zone).dayOf(now))
  const outlooks: CriticalDayOutlook[] = []
  for (const [day, of] of groups) {
    const ids = of.map(({ conjuntoId }) => conjuntoId)
    outlooks.push(...(await judgedBy(await rememberedThresholds(queries, ids, day), queries, ids, day)))
  }
  return outlooks.toSorted((one, other) => (one.conjuntoId < other.conjuntoId ? -1 : 1))
}

/** How a civil day of these conjuntos stands, today's or another one's. @param day  `YYYY-MM-DD` */
export async function judgeDay(
  queries: Queries,
  conjuntoIds: readonly string[],
  day: string,
): Promise<CriticalDayOutlook[]> {
  return judgedBy(await thresholdsOf(queries, conjuntoIds, day), queries, conjuntoIds, day)
}

async function judgedBy(
  thresholds: ReadonlyMap<string, ThresholdBasis | null>,
  queries: Queries,
  conjuntoIds: readonly string[],
  day: string,
): Promise<CriticalDayOutlook[]> {
  const span = { from: day, until: shiftDay(day, 1) }
  const zero = conjuntoIds.map(() => 0)
  const counts = await daysReaching(queries, conjuntoIds, zero, span, environment().TIME_ZONE)
  const counted = new Map(counts.map(({ conjuntoId, occurrences }) => [conjuntoId, occurrences]))
  const approved = new Set(
    (await listCriticalDays(queries, { conjuntoIds, ...span })).map(({ conjuntoId }) => conjuntoId),
  )
  return conjuntoIds.map((conjuntoId) => {
    const threshold = thresholds.get(conjuntoId) ?? null
    const occurrences = counted.get(conjuntoId) ?? 0
    const stillNeeded = threshold && Math.max(0, threshold.needed - occurrences)
    return { conjuntoId, day, occurrences, threshold, stillNeeded, approved: approved.has(conjuntoId) }
  })
}

/**
 * The thresholds that hold for the days of a year, by conjunto; null where nothing was told of its history.
 * @param day  any civil day of that year
 */
export async function thresholdsOf(
  queries: Queries,
  conjuntoIds: readonly string[],
  day: string,
): Promise<Map<string, ThresholdBasis | null>> {
  const { sigma, history, months } = historyChoices(await regulationChoices(queries))
  const span = historyBefore(day, months)
  const sums = await summedDays(queries, conjuntoIds, span, history, environment().TIME_ZONE)
  return new Map(
    sums.map(({ conjuntoId, sum, sumOfSquares, told, firstTold, leftOut }) => {
      const days = daysBetween(span.from, span.until) - leftOut
      if (firstTold === null || days < 2) return [conjuntoId, null]
      const threshold = criticalDayThreshold({ days, sum, sumOfSquares }, sigma)
      return [conjuntoId, { ...threshold, ...span, days, daysTold: told, firstTold, sigma, history }]
    }),
  )
}

/** Days from one to before another, by the calendar. */
const daysBetween = (from: string, until: string): number =>
  Math.round((Date.parse(`${until}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000)

const historyChoices = (choices: RegulationChoices) => ({
  sigma: choices['continuity-critical-day-sigma'],
  history: choices['continuity-critical-day-history'],
  months: choices['continuity-history-months'],
})

interface Remembered {
  readonly thresholds: Map<string, ThresholdBasis | null>
  /** What they were made by, and when by the machine's clock. */
  readonly by: string
  readonly at: number
}
const remembered = new WeakMap<Queries, Remembered>()
const rememberedMs = 30_000

/** Registers that make a history beside the occurrences, which are entered all the time, and seldom of years past. */
const historical = ['emergency-days', 'critical-days', 'emergency-situations']

async function rememberedThresholds(queries: Queries, conjuntoIds: readonly string[], day: string) {
  const by = JSON.stringify([
    day.slice(0, 4),
    await newestEntry(queries, historical),
    historyChoices(await regulationChoices(queries)),
  ])
  const now = machineClock.now()
  const known = remembered.get(queries)
  const isGood = known?.by === by && now - known.at < rememberedMs
  const missing = isGood ? conjuntoIds.filter((id) => !known.thresholds.has(id)) : conjuntoIds
  if (isGood && missing.length === 0) return known.thresholds
  const found = await thresholdsOf(queries, missing, day)
  const thresholds = isGood ? new Map([...known.thresholds, ...found]) : found
  remembered.set(queries, { thresholds, by, at: isGood ? known.at : now })
  return thresholds
}

/** A day with more occurrences than its threshold: one to be proposed as critical, or that is so already. */
export interface Candidate extends DayCount {
  readonly threshold: ThresholdBasis
  readonly approved: boolean
}

/**
 * Days that are above their thresholds.
 * @param ids   null: of all conjuntos
 * @param span  civil days of one year: the first, and the first one after the last
 */
export async function criticalDayCandidates(
  queries: Queries,
  ids: readonly string[] | null,
  span: { readonly from: string; readonly until: string },
): Promise<Candidate[]> {
  const { TIME_ZONE } = environment()
  const conjuntoIds = (await conjuntoZones(queries, ids, TIME_ZONE)).map(({ conjuntoId }) => conjuntoId)
  const thresholds = [...(await thresholdsOf(queries, conjuntoIds, span.from))].flatMap(([conjuntoId, threshold]) =>
    threshold ? [{ conjuntoId, threshold }] : [],
  )
  const known = thresholds.map(({ conjuntoId }) => conjuntoId)
  const needed = thresholds.map(({ threshold }) => threshold.needed)
  const days = await daysReaching(queries, known, needed, span, TIME_ZONE)
  const thresholdOf = new Map(thresholds.map(({ conjuntoId, threshold }) => [conjuntoId, threshold]))
  const approved = new Set(
    (await listCriticalDays(queries, { conjuntoIds: known, ...span })).map((one) => `${one.conjuntoId} ${one.day}`),
  )
  return days
    .map((one) => ({
      ...{ ...one, threshold: thresholdOf.get(one.conjuntoId)! },
      approved: approved.has(`${one.conjuntoId} ${one.day}`),
    }))
    .filter(({ occurrences, threshold }) => isCritical(occurrences, threshold))
}

/** Has a day count as critical, by an approval, in its transaction. */
export async function writeCriticalDay(client: PoolClient, day: CriticalDay, approvalId: number): Promise<void> {
  await enterApproved(client, 'critical-days', approvalId, async (entryId) =>
    (await upsertCriticalDay(client, day, approvalId, entryId)) ? 'added' : 'changed',
  )
}

/** Has a day count as critical no longer, by an approval, in its transaction. @returns whether it did */
export const removeCriticalDay = (
  client: PoolClient,
  { conjuntoId, day }: Pick<CriticalDay, 'conjuntoId' | 'day'>,
  approvalId: number,
): Promise<boolean> =>
  enterApproved(client, 'critical-days', approvalId, async () =>
    (await deleteCriticalDay(client, conjuntoId, day)) > 0 ? 'removed' : 'nothing',
  )

function zonesDays(): (zone: string) => CivilDays {
  const known = new Map<string, CivilDays>()
  return (zone) => {
    const days = known.get(zone) ?? civilDaysIn(zone)
    known.set(zone, days)
    return days
  }
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item])
  return groups
}
