import type { Database } from '../../platform/storage/database.ts'

/** A meter of a unit, and when it was within the period asked for: both ends included, UTC milliseconds. */
export interface UnitMeter {
  readonly deviceKey: number
  readonly from: number
  readonly to: number
}

/** The meters that a unit had from `from` to `to`, oldest first. @returns undefined where there is no such unit */
export async function findUnitMeters(
  database: Database,
  unitId: string,
  from: number,
  to: number,
): Promise<UnitMeter[] | undefined> {
  const rows = await database.query<{ deviceKey: number | null; from: number; to: number }>(
    `select device_key as "deviceKey",
       greatest(coalesce(extract(epoch from lower(validity))::float8 * 1000, '-infinity'), $2::float8) as "from",
       -- Its end is where the next one begins.
       least(coalesce(extract(epoch from upper(validity))::float8 * 1000 - 1, 'infinity'), $3::float8) as "to"
     from consumer_unit u
     left join meter_assignment a on a.unit_id = u.unit_id
       and a.validity && tstzrange(to_timestamp($2::float8 / 1000), to_timestamp($3::float8 / 1000), '[]')
     where u.unit_id = $1
     order by lower(validity) nulls first limit 1000`,
    [unitId, from, to],
  )
  if (rows.length === 0) return undefined
  return rows.flatMap(({ deviceKey, from, to }) => (deviceKey === null ? [] : [{ deviceKey, from, to }]))
}
