import {
  allocationModes,
  type Allocation,
  type AllocationMode,
} from '../../../nodes/feeders/domain/allocation/allocation.ts'
import { maxMinLevels } from '../../../nodes/feeders/domain/allocation/heuristic.ts'
import type { HorizonProblem } from '../../../nodes/feeders/domain/allocation/horizon.ts'
import type { Problem } from '../../../nodes/feeders/domain/allocation/problem.ts'
import { withHorizon } from '../../../nodes/feeders/domain/outlook.ts'
import { openSolving } from '../../../nodes/feeders/solving/solver.ts'
import { variables } from '../../../platform/runtime/environment-variables.ts'
import { needSettings } from './charging.ts'
import type { Method } from './method.ts'

/** The platform's own ways of sharing, run where they run in operation: in a thread of their own, with its defaults. */
export interface ProductMethods {
  readonly methods: readonly Method[]
  solve(problem: Problem | HorizonProblem, mode: AllocationMode): Promise<Allocation>
  end(): Promise<void>
}

export function startProductMethods(): ProductMethods {
  const solving = openSolving()
  const settings = {
    timeoutMs: variables.CONTROL_OPTIMIZER_TIMEOUT_MS.default,
    largeFrom: variables.CONTROL_OPTIMIZER_LARGE_FROM.default,
  }
  const horizonMs = variables.CONTROL_OPTIMIZER_HORIZON_MINUTES.default * 60_000
  const solve = (problem: Problem | HorizonProblem, mode: AllocationMode): Promise<Allocation> =>
    solving.solveAllocation(mode, problem, settings)
  const methods = allocationModes.map((mode): Method => ({
    name: mode,
    async share(problem, _cars, observed) {
      const asked = mode === 'mpc' ? withHorizon(problem, observed, horizonMs, needSettings) : problem
      const { devices, fallback, solverMs } = await solve(asked, mode)
      return {
        powerKw: new Map(devices.map(({ deviceId, powerKw }) => [deviceId, powerKw])),
        // Fairness is known before it is made whole steps; what an optimizer adds to it is not told.
        beforeRounding:
          mode === 'heuristic'
            ? () => new Map(maxMinLevels(problem).map(({ deviceId, targetKw }) => [deviceId, targetKw]))
            : null,
        solverMs,
        ...(fallback ? { fallback: fallback.reason } : {}),
      }
    },
  }))
  return { methods, solve, end: () => solving.close() }
}
