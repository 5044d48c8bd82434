import { Type } from '@sinclair/typebox'
import { Instant, instantOrNull, Name, Nullable, OneOf, rounded, roundedOrNull } from '../../../platform/http/fields.ts'
import { detailsOf, recommendationOf } from '../domain/anomaly-words.ts'
import { anomalyKinds, severities } from '../domain/detectors/anomaly.ts'
import { siteOfPlant } from '../slots/plant-repository.ts'
import type { KeptAnomaly } from './anomaly-repository.ts'
import { shownEvidence } from './solar-conditions.ts'

const Words = Type.Object({ en: Type.String(), pt: Type.String() })

const Evidence = Type.Object(
  {
    feature: Type.String({ description: 'What it is about', examples: ['power_ratio'] }),
    value: Type.Number({ description: 'What was found, in `unit`' }),
    expected: Nullable(Type.Number({ description: 'What it should have been' })),
    unit: Type.String({ description: 'Of both; 1: a ratio', examples: ['W'] }),
    since: Instant('Since when it is so'),
  },
  { $id: 'SolarEvidence' },
)

/** Columns of an anomaly that are no lists. */
export const anomalyFields = {
  anomaly_id: Type.Integer({ description: 'The same for as long as it lasts' }),
  panel_id: Nullable(Name('The panel; null: of the whole site, whose panels `panel_ids` names', 'panel-001')),
  site_id: Nullable(Name('Where it is', 'school-01')),
  timestamp: Instant('When it began'),
  alert_type: OneOf(['performance_anomaly'], 'What it is'),
  severity: OneOf(severities, 'How grave it is'),
  kind: OneOf(anomalyKinds, 'What is amiss'),
  found_at: Instant('When it was found'),
  changed_at: Instant('When it last changed'),
  ended_at: Nullable(Instant('When it was over; null: it lasts')),
}

export const AnomalySchema = Type.Object(
  {
    ...anomalyFields,
    panel_ids: Type.Array(Type.String(), { description: 'All panels that it is of' }),
    details: Words,
    recommendation: Words,
    evidence: Type.Array(Evidence, { description: 'The most telling first' }),
  },
  { $id: 'SolarAnomaly' },
)

/** An anomaly, as the API shows it. */
export const shownAnomaly = (anomaly: KeptAnomaly) => ({
  ...{ anomaly_id: anomaly.anomalyId, panel_id: anomaly.panelId, site_id: siteOfPlant(anomaly.siteId) },
  timestamp: new Date(anomaly.since).toISOString(),
  ...{ alert_type: 'performance_anomaly' as const, severity: anomaly.severity, kind: anomaly.kind },
  found_at: new Date(anomaly.foundAt).toISOString(),
  changed_at: new Date(anomaly.changedAt).toISOString(),
  ended_at: instantOrNull(anomaly.endedAt),
  panel_ids: [...anomaly.panelIds],
  ...{ details: detailsOf(anomaly), recommendation: recommendationOf(anomaly) },
  evidence: shownEvidence(anomaly).map(({ value, expected, ...one }) => ({
    ...{ ...one, value: rounded(value), expected: roundedOrNull(expected) },
  })),
})
