import assert from 'node:assert/strict'
import { outcomeOf } from './outcome.ts'
import { problemOf } from './problem.fixture.ts'
import { layOut } from './tree.ts'

describe('what is told of an allocation', () => {
  const tree = layOut(
    problemOf(
      [{ id: 'F', import: 10, base: 1 }],
      [
        { id: 'battery', feeder: 'F', kind: 'battery', from: -5, until: 5, wanted: 0 },
        { id: 'ev', feeder: 'F', kind: 'ev', until: 7 },
        { id: 'pv', feeder: 'F', kind: 'pv', from: -4 },
      ],
      [{ id: 't', feeder: 'F', until: -1 }],
    ),
  )
  const outcome = outcomeOf(
    tree,
    'optimizer',
    Float64Array.of(-2, 3, -1.5),
    () => ({ kind: 'wanted' }),
    (at) => at / 2,
  )

  it('adds up by what devices do', () =>
    assert.deepEqual(outcome.totals, {
      consumedKw: 3,
      dischargedKw: 2,
      generatedKw: 1.5,
      curtailedKw: 2.5,
      // 4 of the car, and 2 that the battery gives and did not want to.
      deficitKw: 6,
      shedShortfallKw: { t: 0.5 },
    }))
  it('has the share of each device', () =>
    assert.deepEqual(outcome.devices[1], {
      deviceId: 'ev',
      powerKw: 3,
      binding: { kind: 'wanted' },
      marginalPrice: 0.5,
      deficitKw: 4,
    }))
  it('has the load of each line', () => {
    assert.equal(outcome.feeders.length, 4)
    assert.equal(outcome.feeders[0]!.highKw, 0.5)
    assert.equal(outcome.mode, 'optimizer')
  })
})
