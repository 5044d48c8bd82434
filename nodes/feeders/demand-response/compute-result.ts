import type { Queries } from '../../../platform/storage/queries.ts'
import {
  baselineOf,
  hoursFor,
  partsOf,
  type Baseline,
  type BaselineQuestion,
} from '../domain/demand-response/baseline.ts'
import { endOf } from '../domain/demand-response/call.ts'
import { deliveredIn, type MeasuredPart } from '../domain/demand-response/delivered.ts'
import { demandMoney } from '../domain/demand-response/demand-money.ts'
import type { Civil } from '../domain/demand-response/program-window.ts'
import { dersBelow, headOf, hourMeans, measuredDevices, spanMeans, writeUtilisation } from './energy-repository.ts'
import type { EnergySeries } from './energy-repository.ts'
import type { StoredEvent } from './event-repository.ts'
import type { EventResult, ResultDetail } from './result-repository.ts'

const hourMs = 3_600_000
const quarterMs = 900_000

/** When an event really asked for something: not before it was entered. UTC milliseconds. */
export const spanOf = (event: StoredEvent): { readonly startsAt: number; readonly endsAt: number } => ({
  startsAt: Math.max(event.startsAt, event.enteredAt),
  endsAt: endOf(event),
})

/**
 * Computes what came of an event that is over on one feeder, and writes what each device took and gave up. A limit is measured at the
 * feeder's head where it has a meter; what is shed, and what a price changes, at the devices that are steered.
 * @param called  days on which something was called for on the feeder, beside this event
 * @param at      UTC milliseconds of the platform's clock
 */
export async function computeResult(
  queries: Queries,
  event: StoredEvent,
  feederId: string,
  called: ReadonlySet<string>,
  civil: Civil,
  { at, isFinal }: { readonly at: number; readonly isFinal: boolean },
): Promise<EventResult> {
  const { eventId, action, terms } = event
  const { startsAt, endsAt } = spanOf(event)
  const question: BaselineQuestion = { startsAt, endsAt, called, civil }
  const direction = action.mode === 'limit' ? action.direction : 'import'
  const ders = await dersBelow(queries, feederId)
  const head = action.mode === 'limit' ? await headOf(queries, feederId) : undefined
  const series = head ?? ders
  const means = await hourMeans(queries, series, hoursFor(question))
  const baseline = baselineOf(question, (hour) => means.get(hour))
  const parts = 'reason' in baseline ? undefined : baseline.parts
  const measured = await measuredParts(queries, series, parts ?? partsOf(startsAt, endsAt), parts?.[0]?.hours ?? [])
  if (ders.deviceKeys.length > 0 && startsAt < endsAt) {
    const withHours = parts ?? partsOf(startsAt, endsAt).map((part) => ({ ...part, hours: [] }))
    await writeUtilisation(queries, eventId, event.startsAt, ders, withHours, direction === 'import' ? 1 : -1)
  }
  const committedKwh = action.targetShedKw === null ? null : action.targetShedKw * ((endsAt - startsAt) / hourMs)
  const said = { eventId, feederId, computedAt: at, isFinal, basis: head ? 'head' : 'devices', committedKwh } as const
  const delivered = 'reason' in baseline ? undefined : deliveredIn(baseline.parts, measured, direction)
  if (delivered === undefined || 'reason' in delivered) {
    const unknown = { baselineKwh: null, actualKwh: null, deliveredKwh: null, money: null }
    const coverage = delivered?.coverage ?? 0
    const reason = delivered?.reason ?? ('reason' in baseline ? baseline.reason : null)
    return { ...said, ...unknown, coverage, reason, detail: detailOf(baseline, measured) }
  }
  const money =
    terms === null ? null : demandMoney(delivered.deliveredKwh, committedKwh, terms, civil.dayOf(terms.since))
  return { ...said, ...delivered, reason: null, detail: detailOf(baseline, measured), money }
}

/** What was measured in each part: of several devices the share of those that the baseline knows. */
async function measuredParts(
  queries: Queries,
  series: EnergySeries,
  parts: readonly { readonly from: number; readonly to: number }[],
  baselineHours: readonly number[],
): Promise<MeasuredPart[]> {
  if (parts.length === 0) return []
  const known = await measuredDevices(queries, series, baselineHours)
  const found = await spanMeans(queries, series, parts)
  return parts.map(({ from, to }, index) => {
    const mean = found[index]
    if (!mean) return { actualKw: null, coverage: 0 }
    const quarters = Math.ceil((to - from) / quarterMs) * Math.max(known, mean.devices)
    return { actualKw: mean.kw, coverage: Math.min(1, mean.quarters / quarters) }
  })
}

function detailOf(baseline: Baseline | { readonly reason: string }, measured: readonly MeasuredPart[]): ResultDetail {
  if ('reason' in baseline) return { baselineDays: [], adjustmentKw: 0, unadjusted: null, parts: [] }
  const { days, adjustmentKw, unadjusted, parts } = baseline
  return {
    ...{ baselineDays: days, adjustmentKw, unadjusted },
    parts: parts.map(({ from, to, meanKw, baselineKw }, index) => ({
      ...{ from: new Date(from).toISOString(), to: new Date(to).toISOString(), meanKw, baselineKw },
      ...{ actualKw: measured[index]!.actualKw, coverage: measured[index]!.coverage },
    })),
  }
}
