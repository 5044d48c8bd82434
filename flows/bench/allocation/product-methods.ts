import type { Allocation, AllocationMode } from '../../../nodes/feeders/domain/allocation/allocation.ts'
import { allocateHeuristic, maxMinLevels } from '../../../nodes/feeders/domain/allocation/heuristic.ts'
import type { Problem } from '../../../nodes/feeders/domain/allocation/problem.ts'
import type { Method } from './method.ts'

/** The platform's own ways of sharing, run where they run in operation. */
export interface ProductMethods {
  readonly methods: readonly Method[]
  solve(problem: Problem, mode: AllocationMode): Promise<Allocation>
  end(): Promise<void>
}

export async function startProductMethods(): Promise<ProductMethods> {
  return {
    methods: [
      {
        name: 'heuristic',
        share: async (problem) => ({
          powerKw: powersOf(allocateHeuristic(problem)),
          beforeRounding: () => new Map(maxMinLevels(problem).map(({ deviceId, targetKw }) => [deviceId, targetKw])),
        }),
      },
    ],
    solve: async (problem) => {
      const began = performance.now()
      const allocation = allocateHeuristic(problem)
      return { ...allocation, solverMs: performance.now() - began }
    },
    end: () => Promise.resolve(),
  }
}

const powersOf = ({ devices }: Allocation): Map<string, number> =>
  new Map(devices.map(({ deviceId, powerKw }) => [deviceId, powerKw]))
