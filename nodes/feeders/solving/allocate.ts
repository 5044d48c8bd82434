import type { Allocation, AllocationMode } from '../domain/allocation/allocation.ts'
import { allocateHeuristic } from '../domain/allocation/heuristic.ts'
import { isHorizon } from '../domain/allocation/horizon.ts'
import type { HorizonProblem } from '../domain/allocation/horizon.ts'
import { NoOptimum } from '../domain/allocation/linear-program.ts'
import type { LinearSolver } from '../domain/allocation/linear-program.ts'
import { planHorizon } from '../domain/allocation/mpc.ts'
import { optimize } from '../domain/allocation/optimizer.ts'
import type { Problem } from '../domain/allocation/problem.ts'

export interface Solvers {
  readonly small: LinearSolver
  readonly large: LinearSolver
  /** From so many variables on, a program goes to the large solver. */
  readonly largeFrom: number
}

/** What came of it; `broken`: the solver is in no state to solve anything more. */
export interface Answer {
  readonly allocation: Allocation
  readonly broken: boolean
}

/**
 * Shares what there is in the mode that was asked for; where its solver finds no optimum or fails, by the heuristic, with the reason.
 * @throws RangeError if the problem has faults: then nobody can share anything
 */
export function allocate(mode: AllocationMode, problem: Problem | HorizonProblem, solvers: Solvers): Answer {
  const now = isHorizon(problem) ? problem.first : problem
  if (mode === 'heuristic') return { allocation: allocateHeuristic(now), broken: false }
  const solve = (solver: LinearSolver): Allocation =>
    mode === 'mpc' && isHorizon(problem) ? planHorizon(problem, solver) : optimize(now, solver)
  try {
    return { allocation: { ...solveBySize(solve, solvers), mode }, broken: false }
  } catch (error) {
    if (error instanceof RangeError) throw error
    const reason = error instanceof Error ? error.message : String(error)
    return { allocation: insteadOf(mode, reason, now), broken: !(error instanceof NoOptimum) }
  }
}

/** What the heuristic makes of it, and why it was not what was asked for. */
export function insteadOf(asked: AllocationMode, reason: string, problem: Problem): Allocation {
  return { ...allocateHeuristic(problem), fallback: { asked, reason } }
}

/** The small solver gives up where the large one does not: then all is solved by that one. */
function solveBySize(solve: (solver: LinearSolver) => Allocation, { small, large, largeFrom }: Solvers): Allocation {
  let bySmall = false
  try {
    return solve((program) => {
      if (program.columnCount >= largeFrom) return large(program)
      bySmall = true
      return small(program)
    })
  } catch (error) {
    if (!bySmall || error instanceof RangeError) throw error
    return solve(large)
  }
}
