import { isDeepStrictEqual } from 'node:util'
import type { PoolClient } from 'pg'
import { queriesOf } from '../../platform/storage/queries.ts'
import { regulationChoices } from '../../platform/regulation/options.ts'
import { courseOf, takenUp, withMissing, type Course } from './domain/measurement.ts'
import type { Calendar } from './domain/regularisation.ts'
import type { VoltageWindow } from './domain/windows.ts'
import {
  instrumentWindows,
  keepWindows,
  lockMeasurements,
  moveFollowed,
  nextChange,
  noteCorrections,
  rewrittenWindows,
} from './kept-window-repository.ts'
import { findMeasurement, measurementWindows, type Measurement } from './measurement-repository.ts'
import {
  abandonMeasurement,
  beginMeasurement,
  completeMeasurement,
  hasItsMeter,
  markComplete,
  moveTaken,
} from './measurement-state-repository.ts'
import { followViolations } from './violation-cases.ts'

/** When a step is taken. Instants are UTC milliseconds. */
export interface Moment {
  readonly now: number
  /** Up to where the windows of all meters have been closed: read before the step, so that none of them is missing to it. */
  readonly closedUntil: number
  readonly calendar: Calendar
}

const dayMs = 86_400_000
/** Windows that are looked at in one transaction, beyond those of one that wrote them. */
const mostRewritten = 20_000

/**
 * Takes a measurement as far as windows are closed: begins it when its time has come, keeps its windows, missing ones too, and
 * ends it when it is complete or has taken too long. Done twice, it does nothing.
 */
export async function takeUp(client: PoolClient, measurementId: number, moment: Moment): Promise<void> {
  await lockMeasurements(client)
  const measurement = await findMeasurement(queriesOf(client), measurementId)
  if (!measurement || (measurement.status === 'scheduled' && !(await begin(client, measurement, moment)))) return
  const { status, shortBy, startsAt, takenUntil, givesUpAt } = measurement
  if (status === 'abandoned' || (status === 'complete' && shortBy === 0)) return
  const until = Math.min(moment.closedUntil, givesUpAt)
  if (until <= takenUntil) return
  const take = await takerFor(client, measurement)
  const found = await instrumentWindows(client, measurement, takenUntil, until)
  const fresh = withMissing(found.map(take), takenUntil, until)
  const kept = await measurementWindows(queriesOf(client), measurementId)
  const course = courseOf([...kept, ...fresh], startsAt, moment.calendar.dayOf(startsAt))
  const counted = fresh.filter(({ start }) => start < course.end)
  await keepWindows(client, measurementId, counted)
  await moveTaken(client, measurementId, Math.max(takenUntil, course.end))
  if (course.complete) await settle(client, measurement, course, moment)
  else if (status === 'complete') await markComplete(client, measurementId, course.needed - course.valid)
  else if (until === givesUpAt) await giveUp(client, measurement, course, moment.now)
}

/** @returns whether it runs now */
async function begin(client: PoolClient, measurement: Measurement, { now }: Moment): Promise<boolean> {
  const { measurementId, unitId, deviceId, startsAt } = measurement
  if (startsAt > now) return false
  if (await hasItsMeter(client, measurementId)) {
    await beginMeasurement(client, measurementId)
    return true
  }
  const reason = `${deviceId} was not the meter of ${unitId} at the start`
  await abandonMeasurement(client, measurementId, { reason, by: null, at: now })
  return false
}

async function giveUp(client: PoolClient, measurement: Measurement, course: Course, now: number): Promise<void> {
  const { measurementId, startsAt, givesUpAt } = measurement
  const days = Math.round((givesUpAt - startsAt) / dayMs)
  const reason = `not complete after ${days} days, to be taken again: ${course.valid} of ${course.needed} windows are valid`
  await abandonMeasurement(client, measurementId, { reason, by: null, at: now })
}

/** What became of a measurement that is complete: a version of its result, and what follows from it. */
async function settle(client: PoolClient, measurement: Measurement, course: Course, moment: Moment): Promise<void> {
  const { measurementId, unitId, result: before } = measurement
  const { end: endedAt, ...counts } = course
  if (before && isDeepStrictEqual(shapeOf(before), shapeOf({ endedAt, ...counts })))
    return markComplete(client, measurementId, 0)
  const version = (before?.version ?? 0) + 1
  await completeMeasurement(client, measurementId, { ...counts, version, computedAt: moment.now, endedAt })
  await followViolations(client, unitId, moment)
}

type Shape = Pick<Course, 'valid' | 'invalid' | 'precarious' | 'critical' | 'drpViolated' | 'drcViolated'> & {
  readonly endedAt: number
}

/** What makes two results differ. */
const shapeOf = ({ endedAt, valid, invalid, precarious, critical, drpViolated, drcViolated }: Shape): Shape => ({
  ...{ endedAt, valid, invalid, precarious, critical, drpViolated, drcViolated },
})

/**
 * Brings windows that were computed again into the measurements that had taken them up. A complete one gets a new version of
 * its result where that becomes another; what the windows were before is kept.
 * @returns whether more may wait
 */
export async function followCorrections(client: PoolClient, moment: Moment): Promise<boolean> {
  const followed = await lockMeasurements(client)
  const upTo = await nextChange(client, followed, mostRewritten)
  if (upTo === undefined) return false
  for (const [measurementId, windows] of await rewrittenWindows(client, followed, upTo))
    await correct(client, measurementId, windows, moment)
  await moveFollowed(client, upTo)
  return true
}

async function correct(
  client: PoolClient,
  measurementId: number,
  rewritten: readonly VoltageWindow[],
  moment: Moment,
): Promise<void> {
  const measurement = (await findMeasurement(queriesOf(client), measurementId))!
  const take = await takerFor(client, measurement)
  const kept = new Map((await measurementWindows(queriesOf(client), measurementId)).map((each) => [each.start, each]))
  const corrections = rewritten.map(take).flatMap((after) => {
    const before = kept.get(after.start)
    return before && !isDeepStrictEqual(before, after) ? [{ before, after }] : []
  })
  if (corrections.length === 0) return
  for (const { after } of corrections) kept.set(after.start, after)
  await keepWindows(
    client,
    measurementId,
    corrections.map(({ after }) => after),
  )
  if (measurement.status !== 'complete') return
  await noteCorrections(client, measurementId, measurement.result!.version, corrections, moment.now)
  const { startsAt } = measurement
  const course = courseOf([...kept.values()], startsAt, moment.calendar.dayOf(startsAt))
  // What is missing now, following windows replace.
  if (course.complete) await settle(client, measurement, course, moment)
  else await markComplete(client, measurementId, course.needed - course.valid)
}

async function takerFor(
  client: PoolClient,
  { phases }: Measurement,
): Promise<(window: VoltageWindow) => VoltageWindow> {
  const { 'voltage-invalid-phase': invalidPhase } = await regulationChoices(queriesOf(client))
  return (window) => takenUp(window, phases, invalidPhase)
}
