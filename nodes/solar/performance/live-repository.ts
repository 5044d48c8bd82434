import { milliseconds } from '../../../platform/storage/milliseconds.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { Anomaly } from '../domain/detectors/anomaly.ts'
import type { YieldSums } from '../domain/performance.ts'
import { selectedSums } from './day-repository.ts'

/** A panel with its newest day, and what is amiss with it. */
export interface LivePanelRow extends YieldSums {
  readonly panelId: string
  readonly siteId: string | null
  readonly feederId: string | null
  readonly day: string
  readonly isFinal: boolean
  readonly ratedW: number
  readonly anomalies: readonly Pick<Anomaly, 'kind' | 'severity' | 'since' | 'evidence'>[]
}

/** Another whenever something was computed, or an anomaly began, changed or ended. */
export async function solarVersion(queries: Queries): Promise<string> {
  const [row] = await queries.query<{ version: string }>(
    `select concat_ws(' ', (select max(position) from solar_round), (select max(anomaly_id) from solar_anomaly),
       (select sum(extract(epoch from changed_at)) from solar_anomaly where ended_at is null),
       (select count(*) from solar_anomaly where ended_at is null)) as version`,
  )
  return row!.version
}

/** Panels with a day that began since an instant (UTC milliseconds), `most` of them by their identifiers. */
export const livePanels = (queries: Queries, since: number, most: number): Promise<LivePanelRow[]> =>
  queries.query(
    `select d.device_id as "panelId", d.site_id as "siteId", coalesce(d.feeder_id, s.feeder_id) as "feederId",
       to_char(newest.day, 'YYYY-MM-DD') as day, newest.is_final as "isFinal", newest.rated_w as "ratedW", ${selectedSums},
       coalesce(amiss.anomalies, '[]') as anomalies
     from (select distinct on (device_key) * from solar_panel_day where begins_at >= to_timestamp($1::float8 / 1000)
           order by device_key, begins_at desc) newest
     join device d using (device_key)
     left join site s on s.site_id = d.site_id
     left join lateral (
       select json_agg(json_build_object('kind', kind, 'severity', severity, 'since', ${milliseconds('began_at')}, 'evidence', evidence)
         order by array_position(array['critical', 'high', 'medium', 'low'], severity), began_at) as anomalies
       from solar_anomaly a where ended_at is null and d.device_id = any (a.panel_ids) and a.plant_id = newest.plant_id
     ) amiss on true
     order by d.device_id limit $2`,
    [since, most],
  )
