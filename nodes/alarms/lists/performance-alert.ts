import { Type, type Static } from '@sinclair/typebox'
import { Nullable, OneOf } from '../../../platform/http/fields.ts'
import { priorities } from '../domain/alarm.ts'
import type { ListedOccurrence } from './history-repository.ts'

/** An occurrence with what its condition showed; null: of an earlier occurrence, or nothing. */
export interface Alert extends ListedOccurrence {
  readonly evidence: Readonly<Record<string, unknown>> | null
}

const Words = Type.Object({ en: Type.String(), pt: Type.String() })

/** What an alert about a solar panel says besides. */
export const performanceFields = {
  panel_id: Type.Optional(Nullable(Type.String({ description: 'Of a solar panel; null: of a whole plant' }))),
  timestamp: Type.Optional(Type.String({ format: 'date-time', description: 'Since when it is so' })),
  alert_type: Type.Optional(OneOf(['performance_anomaly'], 'Of solar panels only')),
  severity: Type.Optional(OneOf(priorities, 'How grave the anomaly was then')),
  anomaly_kind: Type.Optional(Type.String({ description: 'What is amiss with the panel', examples: ['soiling'] })),
  details: Type.Optional(Words),
  recommendation: Type.Optional(Words),
  evidence: Type.Optional(Nullable(Type.Unknown({ description: 'What shows it; null: of an earlier occurrence' }))),
}

const PerformanceFields = Type.Object(performanceFields)
type PerformanceAlert = Static<typeof PerformanceFields>

/** What an alert says as an anomaly of a solar panel; nothing where it is about something else. */
export function performanceAlert({ area, deviceId, beganAt, priority, text, evidence }: Alert): PerformanceAlert {
  const { anomaly, details, recommendation } = text.parameters
  if (area !== 'solar' || typeof anomaly !== 'string' || !areWords(details) || !areWords(recommendation)) return {}
  return {
    ...{ panel_id: deviceId, timestamp: new Date(beganAt).toISOString() },
    ...{ alert_type: 'performance_anomaly' as const, severity: priority },
    ...{ anomaly_kind: anomaly, details, recommendation, evidence: evidence?.['anomalies'] ?? null },
  }
}

const areWords = (value: unknown): value is { en: string; pt: string } => typeof value === 'object' && value !== null
