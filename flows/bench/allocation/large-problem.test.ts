import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { problemFaults } from '../../../nodes/feeders/domain/allocation/faults.ts'
import { largeProblem } from './large-problem.ts'

describe('a large problem', () => {
  const problem = largeProblem(1_000, 3)

  it('is as large as asked for, without faults, and the same for the same seed', () => {
    assert.equal(problem.devices.length, 1_000)
    assert.deepEqual(problemFaults(problem), [])
    assert.deepEqual(largeProblem(1_000, 3), problem)
    assert.notDeepEqual(largeProblem(1_000, 4), problem)
  })

  it('is of cars, batteries and PV on three levels, each limited as a whole and by phase', () => {
    const kinds = Map.groupBy(problem.devices, ({ kind }) => kind)
    assert.deepEqual(
      (['ev', 'battery', 'pv'] as const).map((kind) => kinds.get(kind)!.length),
      [600, 200, 200],
    )
    assert.equal(problem.feeders.length, 1 + 2 + 20)
    assert.ok(problem.feeders.every(({ limits }) => limits.length === 4))
  })

  it('holds back: all that is wanted does not fit', () => {
    const wanted = problem.devices.reduce((sum, { wantedKw }) => sum + wantedKw, 0)
    const branches = problem.feeders.filter(({ feederId }) => feederId.startsWith('branch'))
    assert.ok(branches.some(({ limits }) => limits[0]!.limitKw < wanted / branches.length))
  })
})
