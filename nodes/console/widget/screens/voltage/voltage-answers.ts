/** What the API says of voltage, as far as the page shows it (docs/voltage-quality.md). */

export type Band = 'adequate' | 'precarious' | 'critical'
export type InvalidReason = 'interruption' | 'vtcd' | 'coverage'
export type Phase = 'A' | 'B' | 'C'

/** The rolling seven days of a unit: indicative. */
export interface Week {
  /** End of the last window that counts; the week is the seven days before. */
  readonly until: string
  readonly validWindows: number
  readonly band: Band
  readonly drpPct: number
  readonly drpLimitPct: number
  readonly drpViolated: boolean
  readonly drpPhase: Phase | null
  readonly precariousWindows: number
  readonly drcPct: number
  readonly drcLimitPct: number
  readonly drcViolated: boolean
  readonly drcPhase: Phase | null
  readonly criticalWindows: number
}

export interface UnitRow extends Week {
  readonly unitId: string
  readonly feederId: string | null
  readonly meterId: string
  readonly referenceVoltageV: number
}

/** A ten-minute window of a unit. */
export interface UnitWindow {
  readonly start: string
  readonly va_v: number | null
  readonly vb_v: number | null
  readonly vc_v: number | null
  /** Share of the window that readings cover, 0 to 1. */
  readonly coverage: number
  readonly bandA: Band | null
  readonly bandB: Band | null
  readonly bandC: Band | null
  readonly valid: boolean
  readonly invalidReason: InvalidReason | null
  readonly evidence: Evidence | null
}

/** What shows that a window is invalid. */
export interface Evidence {
  readonly phase?: Phase
  readonly timestamp?: string
  readonly volts?: number
  readonly durationMs?: number
  readonly eventId?: string
  readonly coverage?: number
}

export interface VoltageUnit {
  readonly unitId: string
  readonly feederId: string | null
  readonly meterId: string | null
  readonly phases: string
  readonly referenceVoltageV: number
  readonly bands: {
    readonly criticalLowV: number
    readonly adequateLowV: number
    readonly adequateHighV: number
    readonly criticalHighV: number
    readonly source: string
  } | null
  readonly bandsMissing: string | null
  readonly week: Week | null
}

export interface Measurement {
  readonly measurementId: number
  readonly unitId: string
  readonly kind: 'sample' | 'complaint' | 'inspection'
  readonly protocol: string | null
  readonly status: 'scheduled' | 'running' | 'complete' | 'abandoned'
  readonly startsAt: string
}

/** The samples of a quarter as a whole. */
export interface Quarter {
  readonly quarter: string
  readonly nl: number
  readonly nc: number
  readonly drpePct: number | null
  readonly drcePct: number | null
  readonly iccPct: number | null
  readonly scheduled: number
  readonly running: number
  readonly abandoned: number
}

export interface CompensationMonth {
  readonly month: string
  readonly units: number
  readonly amountBrl: number
  readonly correctedBrl: number
  readonly pending: number
}

/** An amount that says how it comes about. */
export interface ExplainedMoney {
  readonly amountBrl: number
  readonly exactBrl: number
  readonly formula: string
  readonly inputs: Readonly<Record<string, number | string>>
  readonly rule: { readonly validFrom: string; readonly source: string }
}

export interface CompensationLine {
  readonly caseId: number
  readonly unitId: string
  readonly month: string
  readonly revision: number
  readonly measurementId: number
  readonly amountBrl: number | null
  readonly deltaBrl: number | null
  readonly explained: ExplainedMoney | null
  readonly cause: string
  readonly pending: string | null
}
