/** What one panel makes of the sky: the irradiance that its power stands for, by that of a sky without clouds in its plane. */
export interface Witness {
  readonly panelId: string
  readonly index: number
}

/**
 * Faults only take power away, weather takes it from all alike: so what the site makes of the sky is told by the better half of its
 * panels. Up to three in five may be at fault.
 */
const quantile = 0.6
/** Below it nothing is weather: the darkest clouds let more through. What is dead says nothing of the sky. */
const leastIndex = 0.02
/** Fewer others cannot tell clouds from faults. */
const leastWitnesses = 3

/**
 * Clear-sky index of a site as its panels make it out, for each of them without its own word: 1 under a sky without clouds, less under
 * clouds.
 * @param fewest  others that have to tell it, at least three
 * @returns for a panel (also one that is no witness; null: for none of them) the index, or null where too few others tell it
 */
export function skyGate(
  witnesses: readonly Witness[],
  fewest: number = leastWitnesses,
): (panelId: string | null) => number | null {
  const sorted = witnesses.filter(({ index }) => index >= leastIndex).toSorted((one, other) => one.index - other.index)
  const indexes = sorted.map(({ index }) => index)
  const rankOf = new Map(sorted.map(({ panelId }, rank) => [panelId, rank]))
  return (panelId) => {
    const own = panelId === null ? null : (rankOf.get(panelId) ?? null)
    return indexes.length - (own === null ? 0 : 1) < fewest ? null : quantileWithout(indexes, own)
  }
}

/** Quantile of sorted values, one of which is left out. @param own  rank of that one; null: none */
function quantileWithout(sorted: readonly number[], own: number | null): number {
  const rest = sorted.length - (own === null ? 0 : 1)
  const rank = Math.round(quantile * (rest - 1))
  return sorted[own !== null && rank >= own ? rank + 1 : rank]!
}
