import type { Database } from '../../platform/storage/database.ts'
import { referenceVoltage } from '../../platform/network/reference-voltage.ts'

/** A meter with its reference voltage: that of its unit, else its own. */
export interface ReferredMeter {
  readonly deviceId: string
  readonly unitId: string | null
  /** V; null where nobody says. */
  readonly referenceV: number | null
}

/** Meters at `$1` (UTC milliseconds) that are not kept out. */
const referred = `
  select device_id as "deviceId", unit_id as "unitId", coalesce(${referenceVoltage}, d.nominal_voltage_v) as "referenceV"
  from device d
  left join meter_assignment a on a.device_key = d.device_key and validity @> to_timestamp($1::float8 / 1000)
  left join consumer_unit u using (unit_id)
  where kind = 'meter' and d.status = 'active'`

/** All reference voltages that meters have, V. */
export async function referenceVoltages(database: Database, now: number): Promise<number[]> {
  const rows = await database.query<{ referenceV: number }>(
    `select distinct "referenceV" from (${referred}) meters where "referenceV" is not null order by 1`,
    [now],
  )
  return rows.map(({ referenceV }) => referenceV)
}

/** Meters without reference voltage or with one of these, by identifier, behind one. */
export const metersReferringTo = (
  database: Database,
  now: number,
  voltages: readonly number[],
  page: { readonly after: string | undefined; readonly limit: number },
): Promise<ReferredMeter[]> =>
  database.query<ReferredMeter>(
    `select * from (${referred} and device_id > $3) meters
     where "referenceV" is null or "referenceV" = any ($2::float8[]) order by "deviceId" limit $4`,
    [now, voltages, page.after ?? '', page.limit],
  )
