import type { CivilDays } from '../../../platform/clock/civil-day.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import { keyFigures } from '../domain/kpis/key-figures.ts'
import { byDay, byTenMinutes, tenMinutesMs, type PeriodCount } from '../domain/kpis/rates.ts'
import {
  chatteringAlarms,
  countHidden,
  countStale,
  hiddenWithoutAuthorisation,
  mostFrequent,
  periodTotals,
  toldByMinute,
  type KpiFilter,
} from './kpi-repository.ts'

/** Alarms that are named, of each kind of trouble. */
const mostNamed = 10
/** Points of the finest series: a month of them. */
const mostPoints = 31 * 144
const mostFloods = 500

/** All that is told of a period. @param filter  its ends are of whole ten minutes */
export async function alarmKpis(queries: Queries, filter: KpiFilter, days: CivilDays) {
  const { from, until } = filter
  // One after the other: each may take a second, and others want the database too.
  const minutes = await toldByMinute(queries, filter)
  const totals = await periodTotals(queries, filter)
  const frequent = await mostFrequent(queries, filter, mostNamed)
  const chattering = await chatteringAlarms(queries, filter, mostNamed)
  const stale = await countStale(queries, filter)
  const unauthorised = await hiddenWithoutAuthorisation(queries, filter)
  const { figures, floods } = keyFigures({
    ...{ from, until, minutes, byPriority: totals.byPriority, chattering: chattering.all, stale },
    mostFrequent: frequent.alarms.map(({ alarms }) => alarms),
    suppressedWithoutAuthorisation: unauthorised.reduce((sum, { alarms }) => sum + alarms, 0),
  })
  return {
    ...{ from, until, figures, totals, unacknowledged: frequent.unacknowledged },
    hiddenNow: await countHidden(queries, filter),
    floodCount: floods.length,
    floods: floods.slice(-mostFloods),
    mostFrequent: frequent.alarms,
    chattering: chattering.alarms,
    unauthorised: unauthorised.slice(0, mostNamed),
    perDay: dayCounts(minutes, from, until, days),
    perTenMinutes: byTenMinutes(minutes).slice(-mostPoints),
  }
}

/** The whole ten minutes of the clock of a period: what is not over yet is not judged. */
export const wholePeriod = (
  from: number,
  until: number,
  now: number,
): { readonly from: number; readonly until: number } => ({
  from: Math.floor(from / tenMinutesMs) * tenMinutesMs,
  until: Math.floor(Math.min(until, now) / tenMinutesMs) * tenMinutesMs,
})

/** Alarms by civil day: the first and the last one as far as they are of the period. */
function dayCounts(
  minutes: Parameters<typeof byDay>[0],
  from: number,
  until: number,
  days: CivilDays,
): (PeriodCount & { readonly day: string })[] {
  const named: { day: string; start: number }[] = []
  for (let day = days.dayOf(from); ; day = days.next(day)) {
    const start = days.startOf(day)!
    if (start >= until) break
    named.push({ day, start: Math.max(start, from) })
  }
  const counts = byDay(minutes, [...named.map(({ start }) => start), until])
  return counts.map((count, place) => ({ ...count, day: named[place]!.day }))
}
