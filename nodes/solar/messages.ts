import type { Condition } from '../../platform/wire/condition.ts'
import type { Words } from './domain/anomaly-words.ts'
import type { AnomalyKind, Evidence, Severity } from './domain/detectors/anomaly.ts'
import type { Performance } from './domain/performance.ts'

/** Figures of a day, with the money that the lost energy would have been worth; null: no tariff is known. */
export interface DayFigures extends Performance {
  readonly lostBrl: number | null
}

/** What a site and its panels made of a civil day: while it runs, and once more when it is over. */
export interface SolarPerformance {
  readonly topic: 'solar/performance'
  readonly payload: {
    /** Null: the panel has none. */
    readonly siteId: string | null
    /** `YYYY-MM-DD` in TIME_ZONE. */
    readonly day: string
    readonly isFinal: boolean
    /** Of all panels together. */
    readonly site: DayFigures
    readonly panels: readonly (DayFigures & { readonly panelId: string })[]
  }
}

/** A step in the life of an anomaly of a panel, or of each panel of a plant at once. */
export interface PerformanceAnomaly {
  /** Null: of the whole site, whose panels `panel_ids` names. */
  readonly panel_id: string | null
  readonly site_id: string | null
  readonly panel_ids: readonly string[]
  /** When it was found, or ended: ISO 8601. */
  readonly timestamp: string
  readonly alert_type: 'performance_anomaly'
  readonly severity: Severity
  readonly details: Words
  readonly recommendation: Words
  readonly kind: AnomalyKind
  readonly change: 'begun' | 'updated' | 'ended'
  readonly since: string
  readonly evidence: readonly (Omit<Evidence, 'since'> & { readonly since: string })[]
}

/** What became of anomalies, up to 500 at once. */
export interface SolarAnomalies {
  readonly topic: 'solar/anomalies'
  readonly payload: readonly PerformanceAnomaly[]
}

/** What is amiss with solar panels, for alarms. */
export interface SolarConditions {
  readonly topic: 'solar/conditions'
  readonly payload: readonly Condition[]
}
