import type { Feeder, Line, Phase } from '../../../nodes/feeders/domain/allocation/problem.ts'

/** A bound on what all devices below a feeder draw on one of its lines together, kW. */
export interface LineLimit {
  readonly feederId: string
  readonly line: Line
  readonly limitKw: number
}

/** What a device's kW counts for on one limited line: 1 on the sum of the phases, its part on each of them. */
export interface Use {
  /** Place in the list of limits. */
  readonly limit: number
  readonly share: number
}

/**
 * The limits of a tree towards the loads, and which of them a device on a feeder uses. Written for the benchmark alone: what the
 * methods are measured with is not what they are made of.
 */
export function limitedLines(feeders: readonly Feeder[]): {
  readonly limits: readonly LineLimit[]
  usesOf(feederId: string, phases: readonly Phase[]): readonly Use[]
} {
  const byId = new Map(feeders.map((feeder) => [feeder.feederId, feeder]))
  const limits: LineLimit[] = []
  const ofFeeder = new Map<string, number[]>()
  for (const { feederId, limits: inForce } of feeders) {
    const least = new Map<Line, number>()
    for (const { line, direction, limitKw } of inForce)
      if (direction === 'import') least.set(line, Math.min(limitKw, least.get(line) ?? Infinity))
    ofFeeder.set(
      feederId,
      [...least].map(([line, limitKw]) => limits.push({ feederId, line, limitKw }) - 1),
    )
  }
  return {
    limits,
    usesOf(feederId, phases) {
      const uses: Use[] = []
      for (let at = byId.get(feederId); at; at = at.parentFeederId === null ? undefined : byId.get(at.parentFeederId))
        for (const limit of ofFeeder.get(at.feederId)!) {
          const { line } = limits[limit]!
          if (line === 'total') uses.push({ limit, share: 1 })
          else if (phases.includes(line)) uses.push({ limit, share: 1 / phases.length })
        }
      return uses
    },
  }
}
