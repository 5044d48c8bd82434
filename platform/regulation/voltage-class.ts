/** Voltage classes of the norm: low (up to 2.3 kV), medium (below 69 kV) and high voltage. */
export const voltageClasses = ['BT', 'MT', 'AT'] as const
export type VoltageClass = (typeof voltageClasses)[number]

/** @param referenceV  contracted voltage of a unit above 2.3 kV, else the nominal one, V */
export const voltageClassOf = (referenceV: number): VoltageClass =>
  referenceV >= 69_000 ? 'AT' : referenceV > 2_300 ? 'MT' : 'BT'
