import type { Queries } from '../../platform/storage/queries.ts'
import type { MeasurementStatus } from './measurement-repository.ts'

/** A measurement whose forecast somebody follows. */
export interface FollowedMeasurement {
  readonly measurementId: number
  readonly unitId: string
  readonly feederId: string | null
  readonly status: MeasurementStatus
  /** Windows that begin before have been taken up, UTC milliseconds. */
  readonly takenUntil: number
}

/**
 * Measurements that run, those asked for by their ids, and the newest of each unit if it ended since an instant or the unit is asked
 * for.
 * @param endedSince  UTC milliseconds; Infinity: none
 */
export const followedMeasurements = (
  queries: Queries,
  ids: readonly number[],
  endedSince: number,
  unitIds: readonly string[] = [],
): Promise<FollowedMeasurement[]> =>
  queries.query(
    `select measurement_id as "measurementId", unit_id as "unitId", coalesce(u.feeder_id, s.feeder_id) as "feederId", m.status,
       extract(epoch from taken_until)::float8 * 1000 as "takenUntil"
     from voltage_measurement m
     join consumer_unit u using (unit_id)
     left join site s using (site_id)
     where m.status = 'running' or measurement_id = any ($1)
       or m.status in ('complete', 'abandoned') and (taken_until >= to_timestamp($2::float8 / 1000) or m.unit_id = any ($3))
         and not exists (select from voltage_measurement n
           where n.unit_id = m.unit_id and n.measurement_id > m.measurement_id and n.status <> 'scheduled')
     order by measurement_id`,
    [ids, endedSince, unitIds],
  )
