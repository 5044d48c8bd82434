import { exclusionRules } from './exclusions.ts'
import type { InterruptionFacts } from './interruption.ts'

/** The parcels into which ANEEL divides DEC and FEC, as its data set of collective indicators calls them. */
export const parcels = ['IP', 'IND', 'INE', 'INC', 'IPC', 'INO', 'XN', 'XP', 'XNC', 'XPC'] as const
export type Parcel = (typeof parcels)[number]

/** Those that are compared with the limit (PRODIST Módulo 8 v14, item 186). */
export const comparableParcels: readonly Parcel[] = ['IP', 'IND']

/**
 * The parcel that a unit's outage is of; null where it is nobody's interruption but the user's own (item 178 a, b, d).
 * Emergency goes before the critical day, and origin before both.
 * @param unitId         whom it is asked for: an exclusion may be of one unit
 * @param onCriticalDay  whether the outage is of a critical day of the unit's conjunto
 */
export function parcelOf(interruption: InterruptionFacts, unitId: string, onCriticalDay: boolean): Parcel | null {
  const { origin, programmed, exclusions } = interruption
  const kinds = exclusions
    .filter((exclusion) => exclusion.unitId === null || exclusion.unitId === unitId)
    .map(({ reason }) => exclusionRules[reason].parcel)
  if (kinds.includes('none')) return null
  if (origin === 'external' || kinds.includes('external')) {
    if (onCriticalDay) return programmed ? 'XPC' : 'XNC'
    return programmed ? 'XP' : 'XN'
  }
  if (kinds.includes('rationing')) return 'INO'
  if (kinds.includes('emergency')) return 'INE'
  if (onCriticalDay) return programmed ? 'IPC' : 'INC'
  return programmed ? 'IP' : 'IND'
}
