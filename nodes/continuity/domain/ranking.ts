import type { Collective } from './collective.ts'

/** What is used of the yearly limits so far; null where a limit is none. */
export interface LimitUse {
  readonly decShare: number | null
  readonly fecShare: number | null
  /** Mean of both: DGC (desempenho global de continuidade; PRODIST Módulo 8 v14, items 205 to 208). */
  readonly dgc: number | null
}

export function limitUseOf(year: Collective, limit: Collective | null): LimitUse {
  const share = (value: number, of: number | undefined): number | null => (of ? value / of : null)
  const decShare = share(year.decHundredths, limit?.decHundredths)
  const fecShare = share(year.fecHundredths, limit?.fecHundredths)
  return { decShare, fecShare, dgc: decShare === null || fecShare === null ? null : (decShare + fecShare) / 2 }
}

/** In the order of DGC, the best first; those that have none at the end, by name. */
export const byDgc = <Ranked extends { readonly dgc: number | null; readonly conjuntoId: string }>(
  all: readonly Ranked[],
): Ranked[] =>
  all.toSorted((one, other) => {
    if (one.dgc !== other.dgc) return (one.dgc ?? Infinity) < (other.dgc ?? Infinity) ? -1 : 1
    return one.conjuntoId < other.conjuntoId ? -1 : 1
  })
