import { detailsOf, recommendationOf } from '../domain/anomaly-words.ts'
import type { AnomalyChange } from '../domain/detectors/anomaly.ts'
import type { PerformanceAnomaly, SolarAnomalies } from '../messages.ts'
import { siteOfPlant } from '../slots/plant-repository.ts'
import { shownEvidence } from './solar-conditions.ts'

const mostAtOnce = 500

/** What became of anomalies, as messages tell it. */
export function* anomalyMessages(changes: readonly AnomalyChange[]): Generator<SolarAnomalies> {
  for (let first = 0; first < changes.length; first += mostAtOnce)
    yield { topic: 'solar/anomalies', payload: changes.slice(first, first + mostAtOnce).map(shown) }
}

function shown({ change, at, anomaly }: AnomalyChange): PerformanceAnomaly {
  const { panelId, panelIds, siteId, kind, severity, since } = anomaly
  return {
    ...{ panel_id: panelId, site_id: siteOfPlant(siteId), panel_ids: panelIds },
    ...{ timestamp: new Date(at).toISOString(), alert_type: 'performance_anomaly', severity },
    ...{ details: detailsOf(anomaly), recommendation: recommendationOf(anomaly), kind, change },
    ...{ since: new Date(since).toISOString(), evidence: shownEvidence(anomaly) },
  }
}
