import type { LiveConjunto } from '../../../../../platform/wire/live.ts'

/** How far a conjunto is from a critical day: `approved` by two persons, `above` the threshold, `near` from 80 % of it on. */
export type DayState = 'approved' | 'above' | 'near' | 'ordinary' | 'unknown'

export function dayStateOf({ today }: Pick<LiveConjunto, 'today'>): DayState {
  if (!today) return 'unknown'
  if (today.approved) return 'approved'
  if (today.stillNeeded === 0) return 'above'
  return today.occurrences >= 0.8 * today.threshold ? 'near' : 'ordinary'
}

/** How much of its yearly limits a conjunto has used, the greater share of both; −1 where there is no limit. */
const usedOf = ({ yearSoFar, limit }: LiveConjunto): number =>
  yearSoFar && limit ? Math.max(yearSoFar.decH / limit.decH, yearSoFar.fec / limit.fec) : -1

/** Conjuntos, those first that have used most of their limits. */
export const byUse = (conjuntos: Iterable<LiveConjunto>): LiveConjunto[] =>
  [...conjuntos].toSorted((one, other) => usedOf(other) - usedOf(one) || (one.conjuntoId < other.conjuntoId ? -1 : 1))
