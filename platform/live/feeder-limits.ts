const sources = new Set<() => ReadonlyMap<string, number>>()

/** Whoever knows which limits are in force tells the tightest of each feeder, kW towards the loads. @returns takes the word back */
export function provideFeederLimits(source: () => ReadonlyMap<string, number>): () => void {
  sources.add(source)
  return () => sources.delete(source)
}

/** The tightest limit in force of each feeder that has any, kW; empty where nobody knows. */
export const feederLimitsNow = (): ReadonlyMap<string, number> => [...sources].at(-1)?.() ?? new Map()
