import assert from 'node:assert/strict'
import { problemOf } from './problem.fixture.ts'
import type { CaseDevice, CaseFeeder } from './problem.fixture.ts'
import { layOut, lineCount } from './tree.ts'
import { unavoidable } from './unavoidable.ts'

/** By feeder, on the total: what of import and export nobody can avoid. */
function fate(feeders: CaseFeeder[], devices: CaseDevice[]): number[][] {
  const all = unavoidable(layOut(problemOf(feeders, devices)))
  return feeders.map((_, at) => [all.import[at * lineCount]!, all.export[at * lineCount]!])
}

describe('what no setpoint can avoid', () => {
  const battery = (from: number, feeder = 'a'): CaseDevice => ({ id: feeder, feeder, kind: 'battery', from, until: 4 })
  it('is the base load above the limit, less what batteries can give', () =>
    assert.deepEqual(fate([{ id: 'a', import: 10, base: 15 }], [battery(-3)]), [[2, 0]]))
  it('is nothing where batteries can give it', () =>
    assert.deepEqual(fate([{ id: 'a', import: 10, base: 12 }], [battery(-3)]), [[0, 0]]))
  it('counts on a battery only as far as the limits between let it feed back', () =>
    assert.deepEqual(
      fate(
        [
          { id: 'a', import: 10, base: 15 },
          { id: 'b', parent: 'a', export: 2 },
        ],
        [battery(-5, 'b')],
      ),
      [
        [3, 0],
        [0, 0],
      ],
    ))
  it('is what comes from generation that nobody steers, less what can be taken', () =>
    assert.deepEqual(fate([{ id: 'a', export: 1, base: -7 }], [battery(0)]), [[0, 2]]))
  it('is the margin of the base load where both limits are nearer than that', () =>
    assert.deepEqual(fate([{ id: 'a', import: 1, export: 1, base: 5, baseLow: 0 }], [battery(-9)]), [[3, 3]]))
})
