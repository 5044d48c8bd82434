import type { Queries } from '../../../platform/storage/queries.ts'
import type { QuarantineTally } from '../domain/quarantine-rate.ts'

/** What was counted into quarantine, by reason and device, where anything was since an instant. @param since  UTC milliseconds */
export const quarantineTallies = (queries: Queries, since: number, now: number): Promise<QuarantineTally[]> =>
  queries.query(
    `select q.reason, nullif(q.device_id, '') as "deviceId", a.unit_id as "unitId",
       coalesce(d.feeder_id, u.feeder_id, s.feeder_id) as "feederId",
       q.count::float8 as count, round(extract(epoch from q.first_at) * 1000)::float8 as "firstAt"
     from quarantine_count q
     left join device d on d.device_id = q.device_id
     left join meter_assignment a on a.device_key = d.device_key and a.validity @> to_timestamp($2::float8 / 1000)
     left join consumer_unit u on u.unit_id = a.unit_id
     left join site s on s.site_id = coalesce(d.site_id, u.site_id)
     where q.last_at > to_timestamp($1::float8 / 1000)`,
    [since, now],
  )
