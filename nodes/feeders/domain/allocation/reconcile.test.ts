import assert from 'node:assert/strict'
import { exceeded } from './check.ts'
import { problemOf } from './problem.fixture.ts'
import { reconcile } from './reconcile.ts'
import { atRest } from './sharing.ts'
import { layOut } from './tree.ts'

describe('reconciling stages that are in each other’s way', () => {
  it('keeps a phase by PV on three phases, and what is fed back by a battery that sells less', () => {
    // The lost car draws 0.25 on B, which may import nothing: PV must give 0.75 on three phases. The rest may feed back nothing.
    const tree = layOut(
      problemOf(
        [{ id: 'F', export: 0.3, limits: [{ line: 'B', kw: 0 }] }],
        [
          { id: 'battery', feeder: 'F', kind: 'battery', phases: 'A', from: -0.5, until: 1, wanted: -0.5 },
          { id: 'car', feeder: 'F', kind: 'ev', phases: 'BC', until: 1, lostAt: 0.5 },
          { id: 'pv', feeder: 'F', kind: 'pv', from: -1 },
        ],
      ),
    )
    const sharing = atRest(tree)
    sharing.powers.set([-0.5, 0.5, -0.3])
    assert.equal(exceeded(tree, sharing.powers).any, true)
    reconcile(sharing)
    assert.equal(exceeded(tree, sharing.powers).any, false)
    assert.equal(sharing.powers[1], 0.5)
  })
  it('moves nothing where all limits are kept', () => {
    const sharing = atRest(
      layOut(problemOf([{ id: 'F', export: 5 }], [{ id: 'pv', feeder: 'F', kind: 'pv', from: -4 }])),
    )
    reconcile(sharing)
    assert.deepEqual([...sharing.powers], [-4])
  })
  it('ends where the limits cannot be kept', () => {
    const sharing = atRest(
      layOut(
        problemOf([{ id: 'F', import: 1, base: 9 }], [{ id: 'b', feeder: 'F', kind: 'battery', from: -2, until: 2 }]),
      ),
    )
    reconcile(sharing)
    assert.equal(sharing.powers[0], -2)
  })
})
