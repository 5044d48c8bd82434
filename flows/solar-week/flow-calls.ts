import type { AnomalyKind } from '../../nodes/solar/domain/detectors/anomaly.ts'
import type { Call } from '../solar-year/call.ts'

/** An anomaly as the API tells of it, what of it is judged. */
export interface ToldAnomaly {
  readonly kind: AnomalyKind
  readonly panel_ids: readonly string[]
  readonly timestamp: string
  readonly found_at: string
  readonly ended_at: string | null
}

/** What the flow called, panel by panel, in the order in which it was found. */
export const callsOf = (anomalies: readonly ToldAnomaly[]): Call[] =>
  anomalies
    .flatMap(({ kind, panel_ids, timestamp, found_at, ended_at }) =>
      panel_ids.map((panelId) => ({
        ...{ panelId, kind, since: Date.parse(timestamp), foundAt: Date.parse(found_at) },
        endedAt: ended_at === null ? Infinity : Date.parse(ended_at),
      })),
    )
    .sort((one, other) => one.foundAt - other.foundAt)
