import { truncatedToCents, type ExplainedMoney } from '../../../platform/regulation/money.ts'
import type { Regulated } from '../../../platform/regulation/regulated.ts'
import type { VoltageClass } from '../../../platform/regulation/voltage-class.ts'
import { k2Chosen } from './compensation.ts'
import type { Path } from './forecast-paths.ts'
import type { TransgressionRule } from './transgression.ts'

export interface ForecastCharge {
  /** Charge for use of the system (EUSD) of the month, R$; without it no money is forecast. */
  readonly eusdBrl?: number
  readonly voltageClass: VoltageClass
  /** The option `voltage-k2-high-voltage`; as the rule says unless given. */
  readonly k2HighVoltage?: number
}

/**
 * The compensation of a month that is expected, on average over the ways in which a measurement may go on; k1 and k2 apply on those
 * ways only that pass their limits.
 * @param ends   none where the measurement is complete
 * @param soFar  windows of the phase that has most
 * @returns null where the charge is not known
 */
export function expectedCompensation(
  { eusdBrl, voltageClass, k2HighVoltage }: ForecastCharge,
  inForce: Regulated<TransgressionRule>,
  ends: readonly Path[],
  soFar: { readonly precarious: number; readonly critical: number },
): ExplainedMoney | null {
  if (eusdBrl === undefined) return null
  const { value: rule, validFrom, source } = k2Chosen(inForce, voltageClass, k2HighVoltage)
  const expectedExcessPct = (kind: 'precarious' | 'critical', limitPct: number): number => {
    const counts = ends.length === 0 ? [soFar[kind]] : ends.map((path) => path[kind].count)
    const excess = counts.map((count) => Math.max(0, (100 * count) / rule.windows - limitPct))
    return excess.reduce((sum, each) => sum + each, 0) / counts.length
  }
  const drpExcess = expectedExcessPct('precarious', rule.drpLimitPct)
  const drcExcess = expectedExcessPct('critical', rule.drcLimitPct)
  const { k1 } = rule
  const k2 = rule.k2[voltageClass]
  const exactBrl = ((drpExcess * k1 + drcExcess * k2) / 100) * eusdBrl
  return {
    amountBrl: truncatedToCents(exactBrl),
    exactBrl,
    formula: '(DRPexcess/100 · k1 + DRCexcess/100 · k2) · EUSD, with excess = E[max(0, indicator − limit)]',
    inputs: {
      ...{ DRPexcess: drpExcess, DRCexcess: drcExcess, DRPlimit: rule.drpLimitPct, DRClimit: rule.drcLimitPct },
      ...{ k1, k2, EUSD: eusdBrl, class: voltageClass, ways: ends.length },
    },
    rule: { validFrom, source },
  }
}
