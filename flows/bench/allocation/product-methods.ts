import type { Allocation, AllocationMode } from '../../../nodes/feeders/domain/allocation/allocation.ts'
import type { Problem } from '../../../nodes/feeders/domain/allocation/problem.ts'
import type { Method } from './method.ts'

/** The platform's own ways of sharing, run where they run in operation. */
export interface ProductMethods {
  readonly methods: readonly Method[]
  solve(problem: Problem, mode: AllocationMode): Promise<Allocation>
  end(): Promise<void>
}

export async function startProductMethods(): Promise<ProductMethods> {
  return { methods: [], solve: () => Promise.reject(new Error('no method yet')), end: () => Promise.resolve() }
}
