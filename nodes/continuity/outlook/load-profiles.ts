import { pause } from '../../../platform/clock/pause.ts'
import { regulationChoices } from '../../../platform/regulation/options.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import { shiftDay } from '../../../platform/clock/civil-day.ts'
import { unitsMonthOf } from '../domain/emergency-situation.ts'
import { shiftMonth } from '../domain/month.ts'
import { distributorUnits } from '../registers/emergency-repository.ts'
import { calendarIn } from './civil-calendar.ts'
import {
  conjuntosOf,
  countUnits,
  enteredRows,
  lastIndicatorChange,
  monthsOfUnits,
  profilesAfter,
} from './profile-repository.ts'
import { UnitProfiles } from './unit-profiles.ts'

/** Units read at a time. */
const chunk = 5_000
/** Outages that began longer ago are judged by the critical days of this time. */
const criticalDaysBack = 60
/** As long as a chunk took, so many times as long is left to other work. */
const restFactor = 0.5

/** What profiles are loaded for. */
export interface ProfileScope {
  /** UTC milliseconds. */
  readonly now: number
  /** Of units without a conjunto. */
  readonly timeZone: string
  readonly mostUnits: number
}

/** Reads the profiles of all units, some thousand at a time. @returns undefined where `signal` was aborted meanwhile */
export async function loadProfiles(
  queries: Queries,
  { now, timeZone, mostUnits }: ProfileScope,
  signal: AbortSignal,
): Promise<UnitProfiles | undefined> {
  const { days, monthOf } = calendarIn(timeZone)
  const month = monthOf(now)
  const conjuntos = await conjuntosOf(queries, Number(month.slice(0, 4)), shiftDay(days.dayOf(now), -criticalDaysBack))
  const basis = {
    ...{ month, conjuntos, entered: await enteredRows(queries), choices: await regulationChoices(queries) },
    distributorUnits: await distributorUnits(queries, unitsMonthOf(days.dayOf(now))),
    // What is written meanwhile is read again.
    indicatorChange: await lastIndicatorChange(queries),
  }
  // Room for those that are registered meanwhile.
  const units = Math.min(mostUnits, Math.ceil((await countUnits(queries)) * 1.1) + 100)
  const profiles = new UnitProfiles(basis, units)
  for (let after = ''; !signal.aborted;) {
    const began = performance.now()
    const rows = await profilesAfter(queries, month, after, chunk)
    const last = rows.at(-1)
    if (!last) return profiles
    for (const row of rows) if (!profiles.add(row)) return profiles
    profiles.takeMonths(await monthsOfUnits(queries, monthsAround(month), rows[0]!.unitId, last.unitId))
    after = last.unitId
    await pause(restFactor * (performance.now() - began), signal)
  }
  return undefined
}

/** Months that outages of now are counted in: at their turn zones differ, and what began before may be of its beginning. */
export const monthsAround = (month: string): readonly string[] => [shiftMonth(month, -1), month, shiftMonth(month, 1)]
