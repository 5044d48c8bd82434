import type { Queries } from '../../platform/storage/queries.ts'
import type { PerPhase } from './domain/sample.ts'
import type { VoltageWindow } from './domain/windows.ts'
import { windowColumns, windowOfRow, type WindowRow } from './window-row.ts'

export const measurementKinds = ['sample', 'complaint', 'inspection'] as const
export type MeasurementKind = (typeof measurementKinds)[number]
export const measurementStatuses = ['scheduled', 'running', 'complete', 'abandoned'] as const
export type MeasurementStatus = (typeof measurementStatuses)[number]
export const instrumentClasses = ['A', 'S'] as const
export type InstrumentClass = (typeof instrumentClasses)[number]

/** An official measurement. Instants are UTC milliseconds, days `YYYY-MM-DD`. */
export interface Measurement {
  readonly measurementId: number
  readonly unitId: string
  readonly kind: MeasurementKind
  readonly protocol: string | null
  /** First day of the quarter that a sample is of. */
  readonly quarter: string | null
  readonly instrumentClass: InstrumentClass
  readonly serial: string
  readonly calibratedOn: string
  readonly calibrationValidUntil: string
  readonly deviceKey: number
  readonly deviceId: string
  readonly portable: boolean
  /** Of the unit, as they were when it was scheduled: V, and as `ABC`. */
  readonly referenceV: number
  readonly phases: string
  readonly startsAt: number
  /** Not complete by then, it is to be taken again. */
  readonly givesUpAt: number
  readonly status: MeasurementStatus
  /** Windows that begin before have been taken up. */
  readonly takenUntil: number
  /** Valid windows that corrections took from a complete one, not replaced yet. */
  readonly shortBy: number
  readonly reason: string | null
  readonly retakeOf: number | null
  readonly retakenBy: number | null
  readonly scheduledBy: string
  readonly scheduledAt: number
  readonly abandonedBy: string | null
  readonly abandonedAt: number | null
  /** The one in force. */
  readonly result: MeasurementResult | null
}

/** What a measurement came to. */
export interface MeasurementResult {
  readonly version: number
  readonly computedAt: number
  /** End of the last window that counts. */
  readonly endedAt: number
  readonly valid: number
  readonly invalid: number
  readonly precarious: PerPhase<number>
  readonly critical: PerPhase<number>
  readonly nlp: number
  readonly nlc: number
  readonly drpPct: number
  readonly drcPct: number
  readonly drpViolated: boolean
  readonly drcViolated: boolean
}

const resultObject = `json_build_object(
  'version', r.version, 'computedAt', extract(epoch from r.computed_at) * 1000, 'endedAt', extract(epoch from r.ended_at) * 1000,
  'valid', r.valid, 'invalid', r.invalid, 'precarious', r.precarious, 'critical', r.critical, 'nlp', r.nlp, 'nlc', r.nlc,
  'drpPct', r.drp_pct, 'drcPct', r.drc_pct, 'drpViolated', r.drp_violated, 'drcViolated', r.drc_violated)`

const measurementsFrom = `
  select m.measurement_id as "measurementId", m.unit_id as "unitId", m.kind, m.protocol, m.quarter::text, m.class as "instrumentClass",
    m.serial, m.calibrated_on::text as "calibratedOn", m.calibration_valid_until::text as "calibrationValidUntil",
    m.device_key as "deviceKey", d.device_id as "deviceId", m.portable, m.reference_v as "referenceV", m.phases,
    extract(epoch from m.starts_at)::float8 * 1000 as "startsAt", extract(epoch from m.gives_up_at)::float8 * 1000 as "givesUpAt",
    m.status, extract(epoch from m.taken_until)::float8 * 1000 as "takenUntil", m.short_by as "shortBy", m.reason,
    m.retake_of as "retakeOf", n.measurement_id as "retakenBy",
    m.scheduled_by as "scheduledBy", extract(epoch from m.scheduled_at)::float8 * 1000 as "scheduledAt",
    m.abandoned_by as "abandonedBy", extract(epoch from m.abandoned_at)::float8 * 1000 as "abandonedAt",
    r.result
  from voltage_measurement m
  join device d using (device_key)
  left join voltage_measurement n on n.retake_of = m.measurement_id
  left join lateral (
    select ${resultObject} as result from measurement_result r where r.measurement_id = m.measurement_id order by version desc limit 1
  ) r on true`

/** @returns undefined where there is none */
export async function findMeasurement(queries: Queries, measurementId: number): Promise<Measurement | undefined> {
  const [found] = await queries.query<Measurement>(`${measurementsFrom} where m.measurement_id = $1`, [measurementId])
  return found
}

export interface MeasurementFilter {
  readonly unitId?: string | undefined
  readonly kind?: MeasurementKind | undefined
  readonly status?: MeasurementStatus | undefined
  /** Of the start, both included, UTC ms. */
  readonly from?: number | undefined
  readonly to?: number | undefined
}

/** The newest first, `limit` at most, those before `before`. */
export const listMeasurements = (
  queries: Queries,
  { unitId, kind, status, from, to }: MeasurementFilter,
  page: { before?: number | undefined; limit: number },
): Promise<Measurement[]> =>
  queries.query(
    `${measurementsFrom}
     where ($1::text is null or m.unit_id = $1) and ($2::measurement_kind is null or m.kind = $2)
       and ($3::measurement_status is null or m.status = $3)
       and ($4::float8 is null or m.starts_at >= to_timestamp($4 / 1000)) and ($5::float8 is null or m.starts_at <= to_timestamp($5 / 1000))
       and ($6::integer is null or m.measurement_id < $6)
     order by m.measurement_id desc limit $7`,
    [unitId ?? null, kind ?? null, status ?? null, from ?? null, to ?? null, page.before ?? null, page.limit],
  )

/** All versions, the first one first. */
export async function resultsOf(queries: Queries, measurementId: number): Promise<MeasurementResult[]> {
  const rows = await queries.query<{ result: MeasurementResult }>(
    `select ${resultObject} as result from measurement_result r where measurement_id = $1 order by version`,
    [measurementId],
  )
  return rows.map(({ result }) => result)
}

/** The kept windows of a measurement, oldest first, those that begin at `from` or later. */
export async function measurementWindows(
  queries: Queries,
  measurementId: number,
  { from = 0, limit = null }: { from?: number; limit?: number | null } = {},
): Promise<VoltageWindow[]> {
  const rows = await queries.query<WindowRow>(
    `select ${windowColumns('w')} from measurement_window w
     where measurement_id = $1 and at >= to_timestamp($2::float8 / 1000) order by at limit $3`,
    [measurementId, from, limit],
  )
  return rows.map(windowOfRow)
}
