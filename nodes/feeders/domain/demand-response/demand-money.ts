import { truncatedToCents, type ExplainedMoney } from '../../../../platform/regulation/money.ts'

/** What a program pays for, as it was when the event was entered. */
export interface DemandTerms {
  readonly programId: number
  readonly version: number
  readonly incentiveBrlPerKwh: number
  readonly penaltyBrlPerKwh: number
}

/**
 * What a program owes for an event (over zero), or is owed (below zero): the incentive for what was delivered, up to what was agreed
 * on, less the penalty for what is missing from it. Where nothing was agreed on all that was delivered is paid, and nothing is missing.
 * An event that was cancelled early is paid for the time until then: both energies are those of that time.
 * @param deliveredKwh  ≥ 0
 * @param committedKwh  what was agreed on for the time that the event was in force, kWh ≥ 0; null: nothing
 * @param validFrom     civil day from which on the program is what it is
 */
export function demandMoney(
  deliveredKwh: number,
  committedKwh: number | null,
  { programId, version, incentiveBrlPerKwh, penaltyBrlPerKwh }: DemandTerms,
  validFrom: string,
): ExplainedMoney {
  if (!(deliveredKwh >= 0)) throw new RangeError(`delivered energy out of range: ${deliveredKwh} kWh`)
  const paidKwh = committedKwh === null ? deliveredKwh : Math.min(deliveredKwh, committedKwh)
  const missingKwh = committedKwh === null ? 0 : Math.max(0, committedKwh - deliveredKwh)
  const exactBrl = incentiveBrlPerKwh * paidKwh - penaltyBrlPerKwh * missingKwh
  return {
    amountBrl: truncatedToCents(exactBrl),
    exactBrl,
    formula: 'incentiveBrlPerKwh · paidKwh − penaltyBrlPerKwh · missingKwh',
    inputs: {
      ...{ incentiveBrlPerKwh, paidKwh, penaltyBrlPerKwh, missingKwh, deliveredKwh },
      committedKwh: committedKwh ?? 'not agreed on',
    },
    rule: { validFrom, source: `demand response program ${programId}, version ${version}` },
  }
}
