import { ruleOn, type Regulated } from '../../../platform/regulation/regulated.ts'
import type { VoltageClass } from '../../../platform/regulation/voltage-class.ts'

/** What the norm makes of the windows of a measurement. */
export interface TransgressionRule {
  /** Valid windows that make up a measurement: seven days of ten minutes. */
  readonly windows: number
  /** More than so many percent violate. */
  readonly drpLimitPct: number
  readonly drcLimitPct: number
  /** Coefficients of the compensation, where violated. */
  readonly k1: number
  readonly k2: Readonly<Record<VoltageClass, number>>
}

export const transgressionRules: readonly Regulated<TransgressionRule>[] = [
  {
    validFrom: '2000-01-01',
    source: 'PRODIST Módulo 8 v14, Seção 8.1, items 28 and 29 (k2 of AT: one source)',
    value: { windows: 1_008, drpLimitPct: 3, drcLimitPct: 0.5, k1: 3, k2: { BT: 7, MT: 5, AT: 3 } },
  },
]

/** Windows of a measurement that may lie in a band without violating, of the phase with most of them. */
export interface WindowBudget {
  readonly precarious: number
  readonly critical: number
}

/** What the limits allow: a percentage above the limit violates, one at it does not. */
export function budgetOf({ windows, drpLimitPct, drcLimitPct }: TransgressionRule): WindowBudget {
  const within = (limitPct: number): number => Math.floor((limitPct * windows) / 100 + 1e-9)
  return { precarious: within(drpLimitPct), critical: within(drcLimitPct) }
}

/** @param day  civil day `YYYY-MM-DD` @throws NoRule */
export const transgressionOn = (day: string): Regulated<TransgressionRule> =>
  ruleOn('voltage transgression', transgressionRules, day)
