import type { DerTelemetry } from '../../platform/wire/payloads.ts'
import { round } from '../draw.ts'

/** What every distributed energy resource says about itself. */
export interface DerSpec {
  readonly id: string
  readonly siteId: string
  readonly feederId: string
  /** The feeder above; none: it hangs on the root. */
  readonly parentFeederId?: string
  /** Rated power, kW. */
  readonly pMaxKw: number
  /** Share under a limit, 0 to 100: higher first. */
  readonly priority: number
}

/** What every distributed energy resource measures. */
export interface DerState {
  /** Instant of the state, UTC milliseconds. */
  readonly at: number
  /** Power that really flows, kW, in the device's own sign. */
  readonly powerKw: number
  /** Power as its meter shows it, kW. */
  readonly measuredKw: number
  /** Power the device steers to, kW; none while it runs free. */
  readonly targetKw?: number
}

/** The part of the telemetry that all kinds share. */
export function derPayload(type: string, spec: DerSpec, state: DerState): DerTelemetry {
  return {
    deviceId: spec.id,
    type,
    timestamp: new Date(state.at).toISOString(),
    p_actual_kw: round(state.measuredKw, 3),
    ...(state.targetKw === undefined ? {} : { p_setpoint_kw: round(state.targetKw, 3) }),
    site_id: spec.siteId,
    p_max_kw: spec.pMaxKw,
    feeder_id: spec.feederId,
    ...(spec.parentFeederId !== undefined && { parent_feeder_id: spec.parentFeederId }),
    priority: spec.priority,
    is_physical: false,
  }
}
