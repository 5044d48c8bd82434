/** What tells how much a consumer unit uses, when, and whether it may use any: personal data in the sense of the LGPD. */
const consumption: ReadonlySet<string> = new Set(['p_kw', 'q_kvar', 'ia_a', 'ib_a', 'ic_a', 'contact'])

/**
 * What may be shown of a unit's meter to those who may not see personal data: the quality of the supply (voltages,
 * frequency), which is the distributor's own doing, and nothing of the use that is made of it.
 */
export const withoutConsumption = <T>(measures: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(measures).filter(([name]) => !consumption.has(name)))
