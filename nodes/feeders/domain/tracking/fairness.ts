import { jainIndex } from './jain.ts'

/** What a device has of what it wants, 0 to 1, on its feeder. */
export interface SatisfiedShare {
  readonly feederId: string
  readonly share: number
}

/** Jain's index of each feeder with such devices, on it or on any below it. @param parents  the feeder above each, null at a root */
export function fairnessByFeeder(
  shares: readonly SatisfiedShare[],
  parents: ReadonlyMap<string, string | null>,
): ReadonlyMap<string, number> {
  const byFeeder = new Map<string, number[]>()
  for (const { feederId, share } of shares)
    for (const above of feedersAbove(feederId, parents)) {
      const sharesThere = byFeeder.get(above)
      if (sharesThere) sharesThere.push(share)
      else byFeeder.set(above, [share])
    }
  return new Map([...byFeeder].map(([feederId, sharesThere]) => [feederId, jainIndex(sharesThere)!]))
}

/** The feeder and all above it; a circle ends where it closes. */
export function feedersAbove(
  feederId: string | null,
  parents: ReadonlyMap<string, string | null>,
): ReadonlySet<string> {
  const path = new Set<string>()
  for (let next = feederId; next !== null && !path.has(next); next = parents.get(next) ?? null) path.add(next)
  return path
}
