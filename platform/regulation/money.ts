/** Money that explains itself: whoever is shown an amount can calculate it again. */
export interface ExplainedMoney {
  /** What is paid: truncated to cents, R$. */
  readonly amountBrl: number
  /** Before truncation, R$. */
  readonly exactBrl: number
  /** In words of the norm, with the names of `inputs`. */
  readonly formula: string
  readonly inputs: Readonly<Record<string, number | string>>
  /** Which rule was applied: when it came into force, and where it stands. */
  readonly rule: { readonly validFrom: string; readonly source: string }
}

/** Less than this is what binary fractions lost, not money, R$. */
const lostBrl = 1e-8

/** Truncates to cents, the last thing that is done to an amount (REN 414/2010 art. 213 and its successor in REN 1.000/2021). */
export const truncatedToCents = (brl: number): number => Math.trunc((brl + Math.sign(brl) * lostBrl) * 100) / 100
