/** From where on a figure of the first screen is abnormal, and shown so. */
export const limits = {
  /** Silence of the server after which the values on screen no longer count as live, ms. */
  staleAfterMs: 5000,
  /** Ingest lag, ms: a reading is to be seen within a second. */
  lagAttentionMs: 2000,
  lagAlarmMs: 10_000,
  /** Batches that the roll-ups are behind. */
  rollupLagAttention: 100,
} as const

export type Severity = 'normal' | 'attention' | 'alarm'

export function lagSeverity(lagMs: number): Severity {
  if (lagMs >= limits.lagAlarmMs) return 'alarm'
  return lagMs >= limits.lagAttentionMs ? 'attention' : 'normal'
}
