/**
 * What can be amiss with a solar panel, in the order in which one explains another: while an earlier one of a panel lasts, a
 * later one of the same loss is not said.
 */
export const anomalyKinds = [
  ...(['clock', 'out_of_range', 'stuck_value', 'inverter_trip', 'string_open', 'hot_spot', 'short_circuit'] as const),
  ...([
    'zero_output',
    'clipping',
    'low_voltage',
    'hot_panel',
    'shading',
    'soiling',
    'degradation',
    'mismatch',
  ] as const),
  'unusual',
] as const

export type AnomalyKind = (typeof anomalyKinds)[number]

export const severities = ['low', 'medium', 'high', 'critical'] as const
/** As the hint that conditions carry. */
export type Severity = (typeof severities)[number]

/** What evidence is about. Ratios are against what the panel should show, as its siblings make of the sky. */
export type Feature =
  | ('power_w' | 'voltage_v' | 'current_a' | 'temperature_c' | 'irradiance_wm2')
  | ('power_ratio' | 'voltage_ratio' | 'current_ratio' | 'loss_per_day' | 'unchanged_minutes' | 'forest_score')
  | 'sun_elevation_deg'

/** A value that shows an anomaly, beside what was expected of it. */
export interface Evidence {
  readonly feature: Feature
  readonly value: number
  /** What it should have been; `null` where a limit or a siblings' figure makes no sense. */
  readonly expected: number | null
  /** As `W`, `V`, `A`, `°C`, `1` of a ratio, `1/d`, `min`, `°`. */
  readonly unit: string
  /** Since when it is so, UTC milliseconds. */
  readonly since: number
}

/** What is amiss with a panel, or with a whole site, for as long as it lasts. Its subject, kind and beginning tell it apart. */
export interface Anomaly {
  readonly siteId: string
  /** `null`: of the whole site, such as a trip of its inverter. */
  readonly panelId: string | null
  /** All panels that it is of. */
  readonly panelIds: readonly string[]
  readonly kind: AnomalyKind
  /** When it began, UTC milliseconds; it was found later. */
  readonly since: number
  readonly severity: Severity
  readonly evidence: readonly Evidence[]
  /** What to do, most telling first. */
  readonly recommendations: readonly Recommendation[]
}

/** What is to be done about an anomaly; `recommendationTexts` has the words. */
export type Recommendation =
  | ('check-cooling' | 'look-for-dirt-or-damage' | 'check-connections' | 'schedule-inspection')
  | ('check-inverter' | 'check-sensor' | 'check-clock' | 'clear-shade' | 'clean' | 'check-string')

/** A step in the life of an anomaly. `updated`: it became more or less severe. */
export interface AnomalyChange {
  readonly change: 'begun' | 'updated' | 'ended'
  /** When it was found, UTC milliseconds: the beginning of the 5 minutes that showed it. */
  readonly at: number
  readonly anomaly: Anomaly
}
