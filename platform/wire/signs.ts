/**
 * Inside Linha Viva every power is positive for consumption at the device's terminals. PV inverters and solar panels
 * report generation as positive, so theirs is negated, once, here. Batteries (charging), EVs and meters (import)
 * already report consumption as positive.
 */
const generators: ReadonlySet<string> = new Set(['pv'])

/** Power of a DER in the house's sign, in the unit it was reported in; and from there in the device's own again. */
export function derPower(derType: string, reported: number): number {
  return generates(derType) ? negate(reported) : reported
}

/** Whether a DER of this type only generates: it says so as a positive number. */
export const generates = (derType: string): boolean => generators.has(derType)

/** Power of a solar panel in the house's sign, W. */
export function panelPowerW(generatedW: number): number {
  return negate(generatedW)
}

/** `-0` would be another value than `0` to the database's and to JavaScript's eye. */
function negate(value: number): number {
  return value === 0 ? 0 : -value
}
