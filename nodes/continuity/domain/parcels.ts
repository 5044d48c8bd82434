import { exclusionRules } from './exclusions.ts'
import type { InterruptionFacts } from './interruption.ts'

/** The parcels into which ANEEL divides DEC and FEC, as its data set of collective indicators calls them. */
export const parcels = ['IP', 'IND', 'INE', 'INC', 'IPC', 'INO', 'XN', 'XP', 'XNC', 'XPC'] as const
export type Parcel = (typeof parcels)[number]

/** Those that are compared with the limit (PRODIST Módulo 8 v14, item 186). */
export const comparableParcels: readonly Parcel[] = ['IP', 'IND']

/** Those of a critical day, which DICRI is of. */
export const criticalParcels: readonly Parcel[] = ['INC', 'IPC']

/** What an interruption of a situation of emergency is of on a critical day (option continuity-emergency-on-critical-day). */
export type OnBoth = 'emergency' | 'critical-day'

/**
 * The parcel that a unit's outage is of; null where it is nobody's interruption but the user's own (item 178 a, b, d).
 * Origin goes before all others, then rationing.
 * @param unitId         whom it is asked for: an exclusion may be of one unit
 * @param onCriticalDay  whether the outage is of a critical day of the unit's conjunto
 */
export function parcelOf(
  interruption: InterruptionFacts,
  unitId: string,
  onCriticalDay: boolean,
  onBoth: OnBoth = 'emergency',
): Parcel | null {
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
  if (kinds.includes('emergency') && !(onCriticalDay && onBoth === 'critical-day')) return 'INE'
  if (onCriticalDay) return programmed ? 'IPC' : 'INC'
  return programmed ? 'IP' : 'IND'
}
