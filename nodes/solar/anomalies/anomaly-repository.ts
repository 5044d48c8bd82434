import { milliseconds } from '../../../platform/storage/milliseconds.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { Anomaly, AnomalyChange } from '../domain/detectors/anomaly.ts'
import type { LastingAnomaly } from './solar-conditions.ts'

/** An anomaly as it is kept. Instants are UTC milliseconds. */
export interface KeptAnomaly extends Anomaly {
  readonly anomalyId: number
  readonly foundAt: number
  readonly changedAt: number
  readonly endedAt: number | null
}

/** What the detectors remember of a plant; undefined: nothing, or another version's. */
export async function detectorState<State>(
  queries: Queries,
  plantId: string,
  version: number,
): Promise<State | undefined> {
  const [row] = await queries.query<{ state: State }>(
    'select state from solar_detector_state where plant_id = $1 and version = $2',
    [plantId, version],
  )
  return row?.state
}

export const keepDetectorState = (
  queries: Queries,
  plantId: string,
  version: number,
  state: object,
): Promise<object[]> =>
  queries.query(
    `insert into solar_detector_state (plant_id, version, state) values ($1, $2, $3)
     on conflict (plant_id) do update set version = excluded.version, state = excluded.state`,
    [plantId, version, JSON.stringify(state)],
  )

/**
 * Enters what became of anomalies of a plant, in the order in which it did. Saying it twice changes nothing.
 * @param keyOf  panels by their identifiers
 */
export async function enterChanges(
  queries: Queries,
  plantId: string,
  keyOf: ReadonlyMap<string, number>,
  changes: readonly AnomalyChange[],
): Promise<void> {
  for (const { change, at, anomaly } of changes) {
    const deviceKey = anomaly.panelId === null ? null : keyOf.get(anomaly.panelId)!
    const { kind, severity, since, panelIds, evidence, recommendations } = anomaly
    if (change === 'ended')
      await queries.query(
        `update solar_anomaly set ended_at = greatest(began_at, to_timestamp($4::float8 / 1000)),
           changed_at = to_timestamp($4::float8 / 1000)
         where plant_id = $1 and device_key is not distinct from $2::integer and kind = $3 and ended_at is null`,
        [plantId, deviceKey, kind, at],
      )
    else
      await queries.query(
        `insert into solar_anomaly (plant_id, device_key, kind, began_at, found_at, changed_at, severity, panel_ids, evidence,
           recommendations)
         values ($1, $2, $3, to_timestamp($4::float8 / 1000), to_timestamp($5::float8 / 1000), to_timestamp($5::float8 / 1000), $6, $7,
           $8, $9)
         on conflict (plant_id, coalesce(device_key, 0), kind) where ended_at is null do update set
           changed_at = excluded.changed_at, severity = excluded.severity, panel_ids = excluded.panel_ids,
           evidence = excluded.evidence, recommendations = excluded.recommendations`,
        [...[plantId, deviceKey, kind, since, at, severity], panelIds, JSON.stringify(evidence), recommendations],
      )
  }
}

/** Ends what lasts of a plant whose detectors begin anew: of what they find again another one begins. */
export const endAllOf = (queries: Queries, plantId: string, at: number): Promise<object[]> =>
  queries.query(
    `update solar_anomaly set ended_at = greatest(began_at, to_timestamp($2::float8 / 1000)),
       changed_at = to_timestamp($2::float8 / 1000)
     where plant_id = $1 and ended_at is null`,
    [plantId, at],
  )

/** Ends what lasts of panels that are not of their plant any more, and of plants without panels. */
export const endOfGone = (queries: Queries, at: number): Promise<object[]> =>
  queries.query(
    `update solar_anomaly a set ended_at = greatest(began_at, to_timestamp($1::float8 / 1000)),
       changed_at = to_timestamp($1::float8 / 1000)
     where ended_at is null and not exists (
       select from device d where d.kind = 'panel' and d.status = 'active'
         and coalesce(d.site_id, 'panel/' || d.device_id) = a.plant_id and (a.device_key is null or a.device_key = d.device_key))`,
    [at],
  )

const columns = `a.anomaly_id::float8 as "anomalyId", a.plant_id as "siteId", d.device_id as "panelId", a.panel_ids as "panelIds", a.kind,
  a.severity, ${milliseconds('a.began_at')} as since, ${milliseconds('a.found_at')} as "foundAt",
  ${milliseconds('a.changed_at')} as "changedAt", ${milliseconds('a.ended_at')} as "endedAt", a.evidence, a.recommendations`

/** Anomalies that last, the gravest first, `most` of them, with the feeder that they are on. */
export const lastingAnomalies = (queries: Queries, most: number): Promise<(KeptAnomaly & LastingAnomaly)[]> =>
  queries.query(
    `select ${columns}, coalesce(d.feeder_id, s.feeder_id) as "feederId"
     from solar_anomaly a left join device d using (device_key) left join site s on s.site_id = a.plant_id
     where a.ended_at is null
     order by array_position(array['critical', 'high', 'medium', 'low'], a.severity), a.began_at, a.anomaly_id limit $1`,
    [most],
  )

/** Which anomalies are wanted; what is undefined says nothing. Instants are UTC milliseconds. */
export interface AnomalyFilter {
  readonly siteId?: string | undefined
  readonly panelId?: string | undefined
  readonly kind?: string | undefined
  readonly severity?: string | undefined
  /** Those that last, or false: those that ended. */
  readonly lasting?: boolean | undefined
  /** Those that lasted at or after it, and those that began before. */
  readonly from?: number | undefined
  readonly until?: number | undefined
}

export interface AnomalyKey {
  readonly since: number
  readonly anomalyId: number
}

/** The newest first. What is of a whole plant is of each of its panels. */
export const listAnomalies = (
  queries: Queries,
  filter: AnomalyFilter,
  page: { readonly before: AnomalyKey | undefined; readonly limit: number },
): Promise<KeptAnomaly[]> =>
  queries.query(
    `select ${columns} from solar_anomaly a left join device d using (device_key)
     where ($1::text is null or a.plant_id = $1) and ($2::text is null or $2 = any (a.panel_ids))
       and ($3::text is null or a.kind = $3) and ($4::text is null or a.severity = $4)
       and ($5::boolean is null or (a.ended_at is null) = $5)
       and ($6::float8 is null or a.ended_at is null or a.ended_at >= to_timestamp($6::float8 / 1000))
       and ($7::float8 is null or a.began_at < to_timestamp($7::float8 / 1000))
       and ($8::float8 is null or (a.began_at, a.anomaly_id) < (to_timestamp($8::float8 / 1000), $9::bigint))
     order by a.began_at desc, a.anomaly_id desc limit $10`,
    [
      ...[filter.siteId ?? null, filter.panelId ?? null, filter.kind ?? null, filter.severity ?? null],
      ...[filter.lasting ?? null, filter.from ?? null, filter.until ?? null],
      ...[page.before?.since ?? null, page.before?.anomalyId ?? null, page.limit],
    ],
  )
