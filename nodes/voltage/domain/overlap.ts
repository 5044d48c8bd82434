import type { PerPhase, VoltageSample } from './sample.ts'

/**
 * The same time covered once. Where readings overlap, the one with the shortest interval holds, phase by phase: it knows best
 * what happened then. Of equally fine ones the one that ends first.
 * @param samples  sorted by `at`
 * @returns pieces of them, sorted by `at`; the samples themselves where none overlaps
 */
export function withoutOverlap(samples: readonly VoltageSample[]): readonly VoltageSample[] {
  if (!overlapping(samples)) return samples
  // By their beginnings: a long interval may begin before many that end earlier.
  const sorted = samples.toSorted((one, other) => beginOf(one) - beginOf(other) || one.at - other.at)
  const pieces: VoltageSample[] = []
  let cluster: VoltageSample[] = []
  let clusterEnd = -Infinity
  for (const sample of sorted) {
    if (beginOf(sample) >= clusterEnd) {
      pieces.push(...piecesOf(cluster))
      cluster = []
    }
    cluster.push(sample)
    clusterEnd = Math.max(clusterEnd, sample.at)
  }
  return [...pieces, ...piecesOf(cluster)]
}

const beginOf = ({ at, intervalMs }: VoltageSample): number => at - intervalMs

function overlapping(samples: readonly VoltageSample[]): boolean {
  for (let index = 1; index < samples.length; index++)
    if (beginOf(samples[index]!) < samples[index - 1]!.at) return true
  return false
}

/** @param cluster  readings each of which overlaps another one, sorted by their beginnings */
function piecesOf(cluster: readonly VoltageSample[]): readonly VoltageSample[] {
  if (cluster.length < 2) return cluster
  const cuts = [...new Set(cluster.flatMap((sample) => [beginOf(sample), sample.at]))].toSorted(
    (one, other) => one - other,
  )
  const pieces: VoltageSample[] = []
  let covering: VoltageSample[] = []
  let next = 0
  for (let index = 1; index < cuts.length; index++) {
    const [begin, at] = [cuts[index - 1]!, cuts[index]!]
    covering = covering.filter((sample) => sample.at > begin)
    while (next < cluster.length && beginOf(cluster[next]!) <= begin) insert(covering, cluster[next++]!)
    pieces.push({ at, intervalMs: at - begin, volts: finest(covering) })
  }
  return pieces
}

/** Finest first. */
function insert(covering: VoltageSample[], sample: VoltageSample): void {
  const at = covering.findIndex((other) => finer(sample, other))
  covering.splice(at < 0 ? covering.length : at, 0, sample)
}

const finer = (one: VoltageSample, other: VoltageSample): boolean =>
  one.intervalMs < other.intervalMs || (one.intervalMs === other.intervalMs && one.at < other.at)

const finest = (covering: readonly VoltageSample[]): PerPhase<number> => {
  const voltsOf = (index: number): number | null =>
    covering.find(({ volts }) => volts[index] !== null)?.volts[index] ?? null
  return [voltsOf(0), voltsOf(1), voltsOf(2)]
}
