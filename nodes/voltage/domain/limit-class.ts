import { voltageClassOf, type VoltageClass } from '../../../platform/regulation/voltage-class.ts'

/** Limits of the indicators beside the voltage itself: up to 2.3 kV, below 69 kV, below 230 kV; a class may have none. */
export type LimitsByClass = Readonly<Partial<Record<VoltageClass, number>>>

/**
 * The column of the norm's tables.
 * @param referenceV  reference voltage, V
 * @returns undefined from 230 kV on, for which these tables have none
 */
export const limitClassOf = (referenceV: number): VoltageClass | undefined =>
  referenceV >= 230_000 ? undefined : voltageClassOf(referenceV)
