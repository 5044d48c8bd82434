import type { Evidence, Severity } from './anomaly.ts'

/** Evidence as a rule finds it, before anybody knows since when it is so. */
export type Finding = Omit<Evidence, 'since'>

/**
 * What a rule says of one slot: that what it looks for holds, that it does not, or (night, clouds, missing measures, another
 * cause) that nobody can tell, which neither begins an anomaly nor ends one.
 */
export type Verdict =
  | {
      readonly says: 'holds'
      readonly findings: readonly Finding[]
      readonly severity: Severity
      /** How many slots of doubt this one is worth, 1 unless it is conclusive. */
      readonly weight: number
    }
  | { readonly says: 'clear' }
  | { readonly says: 'unknown' }

export const clear: Verdict = { says: 'clear' }
export const unknown: Verdict = { says: 'unknown' }
export const holds = (severity: Severity, ...findings: readonly Finding[]): Verdict => ({
  ...{ says: 'holds', findings, severity, weight: 1 },
})

/** A verdict that counts for so many slots; others as they are. */
export const weighed = (verdict: Verdict, weight: number): Verdict =>
  verdict.says === 'holds' ? { ...verdict, weight } : verdict

/** How grave it is that a share of a panel's power is lost, 0…1. */
export const severityOfLoss = (share: number): Severity => (share >= 0.9 ? 'high' : share >= 0.3 ? 'medium' : 'low')
