import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import type { ScenarioFigures, SolveTime } from './allocation-figures.ts'
import type { Measures } from './measures.ts'
import { targetsOf } from './targets.ts'

const measures = (method: string, ofOptimum: number, violations = 0): Measures => ({
  ...{ method, deliveredKwh: 1, ofRequested: 1, ofOptimum, jain: 1, violations, violationsBeforeRounding: null },
  ...{ switchesPerHour: 0, p50Ms: 1, p99Ms: 1, fallbacks: {} },
})
const scenario = (isNested: boolean, of: readonly Measures[]): ScenarioFigures => ({
  ...{ scenario: 's', isNested, feeders: 1, sessions: 1, intervals: 1, requestedKwh: 1, optimumKwh: 1, optimumJain: 1 },
  measures: of,
})
const time = (mode: string, devices: number, p50Ms: number, fallbacks = {}): SolveTime => ({
  ...{ mode, devices, p50Ms, leastMs: p50Ms, leastTotalMs: p50Ms, solves: 5, fallbacks },
})
const said = (of: ReturnType<typeof targetsOf>): string[] => of.map(({ what, isReached }) => `${what}: ${isReached}`)

describe('the targets', () => {
  it('of a scenario are within 2 and 1 % of the optimum, and nothing beyond a limit', () => {
    const reached = [measures('optimizer', 0.98), measures('mpc', 0.99)]
    const missed = [measures('optimizer', 0.9799), measures('mpc', 0.9899, 1)]
    assert.deepEqual(
      said(targetsOf([scenario(false, reached)], [])).map((one) => one.endsWith('true')),
      [true, true, true],
    )
    assert.deepEqual(
      said(targetsOf([scenario(false, missed)], [])).map((one) => one.endsWith('true')),
      [false, false, false],
    )
  })

  it('compare heuristic and least laxity on nested feeders only', () => {
    const both = (heuristic: number) => [measures('heuristic', heuristic), measures('least laxity', 0.9)]
    assert.deepEqual(said(targetsOf([scenario(true, both(0.91))], []))[0], 's: heuristic above least laxity: true')
    assert.deepEqual(said(targetsOf([scenario(true, both(0.9))], []))[0], 's: heuristic above least laxity: false')
    assert.equal(targetsOf([scenario(false, both(0.91))], []).length, 1)
  })

  it('of solve times are by mode and size, and reached by nobody else', () => {
    const times = [
      time('heuristic', 1_000, 9.9),
      time('heuristic', 10_000, 50),
      time('optimizer', 1_000, 1, { slow: 1 }),
    ]
    assert.deepEqual(said(targetsOf([], times)), [
      '1,000 devices, heuristic, p50: true',
      '10,000 devices, heuristic, p50: false',
      '1,000 devices, optimizer, p50: false',
    ])
  })
})
