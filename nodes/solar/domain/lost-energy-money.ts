import { truncatedToCents, type ExplainedMoney } from '../../../platform/regulation/money.ts'

/**
 * What energy that was not generated would have been worth. Amounts of several days are made of the sum of their energies: only what is
 * shown is truncated.
 * @param lostKwh   ≥ 0
 * @param validFrom civil day from which on the energy was lost
 */
export function lostEnergyMoney(
  lostKwh: number,
  { siteId, tariffBrlPerKwh }: { readonly siteId: string; readonly tariffBrlPerKwh: number },
  validFrom: string,
): ExplainedMoney {
  if (!(lostKwh >= 0) || lostKwh === Infinity) throw new RangeError(`lost energy out of range: ${lostKwh} kWh`)
  const exactBrl = lostKwh * tariffBrlPerKwh
  return {
    ...{ amountBrl: truncatedToCents(exactBrl), exactBrl },
    formula: 'lostKwh · tariffBrlPerKwh',
    inputs: { lostKwh, tariffBrlPerKwh },
    rule: { validFrom, source: `tariff of site ${siteId} in the registry` },
  }
}
