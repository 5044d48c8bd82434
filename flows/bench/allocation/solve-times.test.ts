import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import type { Allocation } from '../../../nodes/feeders/domain/allocation/allocation.ts'
import { measureSolveTimes } from './solve-times.ts'

describe('solve times', () => {
  it('are the least and the middle of what the solver took, by mode and size, with who answered instead', async () => {
    const solverMs = [5, 1, 3, 20, 10, 30]
    let asked = 0
    const times = await measureSolveTimes(
      {
        solve: (problem, mode) => {
          const fallback = mode === 'optimizer' && asked === 5 ? { asked: mode, reason: 'too slow' } : null
          assert.equal('first' in problem ? 0 : problem.devices.length, 10)
          return Promise.resolve({ mode, fallback, solverMs: solverMs[asked++]! } as unknown as Allocation)
        },
      },
      [10],
      { seed: 1, solves: 3 },
      () => undefined,
    )
    assert.deepEqual(
      times.map(({ mode, devices, leastMs, p50Ms, solves, fallbacks }) => [
        mode,
        devices,
        leastMs,
        p50Ms,
        solves,
        fallbacks,
      ]),
      [
        ['heuristic', 10, 1, 3, 3, {}],
        ['optimizer', 10, 10, 20, 3, { 'too slow': 1 }],
      ],
    )
  })
})
