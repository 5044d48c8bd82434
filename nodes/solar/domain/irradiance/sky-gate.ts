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
/** Above it nothing is weather: edges of clouds add a third at most over 5 minutes. What shows more is a fault of a sensor. */
const mostIndex = 1.5
/** Fewer others cannot tell clouds from faults. */
const leastWitnesses = 3

/**
 * Clear-sky index of a site as its panels make it out, for each of them without its own word: 1 under a sky without clouds, less under
 * clouds.
 * @returns for a panel (also one that is no witness; null: for none of them) the index, or null where too few others tell it
 */
export function skyGate(witnesses: readonly Witness[]): (panelId: string | null) => number | null {
  const sorted = witnesses
    .filter(({ index }) => index >= leastIndex && index <= mostIndex)
    .toSorted((one, other) => one.index - other.index)
  const indexes = sorted.map(({ index }) => index)
  const rankOf = new Map(sorted.map(({ panelId }, rank) => [panelId, rank]))
  return (panelId) => {
    const own = panelId === null ? null : (rankOf.get(panelId) ?? null)
    return indexes.length - (own === null ? 0 : 1) < leastWitnesses ? null : quantileWithout(indexes, own)
  }
}

/** Quantile of sorted values, one of which is left out; linear between two. @param own  rank of that one; null: none */
function quantileWithout(sorted: readonly number[], own: number | null): number {
  const rest = sorted.length - (own === null ? 0 : 1)
  const at = (rank: number): number => sorted[own !== null && rank >= own ? rank + 1 : rank]!
  const position = quantile * (rest - 1)
  const low = Math.floor(position)
  const high = Math.min(low + 1, rest - 1)
  return at(low) + (at(high) - at(low)) * (position - low)
}
