import { DatabaseError, type PoolClient } from 'pg'
import { badField, conflict } from '../../platform/http/problem.ts'
import { queriesOf } from '../../platform/storage/queries.ts'
import { regulationChoices } from '../../platform/regulation/options.ts'
import type { Database } from '../../platform/storage/database.ts'
import { bandLimitsOf, UnknownVoltage } from './domain/bands.ts'
import { measuredPhases } from './domain/measuring-point.ts'
import type { Calendar } from './domain/regularisation.ts'
import { windowMs, windowStart } from './domain/windows.ts'
import {
  findMeasurement,
  type InstrumentClass,
  type Measurement,
  type MeasurementKind,
} from './measurement-repository.ts'
import { findInstrument, findMeasurableUnit, insertMeasurement, type MeasurableUnit } from './schedule-repository.ts'

/** What measures: a portable instrument by its device, else the meter that the unit has. Days are `YYYY-MM-DD`. */
export interface Instrument {
  readonly class: InstrumentClass
  readonly serial: string
  readonly calibratedOn: string
  readonly calibrationValidUntil: string
  readonly deviceId?: string | null
}

export interface Schedule {
  readonly unitId: string
  readonly kind: MeasurementKind
  readonly protocol: string | null
  /** First day of the quarter of a sample; the one of its start unless given. */
  readonly quarter?: string | undefined
  readonly instrument: Instrument
  /** UTC milliseconds; the next full ten minutes unless given. */
  readonly startsAt?: number | undefined
  readonly retakeOf?: number
}

export interface Scheduling {
  readonly database: Database
  /** UTC milliseconds. */
  readonly now: number
  readonly calendar: Calendar
  readonly by: string
}

const dayMs = 86_400_000
const farthestDays = 366

/** @throws Problem 400 and 409, saying what stands against it */
export async function scheduleMeasurement(scheduling: Scheduling, schedule: Schedule): Promise<Measurement> {
  const { database, now, calendar, by } = scheduling
  const { unitId, kind, protocol, instrument, retakeOf = null } = schedule
  const startsAt = startOf(schedule, now)
  checkCalibration(instrument, calendar.dayOf(startsAt))
  try {
    return await database.transaction(async (client) => {
      const unit = await findMeasurableUnit(queriesOf(client), unitId, startsAt)
      if (!unit) throw badField('body.unitId', unitId, 'must be a unit of the registry')
      checkBands(unit, unitId, calendar.dayOf(startsAt))
      const { 'voltage-measurement-days': days } = await regulationChoices(queriesOf(client))
      const { class: instrumentClass, serial, calibratedOn, calibrationValidUntil, deviceId } = instrument
      const id = await insertMeasurement(client, {
        ...{ unitId, kind, protocol, instrumentClass, serial, calibratedOn, calibrationValidUntil, retakeOf, startsAt },
        quarter: kind === 'sample' ? (schedule.quarter ?? quarterOf(calendar.dayOf(startsAt))) : null,
        deviceKey: deviceId
          ? await portableKey(client, deviceId, unit, unitId, startsAt)
          : meterKey(unit, unitId, startsAt),
        ...{ portable: Boolean(deviceId), referenceV: unit.referenceV, phases: placesOf(unit) },
        ...{ givesUpAt: startsAt + days * dayMs, scheduledBy: by, scheduledAt: now },
      })
      return (await findMeasurement(queriesOf(client), id))!
    })
  } catch (error) {
    throw (error instanceof DatabaseError && refusals[error.constraint ?? '']?.(schedule)) || error
  }
}

const refusals: Readonly<Record<string, (schedule: Schedule) => Error>> = {
  voltage_measurement_open: ({ unitId }) => conflict(`${unitId} has a measurement that is scheduled or running`),
  voltage_measurement_instrument: ({ instrument: { deviceId }, unitId }) =>
    conflict(`${deviceId ?? `the meter of ${unitId}`} has a measurement that is scheduled or running`),
  voltage_measurement_retake_of_key: ({ retakeOf }) => conflict(`measurement ${retakeOf} has been retaken already`),
}

function startOf({ startsAt }: Schedule, now: number): number {
  if (startsAt === undefined) return windowStart(now) + windowMs
  const written = new Date(startsAt).toISOString()
  if (startsAt % windowMs !== 0) throw badField('body.startsAt', written, 'must be a full ten minutes')
  if (startsAt < windowStart(now)) throw conflict(`startsAt is ${written}: that has passed`)
  if (startsAt > now + farthestDays * dayMs)
    throw badField('body.startsAt', written, `must be ${farthestDays} days ahead at most`)
  return startsAt
}

function checkCalibration({ serial, calibratedOn, calibrationValidUntil }: Instrument, day: string): void {
  if (calibratedOn > calibrationValidUntil)
    throw badField('body.instrument.calibrationValidUntil', calibrationValidUntil, `must not be before ${calibratedOn}`)
  if (day < calibratedOn || day > calibrationValidUntil)
    throw conflict(
      `the calibration of instrument ${JSON.stringify(serial)} is in force from ${calibratedOn} to ${calibrationValidUntil}, not on ${day}, when the measurement starts`,
    )
}

function checkBands({ referenceV }: MeasurableUnit, unitId: string, day: string): void {
  try {
    bandLimitsOf(referenceV, day)
  } catch (error) {
    if (error instanceof UnknownVoltage) throw conflict(`${unitId} cannot be measured: ${error.message}`)
    throw error
  }
}

function meterKey({ meterKey }: MeasurableUnit, unitId: string, startsAt: number): number {
  if (meterKey === null)
    throw conflict(`${unitId} has no meter at ${new Date(startsAt).toISOString()}: name a portable instrument`)
  return meterKey
}

async function portableKey(
  client: PoolClient,
  deviceId: string,
  { referenceV }: MeasurableUnit,
  unitId: string,
  startsAt: number,
): Promise<number> {
  const instrument = await findInstrument(queriesOf(client), deviceId, startsAt)
  const field = 'body.instrument.deviceId'
  if (!instrument) throw badField(field, deviceId, 'must be a device of the registry')
  const { deviceKey, kind, status, nominalVoltageV, meterOf } = instrument
  if (kind !== 'meter') throw badField(field, deviceId, `must be a meter, not a ${kind ?? 'device of no kind'}`)
  if (status !== 'active') throw conflict(`${deviceId} is ${status}: approve it first`)
  if (meterOf !== null) throw conflict(`${deviceId} is the meter of ${meterOf}, not a portable instrument`)
  // Its windows are judged by its own nominal voltage, for it stands at no unit.
  if (nominalVoltageV !== referenceV)
    throw conflict(
      `${deviceId} has a nominal voltage of ${nominalVoltageV ?? 'no'} V in the registry, ${unitId} ${referenceV} V: they must be the same`,
    )
  return deviceKey
}

/** The places of the voltages that are measured, as `ABC`. */
const placesOf = ({ phases, measuredBetween }: MeasurableUnit): string =>
  measuredPhases(phases, measuredBetween).join('')

/** First day of a day's quarter, both `YYYY-MM-DD`. */
export function quarterOf(day: string): string {
  const first = Math.floor((Number(day.slice(5, 7)) - 1) / 3) * 3 + 1
  return `${day.slice(0, 4)}-${String(first).padStart(2, '0')}-01`
}
