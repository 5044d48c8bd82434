import assert from 'node:assert/strict'
import { checkAllocation, feederLoads } from './check.ts'
import { problemOf } from './problem.fixture.ts'

const problem = problemOf(
  [
    { id: 'root', import: 10, base: 4, baseLow: 1 },
    {
      id: 'child',
      parent: 'root',
      limits: [
        { line: 'A', kw: 3 },
        { direction: 'export', kw: 2 },
      ],
    },
  ],
  [
    { id: 'ev', feeder: 'child', kind: 'ev', phases: 'A', until: 7, least: 1.38 },
    { id: 'pv', feeder: 'child', kind: 'pv', from: -5 },
    { id: 'lost', feeder: 'root', kind: 'ev', until: 7, lostAt: 1 },
  ],
)
const check = (ev: number, pv: number, lost = 1): string[] =>
  checkAllocation(problem, new Map(Object.entries({ ev, pv, lost }))).map((violation) =>
    violation.kind === 'device'
      ? `${violation.deviceId}: ${violation.because}`
      : `${violation.feederId} ${violation.direction} ${violation.line} by ${violation.overKw.toFixed(2)}`,
  )

describe('check of an allocation', () => {
  it('finds nothing where all is kept', () => assert.deepEqual(check(3, -3), []))
  it('finds a limit of one phase', () => assert.deepEqual(check(5, -3), ['child import A by 1.00']))
  it('finds a limit of what is fed back, with the base load at its lowest', () =>
    assert.deepEqual(check(0, -2.5), ['child export total by 0.50']))
  it('finds who draws less than it can, more than it can, or hears nothing', () =>
    assert.deepEqual(check(1, -6, 2), [
      'ev: it draws at least 1.38 kW or nothing',
      'lost: it does not hear us and is at 1 kW',
      'pv: it can take -5 to 0 kW',
      'child export total by 3.00',
    ]))
  it('refuses a power of nobody, and one that is none', () => {
    assert.throws(() => checkAllocation(problem, new Map([['other', 1]])), /other/)
    assert.throws(() => checkAllocation(problem, new Map([['ev', NaN]])), /power of ev is NaN/)
  })
})

describe('loads of the feeders', () => {
  it('carry all below, from the lowest to the highest base load', () => {
    const loads = feederLoads(problem, new Map(Object.entries({ ev: 3, pv: -3, lost: 1 })))
    const root = loads.find(({ feederId, line }) => feederId === 'root' && line === 'total')
    assert.deepEqual([root?.lowKw, root?.highKw, root?.importLimitKw, root?.exportLimitKw], [2, 5, 10, null])
    const phaseA = loads.find(({ feederId, line }) => feederId === 'child' && line === 'A')
    assert.deepEqual([phaseA?.highKw, phaseA?.violationKw], [2, 0])
  })
})
