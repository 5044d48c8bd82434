import type { BothLanguages } from '../screen-words.ts'

export const severities = ['critical', 'high', 'medium', 'low'] as const
export type Severity = (typeof severities)[number]

/** What can be amiss with a panel or a plant, as the detectors call it. */
export const anomalyKinds = [
  ...(['inverter_trip', 'zero_output', 'string_open', 'short_circuit', 'clipping', 'low_voltage', 'mismatch'] as const),
  ...(['shading', 'soiling', 'degradation', 'hot_panel', 'hot_spot', 'out_of_range', 'stuck_value', 'clock'] as const),
  'unusual',
] as const
export type AnomalyKind = (typeof anomalyKinds)[number]

/** Figures of a civil day; the ratios are null while nobody can tell them, R$ where no tariff is registered. */
export interface DayFigures {
  readonly date: string
  readonly isFinal: boolean
  readonly ratedKw: number
  readonly energyKwh: number
  readonly expectedKwh: number
  readonly lostKwh: number
  readonly lostBrl: number | null
  readonly performanceIndex: number | null
  readonly performanceRatio: number | null
  readonly correctedRatio: number | null
}

/** Five minutes of a plant. */
export interface Slot {
  readonly timestamp: string
  readonly powerW: number
  readonly expectedW: number
  readonly irradianceWm2: number
  readonly reporting: number
  readonly panels: number
}

export interface SiteSolar {
  readonly siteId: string
  readonly feederId: string | null
  readonly ratedKw: number
  readonly placeIsKnown: boolean
  readonly items: readonly DayFigures[]
  readonly panels: readonly { readonly panelId: string; readonly ratedW: number; readonly today: DayFigures | null }[]
  readonly slots: readonly Slot[]
  readonly state: 'well' | 'amiss' | 'unknown'
}

export interface SolarAnomaly {
  readonly anomaly_id: number
  readonly panel_id: string | null
  readonly site_id: string | null
  readonly timestamp: string
  readonly severity: Severity
  readonly kind: AnomalyKind
  readonly found_at: string
  readonly ended_at: string | null
  readonly panel_ids: readonly string[]
  readonly details: BothLanguages
  readonly recommendation: BothLanguages
  readonly evidence: readonly Evidence[]
}

export interface Evidence {
  readonly feature: string
  readonly value: number
  readonly expected: number | null
  readonly unit: string
  readonly since: string
}

export interface PlantMaintenance {
  readonly siteId: string | null
  readonly panelId: string | null
  readonly horizonDays: number
  readonly panels: number
  readonly duePanels: number
  readonly daysUntil: number | null
  readonly lostKwh: number
  readonly lostBrl: number | null
  readonly cleaningCostBrl: number | null
  readonly cleaningPays: boolean | null
  readonly avoidedBrl: number | null
  readonly advice: BothLanguages
}

export interface PanelMaintenance {
  readonly panelId: string
  readonly ratio: number
  readonly cleanRatio: number
  readonly threshold: number
  readonly daysUntil: number | null
  readonly daysFrom: number | null
  readonly daysTo: number | null
  readonly horizonDays: number
  readonly lostUntilKwh: number
  readonly lostUntilBrl: number | null
  readonly cleaningPays: boolean | null
  readonly advice: BothLanguages
}

export const visitKinds = ['inspection', 'cleaning', 'repair', 'replacement'] as const
export type VisitKind = (typeof visitKinds)[number]

export interface Visit {
  readonly visitId: number
  readonly siteId: string | null
  readonly panelId: string | null
  readonly what: VisitKind
  readonly doneAt: string
  readonly doneBy: string
  readonly note: string | null
  readonly notedBy: string
}

/** A slot older than this is not what a plant generates now: five minutes, a minute of grace, and the time to work it out. */
const newestSlotMs = 20 * 60_000

/** @returns the newest five minutes of a plant; undefined where they are too long ago to count as now */
export function slotOfNow(slots: readonly Slot[], now: number): Slot | undefined {
  const newest = slots.at(-1)
  return newest && now - Date.parse(newest.timestamp) <= newestSlotMs ? newest : undefined
}

/** Those that last first, the gravest of them first, then the newest. */
export function inOrder(anomalies: readonly SolarAnomaly[]): SolarAnomaly[] {
  const isOver = ({ ended_at }: SolarAnomaly): number => (ended_at === null ? 0 : 1)
  return anomalies.toSorted(
    (one, other) =>
      isOver(one) - isOver(other) ||
      severities.indexOf(one.severity) - severities.indexOf(other.severity) ||
      Date.parse(other.timestamp) - Date.parse(one.timestamp),
  )
}
