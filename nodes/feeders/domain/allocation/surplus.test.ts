import assert from 'node:assert/strict'
import { problemOf } from './problem.fixture.ts'
import type { CaseDevice, CaseFeeder } from './problem.fixture.ts'
import { atRest, causes } from './sharing.ts'
import type { Sharing } from './sharing.ts'
import { absorb, generate, takeSurplus } from './surplus.ts'
import { layOut } from './tree.ts'

const begun = (feeders: CaseFeeder[], devices: CaseDevice[]): Sharing => atRest(layOut(problemOf(feeders, devices)))
const battery: CaseDevice = { id: 'b', feeder: 'F', kind: 'battery', until: 4, wanted: 0 }
const sun = (kw: number, id = 'pv', weight = 1): CaseDevice => ({ id, feeder: 'F', kind: 'pv', from: -kw, weight })

describe('surplus', () => {
  it('goes to who can take it, as far as the base load surely leaves it', () => {
    const sharing = begun([{ id: 'F', base: 3, baseLow: 0 }], [battery, sun(5)])
    takeSurplus(sharing)
    assert.equal(sharing.powers[0], 2)
  })
  it('is none where the base load takes it all', () => {
    const sharing = begun([{ id: 'F', base: 6 }], [battery, sun(5)])
    takeSurplus(sharing)
    assert.equal(sharing.powers[0], 0)
  })
  it('turns a car on only for its least power', () => {
    const car: CaseDevice = { id: 'c', feeder: 'F', kind: 'ev', until: 7, least: 1.4, wanted: 0 }
    for (const [kw, taken] of [
      [1, 0],
      [3, 3],
    ] as const) {
      const sharing = begun([{ id: 'F' }], [car, sun(kw)])
      takeSurplus(sharing)
      assert.equal(sharing.powers[0], taken)
    }
  })
  it('beyond an export limit is absorbed by no more than that', () => {
    const sharing = begun([{ id: 'F', export: 3 }], [battery, sun(5)])
    absorb(sharing, true)
    assert.equal(sharing.powers[0], 2)
  })
})

describe('generation', () => {
  it('is curtailed to what may be fed back, by weight', () => {
    const sharing = begun([{ id: 'F', export: 6 }], [sun(5, '1'), sun(5, '2', 2)])
    assert.equal(generate(sharing, sharing.bounds.atRest, false), true)
    assert.deepEqual([...sharing.powers], [-2, -4])
    assert.deepEqual([...sharing.cause], [causes.export, causes.export])
  })
  it('is not curtailed where it may be fed back', () => {
    const sharing = begun([{ id: 'F', export: 6 }], [sun(5)])
    assert.equal(generate(sharing, sharing.bounds.atRest, false), false)
    assert.deepEqual([...sharing.powers], [-5])
  })
  it('keeps what each has when it is told to', () => {
    const sharing = begun([{ id: 'F', export: 6 }], [sun(5, '1'), sun(5, '2')])
    sharing.powers.set([-4, 0])
    generate(sharing, sharing.bounds.atRest, true)
    assert.deepEqual([...sharing.powers], [-4, -2])
  })
})
