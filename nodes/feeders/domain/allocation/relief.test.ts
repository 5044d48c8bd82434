import assert from 'node:assert/strict'
import { problemOf } from './problem.fixture.ts'
import type { CaseDevice, CaseFeeder } from './problem.fixture.ts'
import { easeDischarge, relieve } from './relief.ts'
import { atRest, causes } from './sharing.ts'
import type { Sharing } from './sharing.ts'
import { layOut } from './tree.ts'

function relieved(feeders: CaseFeeder[], devices: CaseDevice[]): Sharing {
  const sharing = atRest(layOut(problemOf(feeders, devices)))
  relieve(sharing, sharing.powers, sharing.tree.most)
  return sharing
}
const battery = (id: string, feeder: string, from: number, weight = 1): CaseDevice => ({
  id,
  feeder,
  kind: 'battery',
  from,
  until: 5,
  wanted: 0,
  weight,
})

describe('relief by batteries', () => {
  it('is what lacks, less from those that weigh more', () => {
    const sharing = relieved([{ id: 'F', import: 10, base: 13 }], [battery('1', 'F', -5), battery('2', 'F', -5, 2)])
    assert.deepEqual([...sharing.powers], [-2, -1])
  })
  it('goes no further than a battery can, the others give more', () => {
    const sharing = relieved([{ id: 'F', import: 10, base: 14 }], [battery('1', 'F', -1), battery('2', 'F', -5)])
    assert.deepEqual([...sharing.powers], [-1, -3])
  })
  it('exceeds no export limit on its way', () => {
    const sharing = relieved(
      [
        { id: 'a', import: 10, base: 15 },
        { id: 'b', parent: 'a', export: 2 },
      ],
      [battery('1', 'b', -5)],
    )
    assert.equal(sharing.powers[0], -2)
    assert.equal(sharing.cause[0], causes.export)
  })
  it('is taken back where others had to give more anyway', () => {
    const sharing = relieved(
      [
        { id: 'a', import: 20, base: 9 },
        { id: 'b', parent: 'a', import: 10, base: 13 },
        { id: 'c', parent: 'a' },
      ],
      [battery('1', 'b', -5), battery('2', 'c', -5)],
    )
    assert.deepEqual([...sharing.powers], [-3, -1])
    easeDischarge(sharing)
    assert.deepEqual([...sharing.powers], [-3, 0])
  })
})
