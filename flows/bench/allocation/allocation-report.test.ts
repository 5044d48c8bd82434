import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import type { AllocationFigures } from './allocation-figures.ts'
import { allocationReport, faultsOf } from './allocation-report.ts'

const figures: AllocationFigures = {
  ...{ days: 7, seed: 1, intervalMinutes: 5, leastAmperes: 6 },
  scenarios: [
    {
      ...{ scenario: 'one cap', isNested: false, feeders: 1, sessions: 42, intervals: 235 },
      ...{ requestedKwh: 400, optimumKwh: 300, optimumJain: 0.9 },
      measures: [
        {
          ...{ method: 'heuristic', deliveredKwh: 285, ofRequested: 0.7125, ofOptimum: 0.95, jain: 0.91 },
          ...{ violations: 2, violationsBeforeRounding: 0, switchesPerHour: 0.1, p50Ms: 1.5, p99Ms: 9 },
          fallbacks: { 'too slow': 3 },
        },
      ],
    },
  ],
  solveTimes: [{ mode: 'heuristic', devices: 1_000, leastMs: 4, p50Ms: 5, leastTotalMs: 8, solves: 5, fallbacks: {} }],
  targets: [{ what: 'speed', measured: '5 ms', target: '< 10 ms', isReached: true }],
}

describe('the report of sharing', () => {
  const text = allocationReport(figures).flat().join('\n')

  it('sets the methods beside the offline optimum', () => {
    assert.match(text, /^Sharing, one cap: 42 sessions, 400 kWh, 1 feeders, 235 intervals$/m)
    assert.match(text, /^heuristic +285 +71\.3 +95\.00 +0\.910 +2 +0 +0\.10 +1\.50 +9\.00 +3$/m)
    assert.match(text, /^offline optimum +300 +75\.0 +100\.00 +0\.900$/m)
    assert.match(text, /heuristic, 3 times another: too slow/)
  })

  it('says how long it takes, and whether targets are reached', () => {
    assert.match(text, /^heuristic +1,000 +4\.0 +5\.0 +8\.0 +5 +0$/m)
    assert.match(text, /^speed +5 ms +< 10 ms +reached$/m)
  })

  it('of nothing is nothing', () =>
    assert.deepEqual(allocationReport({ ...figures, scenarios: [], solveTimes: [], targets: [] }), []))

  it('a limit that setpoints go beyond is a fault', () =>
    assert.deepEqual(faultsOf(figures), ['allocation: heuristic goes beyond a limit 2 times on one cap']))
})
