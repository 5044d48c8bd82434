import assert from 'node:assert/strict'
import { problemFaults } from './faults.ts'
import { problemOf } from './problem.fixture.ts'
import type { CaseDevice, CaseFeeder } from './problem.fixture.ts'
import type { Problem } from './problem.ts'

const feeder: CaseFeeder = { id: 'F', import: 10 }
const device: CaseDevice = { id: 'd', feeder: 'F', kind: 'ev', until: 7 }

describe('faults of a problem', () => {
  it('are none where all makes sense', () => assert.deepEqual(problemFaults(problemOf([feeder], [device])), []))

  const wrong: readonly (readonly [RegExp, CaseFeeder[], CaseDevice[]])[] = [
    [/feeder F stands there twice/, [feeder, feeder], []],
    [/feeder F: its parent X is not known/, [{ ...feeder, parent: 'X' }], []],
    [
      /feeder a is above itself: a → b → a/,
      [
        { id: 'a', parent: 'b' },
        { id: 'b', parent: 'a' },
      ],
      [],
    ],
    [/the import limit of total by registry must be at least 0 kW, not -1/, [{ id: 'F', import: -1 }], []],
    [/must be at least 0 kW, not NaN/, [{ id: 'F', import: NaN }], []],
    [/feeder F: the base load of total goes from 3 to 2 kW/, [{ id: 'F', base: 2, baseLow: 3 }], []],
    [/device d stands there twice/, [feeder], [device, device]],
    [/device d: feeder X is not known/, [feeder], [{ ...device, feeder: 'X' }]],
    [/device d: phases must be some of A, B and C, each once, not "AA"/, [feeder], [{ ...device, phases: 'AA' }]],
    [/phases must be some of A, B and C, each once, not ""/, [feeder], [{ ...device, phases: '' }]],
    [/phases must be some of A, B and C, each once, not "D"/, [feeder], [{ ...device, phases: 'D' }]],
    [/fromKw 8 must not be above untilKw 7/, [feeder], [{ ...device, from: 8 }]],
    [/wantedKw 9 is not between 0 and 7/, [feeder], [{ ...device, wanted: 9 }]],
    [/an EV takes at least 0, but fromKw is -1/, [feeder], [{ ...device, from: -1 }]],
    [/a PV takes at most 0, but untilKw is 7/, [feeder], [{ ...device, kind: 'pv', from: -1 }]],
    [/leastOnKw must be at least 0, not -1/, [feeder], [{ ...device, least: -1 }]],
    [/contractedKw must be at least 0, not NaN/, [feeder], [{ ...device, contracted: NaN }]],
    [/weight must be above 0, not 0/, [feeder], [{ ...device, weight: 0 }]],
    [/presentKw is NaN/, [feeder], [{ ...device, present: NaN }]],
    [/lostAtKw is Infinity/, [feeder], [{ ...device, lostAt: Infinity }]],
  ]
  for (const [says, feeders, devices] of wrong)
    it(`${says.source}`, () => {
      const faults = problemFaults(problemOf(feeders, devices))
      assert.ok(
        faults.some((fault) => says.test(fault)),
        faults.join('; ') || 'no fault was found',
      )
    })

  it('name a step of nothing, and a target of an unknown feeder', () => {
    const problem: Problem = { ...problemOf([feeder], [], [{ id: 't', feeder: 'X', until: NaN }]), stepKw: 0 }
    assert.deepEqual(problemFaults(problem), [
      'stepKw must be above 0 and finite, not 0',
      'shed target t: feeder X is not known',
      'shed target t: dispatchableUntilKw is not a number',
    ])
  })
  it('are told up to a number', () => {
    const many = Array.from({ length: 50 }, (_, at) => ({ ...device, id: `d${at}`, weight: -1 }))
    assert.equal(problemFaults(problemOf([feeder], many)).length, 20)
  })
})
