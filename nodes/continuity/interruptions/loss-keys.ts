import type { Loss } from '../domain/event-roots.ts'
import type { LostElement } from '../domain/meter-losses.ts'

/**
 * What losses are called by while it is worked out of which interruption their pieces are: those of switches `keyOfLoss`, the
 * others as here. A name of the registry has no blank in it: none can be taken for one of these.
 */

/** Of an outage that a person entered. */
export const keyOfEntry = (entryId: number): string => `entry ${entryId}`

/** @returns the number of the entry; undefined for another loss */
export const entryOfKey = (key: string): number | undefined => numberAfter('entry ', key)

/** Of times that a correction gives to an interruption. */
export const keyOfInterruption = (interruptionId: number): string => `interruption ${interruptionId}`

/** @returns the number of the interruption; undefined for another loss */
export const interruptionOfKey = (key: string): number | undefined => numberAfter('interruption ', key)

/** Of what meters alone tell of. */
export const keyOfMeterLoss = ({ element: { kind, id }, takenAt }: LostElement): string =>
  `meter ${kind} ${id}@${takenAt}`

/** What `keyOfLoss` made the key of. */
export function lossOfKey(key: string): Loss {
  const at = key.lastIndexOf('@')
  return { elementId: key.slice(0, at), takenAt: Number(key.slice(at + 1)) }
}

const numberAfter = (word: string, key: string): number | undefined =>
  key.startsWith(word) ? Number(key.slice(word.length)) : undefined
