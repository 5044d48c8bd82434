import { percentile } from '../statistics.ts'
import type { SolveTime } from './allocation-figures.ts'
import { largeProblem } from './large-problem.ts'
import type { ProductMethods } from './product-methods.ts'

/** Modes that are held to a time. */
const modes = ['heuristic', 'optimizer'] as const

/** How long the platform's own methods take for problems of these sizes, where they run in operation. */
export async function measureSolveTimes(
  { solve }: Pick<ProductMethods, 'solve'>,
  sizes: readonly number[],
  { seed, solves }: { readonly seed: number; readonly solves: number },
  progress: (line: string) => void,
): Promise<SolveTime[]> {
  const times: SolveTime[] = []
  for (const mode of modes)
    for (const devices of sizes) {
      const solverMs: number[] = []
      const totalMs: number[] = []
      const fallbacks: Record<string, number> = {}
      for (let n = 0; n < solves; n++) {
        const problem = largeProblem(devices, seed + n)
        const began = performance.now()
        const allocation = await solve(problem, mode)
        totalMs.push(performance.now() - began)
        solverMs.push(allocation.solverMs)
        const reason = allocation.fallback?.reason
        if (reason !== undefined) fallbacks[reason] = (fallbacks[reason] ?? 0) + 1
      }
      times.push({
        ...{ mode, devices, solves, fallbacks },
        leastMs: Math.min(...solverMs),
        p50Ms: percentile(solverMs, 0.5)!,
        leastTotalMs: Math.min(...totalMs),
      })
      progress(`${devices} devices, ${mode}: ${times.at(-1)!.p50Ms.toFixed(1)} ms`)
    }
  return times
}
