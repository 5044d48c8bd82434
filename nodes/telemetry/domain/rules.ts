/** Limits that decide what a field message may be. All settable; the defaults stand here. */
export interface IntakeRules {
  /** A device's clock may run ahead by this much, ms. */
  maxAheadMs: number
  /** Older readings are refused, ms. */
  maxAgeMs: number
  /** Received later than this after its instant, a reading is `late`, ms. */
  lateAfterMs: number
  maxPayloadBytes: number
  maxItems: number
}

const second = 1_000
const day = 86_400 * second

export const defaultRules: IntakeRules = {
  maxAheadMs: 300 * second,
  maxAgeMs: 35 * day,
  lateAfterMs: 60 * second,
  maxPayloadBytes: 262_144,
  maxItems: 5_000,
}
