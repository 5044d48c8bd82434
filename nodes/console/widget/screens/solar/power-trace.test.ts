import assert from 'node:assert/strict'
import { powerTrace } from './power-trace.ts'
import type { Slot } from './solar-answers.ts'

const slot = (minute: string, powerW: number, expectedW: number): Slot => ({
  ...{ timestamp: `2026-11-21T12:${minute}:00Z`, powerW, expectedW, irradianceWm2: 800, reporting: 1, panels: 1 },
})

describe('the curves of a plant', () => {
  it('go from the first slot to the last, below the larger peak of both', () => {
    const trace = powerTrace([slot('00', 500, 1000), slot('05', 250, 500), slot('10', 0, 0)], 100, 20)
    assert.deepEqual(trace, {
      power: 'M0.0 10.0L50.0 15.0L100.0 20.0',
      expected: 'M0.0 0.0L50.0 10.0L100.0 20.0',
      peakW: 1000,
    })
  })

  it('have a gap where nothing was reported', () =>
    assert.equal(powerTrace([slot('00', 10, 10), slot('20', 10, 10)], 100, 20).power, 'M0.0 0.0M100.0 0.0'))

  it('are nothing without slots, and flat in the night', () => {
    assert.deepEqual(powerTrace([], 100, 20), { power: '', expected: '', peakW: 0 })
    assert.equal(powerTrace([slot('00', -1, 0)], 100, 20).power, 'M0.0 20.0')
  })
})
