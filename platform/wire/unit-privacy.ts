/** What tells how much a consumer unit uses, when, and whether it may use any: personal data in the sense of the LGPD. */
const consumption: ReadonlySet<string> = new Set(['p_kw', 'q_kvar', 'ia_a', 'ib_a', 'ic_a', 'contact'])

/**
 * What may be shown of a unit's meter to those who may not see personal data: the quality of the supply (voltages,
 * frequency), which is the distributor's own doing, and nothing of the use that is made of it.
 */
export const withoutConsumption = <T>(measures: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(measures).filter(([name]) => !consumption.has(name)))

/** What a charge point says of the car at it: at a home it tells who is in, and until when. */
const ofTheCar: readonly string[] = ['plugged_in', 'energy_needed_kwh', 'departs_at']

/**
 * What may be shown of a charge point to those who may not see personal data: its power, and nothing of whose car it is for.
 * Every other device as it is, the same object.
 */
export function withoutCar<T>(measures: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  if (!ofTheCar.some((name) => name in measures)) return measures
  return Object.fromEntries(Object.entries(measures).filter(([name]) => !ofTheCar.includes(name)))
}
