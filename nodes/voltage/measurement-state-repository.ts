import type { PoolClient } from 'pg'
import type { Queries } from '../../platform/storage/queries.ts'
import type { MeasurementResult } from './measurement-repository.ts'

/** A measurement that has windows to take up, and which: UTC milliseconds. */
export interface DueMeasurement {
  readonly measurementId: number
  readonly from: number
  readonly until: number
}

/** Measurements that have to begin, or have windows to take up. @param now  @param closedUntil  both UTC milliseconds */
export const dueMeasurements = (queries: Queries, now: number, closedUntil: number): Promise<DueMeasurement[]> =>
  queries.query(
    `select measurement_id as "measurementId", extract(epoch from taken_until)::float8 * 1000 as "from",
       greatest(extract(epoch from taken_until)::float8 * 1000, least(extract(epoch from gives_up_at)::float8 * 1000, $2::float8)) as until
     from voltage_measurement
     where status = 'scheduled' and starts_at <= to_timestamp($1::float8 / 1000)
       or (status = 'running' or status = 'complete' and short_by > 0)
         and taken_until < least(gives_up_at, to_timestamp($2::float8 / 1000))
     order by 1`,
    [now, closedUntil],
  )

/** Whether a unit's meter is the one that it had been scheduled with, at the start. */
export async function hasItsMeter(client: PoolClient, measurementId: number): Promise<boolean> {
  const { rows } = await client.query(
    `select from voltage_measurement m
     where measurement_id = $1 and (portable or exists (select from meter_assignment a
       where a.device_key = m.device_key and a.unit_id = m.unit_id and a.validity @> m.starts_at))`,
    [measurementId],
  )
  return rows.length > 0
}

export async function beginMeasurement(client: PoolClient, measurementId: number): Promise<void> {
  await client.query(
    `update voltage_measurement set status = 'running' where measurement_id = $1 and status = 'scheduled'`,
    [measurementId],
  )
}

/** @param until  windows that begin before have been taken up, UTC milliseconds */
export async function moveTaken(client: PoolClient, measurementId: number, until: number): Promise<void> {
  await client.query(
    'update voltage_measurement set taken_until = to_timestamp($2::float8 / 1000) where measurement_id = $1',
    [measurementId, until],
  )
}

/** @param by  null: not a person @param at  UTC milliseconds @returns whether it was scheduled or running until now */
export async function abandonMeasurement(
  client: PoolClient,
  measurementId: number,
  { reason, by, at }: { reason: string; by: string | null; at: number },
): Promise<boolean> {
  const { rowCount } = await client.query(
    `update voltage_measurement set status = 'abandoned', reason = $2, abandoned_by = $3, abandoned_at = to_timestamp($4::float8 / 1000)
     where measurement_id = $1 and status in ('scheduled', 'running')`,
    [measurementId, reason, by, at],
  )
  return rowCount === 1
}

/** A measurement has a result, its first or a corrected one. */
export async function completeMeasurement(
  client: PoolClient,
  measurementId: number,
  result: MeasurementResult,
): Promise<void> {
  await client.query(
    `insert into measurement_result (measurement_id, version, computed_at, ended_at, valid, invalid, precarious, critical, nlp, nlc,
       drp_pct, drc_pct, drp_violated, drc_violated)
     values ($1, $2, to_timestamp($3::float8 / 1000), to_timestamp($4::float8 / 1000), $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
    [
      ...[measurementId, result.version, result.computedAt, result.endedAt, result.valid, result.invalid],
      ...[result.precarious, result.critical, result.nlp, result.nlc],
      ...[result.drpPct, result.drcPct, result.drpViolated, result.drcViolated],
    ],
  )
  await markComplete(client, measurementId, 0)
}

/** @param shortBy  valid windows that it lacks after corrections */
export async function markComplete(client: PoolClient, measurementId: number, shortBy: number): Promise<void> {
  await client.query(`update voltage_measurement set status = 'complete', short_by = $2 where measurement_id = $1`, [
    measurementId,
    shortBy,
  ])
}
