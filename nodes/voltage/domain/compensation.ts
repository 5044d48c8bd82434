import { truncatedToCents, type ExplainedMoney } from '../../../platform/regulation/money.ts'
import type { Regulated } from '../../../platform/regulation/regulated.ts'
import type { VoltageClass } from '../../../platform/regulation/voltage-class.ts'
import { transgressionOn, type TransgressionRule } from './transgression.ts'

export interface CompensationFacts {
  /** Of a measurement, not rounded, %. */
  readonly drpPct: number
  readonly drcPct: number
  readonly voltageClass: VoltageClass
  /** Charge for the use of the distribution system (EUSD) in the month, R$. */
  readonly eusdBrl: number
  /** Civil day that says which rule holds, `YYYY-MM-DD`. */
  readonly day: string
  /** k2 of high voltage in the stead of the rule's, where the option `voltage-k2-high-voltage` says so. */
  readonly k2HighVoltage?: number
}

/**
 * What is due to one consumer unit for one month (PRODIST Módulo 8, item 29).
 * @throws RangeError where a percentage or the charge cannot be, NoRule where no rule is known for the day
 */
export function compensationOf(facts: CompensationFacts): ExplainedMoney {
  const { drpPct, drcPct, voltageClass, eusdBrl, day, k2HighVoltage } = facts
  within('DRP', drpPct, 100, '%')
  within('DRC', drcPct, 100, '%')
  within('EUSD', eusdBrl, Number.MAX_SAFE_INTEGER, 'R$')
  const { validFrom, source, value: rule } = k2Chosen(transgressionOn(day), voltageClass, k2HighVoltage)
  const k1 = drpPct > rule.drpLimitPct ? rule.k1 : 0
  const k2 = drcPct > rule.drcLimitPct ? rule.k2[voltageClass] : 0
  const precarious = k1 > 0 ? ((drpPct - rule.drpLimitPct) / 100) * k1 : 0
  const critical = k2 > 0 ? ((drcPct - rule.drcLimitPct) / 100) * k2 : 0
  const exactBrl = (precarious + critical) * eusdBrl
  return {
    amountBrl: truncatedToCents(exactBrl),
    exactBrl,
    formula: '[(DRP − DRPlimit)/100 · k1 + (DRC − DRClimit)/100 · k2] · EUSD',
    inputs: {
      DRP: drpPct,
      DRC: drcPct,
      DRPlimit: rule.drpLimitPct,
      DRClimit: rule.drcLimitPct,
      ...{ k1, k2, EUSD: eusdBrl, class: voltageClass },
    },
    rule: { validFrom, source },
  }
}

/** The rule with the k2 of high voltage that was chosen for it, and who says so, where that makes a difference to a class. */
export function k2Chosen(
  rule: Regulated<TransgressionRule>,
  voltageClass: VoltageClass,
  k2HighVoltage: number | undefined,
): Regulated<TransgressionRule> {
  const { source, value } = rule
  if (voltageClass !== 'AT' || k2HighVoltage === undefined || k2HighVoltage === value.k2.AT) return rule
  return {
    ...rule,
    source: `${source}; k2 of AT by the option voltage-k2-high-voltage`,
    value: { ...value, k2: { ...value.k2, AT: k2HighVoltage } },
  }
}

function within(name: string, value: number, most: number, unit: string): void {
  if (!(value >= 0 && value <= most)) throw new RangeError(`${name} is ${value} ${unit}: it takes 0 to ${most}`)
}
