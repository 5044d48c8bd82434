import type { PoolClient } from 'pg'
import type { Queries } from '../../platform/storage/queries.ts'
import type { InstrumentClass, MeasurementKind } from './measurement-repository.ts'
import type { Terminals } from './domain/measuring-point.ts'
import { referenceVoltage } from '../../platform/network/reference-voltage.ts'

/** A unit as it is to be measured, with the meter that it has at an instant. */
export interface MeasurableUnit {
  readonly referenceV: number
  /** As `ABC`. */
  readonly phases: string
  readonly measuredBetween: Terminals
  readonly meterKey: number | null
}

/** @param at  UTC milliseconds @returns undefined where there is no such unit */
export async function findMeasurableUnit(
  queries: Queries,
  unitId: string,
  at: number,
): Promise<MeasurableUnit | undefined> {
  const [unit] = await queries.query<MeasurableUnit>(
    `select ${referenceVoltage} as "referenceV", phases,
       measured_between as "measuredBetween", device_key as "meterKey"
     from consumer_unit u
     left join meter_assignment a on a.unit_id = u.unit_id and validity @> to_timestamp($2::float8 / 1000)
     where u.unit_id = $1`,
    [unitId, at],
  )
  return unit
}

export interface PortableInstrument {
  readonly deviceKey: number
  readonly kind: string | null
  readonly status: string
  readonly nominalVoltageV: number | null
  /** The unit whose meter it is; null: of none. */
  readonly meterOf: string | null
}

/** @param at  UTC milliseconds @returns undefined where there is no such device */
export async function findInstrument(
  queries: Queries,
  deviceId: string,
  at: number,
): Promise<PortableInstrument | undefined> {
  const [device] = await queries.query<PortableInstrument>(
    `select d.device_key as "deviceKey", kind, status, nominal_voltage_v as "nominalVoltageV", unit_id as "meterOf"
     from device d
     left join meter_assignment a on a.device_key = d.device_key and upper_inf(validity * tstzrange(to_timestamp($2::float8 / 1000), null))
     where device_id = $1 limit 1`,
    [deviceId, at],
  )
  return device
}

export interface NewMeasurement {
  readonly unitId: string
  readonly kind: MeasurementKind
  readonly protocol: string | null
  /** First day of the quarter of a sample. */
  readonly quarter: string | null
  readonly instrumentClass: InstrumentClass
  readonly serial: string
  readonly calibratedOn: string
  readonly calibrationValidUntil: string
  readonly deviceKey: number
  readonly portable: boolean
  readonly referenceV: number
  readonly phases: string
  /** UTC milliseconds. */
  readonly startsAt: number
  readonly givesUpAt: number
  readonly retakeOf: number | null
  readonly scheduledBy: string
  readonly scheduledAt: number
}

/** @returns its id @throws DatabaseError 23505 where unit or instrument have an open one, or the one retaken was before */
export async function insertMeasurement(client: PoolClient, given: NewMeasurement): Promise<number> {
  const { rows } = await client.query<{ id: number }>(
    `insert into voltage_measurement (unit_id, kind, protocol, quarter, class, serial, calibrated_on, calibration_valid_until, device_key,
       portable, reference_v, phases, starts_at, taken_until, gives_up_at, retake_of, scheduled_by, scheduled_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, to_timestamp($13::float8 / 1000), to_timestamp($13::float8 / 1000),
       to_timestamp($14::float8 / 1000), $15, $16, to_timestamp($17::float8 / 1000))
     returning measurement_id as id`,
    [
      ...[given.unitId, given.kind, given.protocol, given.quarter, given.instrumentClass, given.serial],
      ...[given.calibratedOn, given.calibrationValidUntil, given.deviceKey, given.portable, given.referenceV],
      ...[given.phases, given.startsAt, given.givesUpAt, given.retakeOf, given.scheduledBy, given.scheduledAt],
    ],
  )
  return rows[0]!.id
}
