import type { Allocation, AllocationMode } from '../domain/allocation/allocation.ts'
import type { HorizonProblem } from '../domain/allocation/horizon.ts'
import type { Problem } from '../domain/allocation/problem.ts'

/** To the thread that solves: one at a time. */
export interface Request {
  readonly mode: AllocationMode
  readonly problem: Problem | HorizonProblem
  readonly largeFrom: number
  /** Why the heuristic is to answer, whatever the mode; null: it is not. */
  readonly insteadBecause: string | null
}

/** From it: one for each request. */
export type Reply =
  | { readonly kind: 'allocation'; readonly allocation: Allocation; readonly broken: boolean }
  | { readonly kind: 'refused'; readonly name: string; readonly message: string }
