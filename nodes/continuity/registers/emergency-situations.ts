import type { PoolClient } from 'pg'
import { civilDaysIn } from '../../../platform/clock/civil-day.ts'
import { environment } from '../../../platform/runtime/environment.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import { customerHours, judgeCustomerHours, unitsMonthOf, type ChiJudgement } from '../domain/emergency-situation.ts'
import { distributorUnits, eventOutages, upsertSituation, type EmergencySituation } from './emergency-repository.ts'
import { enterApproved } from './enter-rows.ts'

/** The customer-hours of an event against what makes it a situation of emergency. */
export interface EventChi extends ChiJudgement {
  readonly eventId: number
  /** UTC milliseconds. */
  readonly startedAt: number
  readonly lasts: boolean
  /** Units that were out in it. */
  readonly units: number
  /** N of the formula, and the month that it is of, `YYYY-MM`. */
  readonly distributorUnits: number
  readonly unitsMonth: string
}

/**
 * Customer-hours of an event so far.
 * @param now  UTC milliseconds, for what lasts
 * @returns undefined where there is no such event; null where the distributor has no units in conjuntos
 */
export async function eventChi(queries: Queries, eventId: number, now: number): Promise<EventChi | null | undefined> {
  const { units, outages } = await eventOutages(queries, eventId)
  if (outages.length === 0) return undefined
  const startedAt = outages[0]!.from
  const day = civilDaysIn(environment().TIME_ZONE).dayOf(startedAt)
  const unitsMonth = unitsMonthOf(day)
  const count = await distributorUnits(queries, unitsMonth)
  if (count < 1) return null
  const judgement = judgeCustomerHours(customerHours(outages, now), count, day)
  const lasts = outages.some(({ until }) => until === null)
  return { eventId, startedAt, lasts, units, distributorUnits: count, unitsMonth, ...judgement }
}

/** Writes a situation of emergency, or changes it, by an approval, in its transaction. */
export async function writeEmergencySituation(
  client: PoolClient,
  situation: EmergencySituation,
  approvalId: number,
): Promise<void> {
  await enterApproved(client, 'emergency-situations', approvalId, async (entryId) =>
    (await upsertSituation(client, situation, approvalId, entryId)) ? 'added' : 'changed',
  )
}
