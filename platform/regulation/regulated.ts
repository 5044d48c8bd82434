/** A rule as data: what it says, from when to when, and where that is written. */
export interface Regulated<T> {
  /** First civil day on which it holds, `YYYY-MM-DD`. */
  readonly validFrom: string
  /** Last civil day on which it holds; open where it is in force. */
  readonly validTo?: string
  /** Norm, item or table; with what is known of how sure it is. */
  readonly source: string
  readonly value: T
}

/** No rule is known for a day. */
export class NoRule extends Error {
  override readonly name = 'NoRule'
}

/** Whether a rule is in force on a civil day `YYYY-MM-DD`. */
export const holdsOn = ({ validFrom, validTo }: Regulated<unknown>, day: string): boolean =>
  validFrom <= day && (validTo === undefined || day <= validTo)

/**
 * The rule in force on a day.
 * @param what  what it is about, for the error
 * @param day   civil day `YYYY-MM-DD`
 * @throws NoRule where none holds
 */
export function ruleOn<T>(what: string, rules: readonly Regulated<T>[], day: string): Regulated<T> {
  const rule = rules.find((each) => holdsOn(each, day))
  if (!rule) throw new NoRule(`no rule for ${what} is known on ${day}: the first one holds from ${rules[0]?.validFrom}`)
  return rule
}
