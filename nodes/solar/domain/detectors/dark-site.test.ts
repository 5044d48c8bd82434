import assert from 'node:assert/strict'
import type { Expected, PanelSample } from '../plant.ts'
import { inverterTrip, isDark } from './dark-site.ts'
import { viewOf } from './site-days.fixture.ts'
import { emptySiteMemory, generatedShare, rememberShare, type SiteMemory } from './site-memory.ts'

const minutes5 = 300_000
const nothing = { powerW: 0, voltageV: 0, currentA: 0 }
const site = (sample: Partial<PanelSample>, expected: Partial<Expected> = {}, count = 6) =>
  Array.from({ length: count }, () =>
    viewOf({ power: null, isJudged: false }, sample, { basis: 'clear-sky', ...expected }),
  )
const generated: SiteMemory = { shares: [0.5, 0.48], sharesAt: 0 }

describe('a site that gives nothing', () => {
  it('is one of which no panel gives more than half a hundredth of its rating', () => {
    assert.equal(isDark(site(nothing)), true)
    assert.equal(isDark(site({ powerW: 2.1 })), false)
    assert.equal(isDark([...site(nothing), viewOf()]), false)
    assert.equal(isDark(site(nothing, {}, 2)), false)
  })

  it('tripped when it fell at once, stays so, and is back when it generates', () => {
    assert.equal(inverterTrip(site(nothing), generated, false).says, 'holds')
    assert.equal(inverterTrip(site(nothing), emptySiteMemory, true).says, 'holds')
    assert.equal(inverterTrip(site({}), emptySiteMemory, true).says, 'clear')
  })

  it('tripped when a sensor sees the sun, or the panels have the voltage of an open circuit', () => {
    assert.equal(
      inverterTrip(site(nothing, { basis: 'measured', irradianceWm2: 300 }), emptySiteMemory, false).says,
      'holds',
    )
    assert.equal(inverterTrip(site({ ...nothing, voltageV: 47 }), emptySiteMemory, false).says, 'holds')
  })

  it('may lie under snow otherwise, and sleeps by night', () => {
    assert.equal(inverterTrip(site(nothing), emptySiteMemory, false).says, 'unknown')
    assert.equal(
      inverterTrip(site(nothing, { basis: 'measured', irradianceWm2: 20 }), emptySiteMemory, false).says,
      'unknown',
    )
    assert.equal(inverterTrip(site(nothing, { sunElevationDeg: 9 }), generated, false).says, 'unknown')
  })
})

describe('what a site generated', () => {
  it('is remembered for a quarter of an hour, and forgotten over a gap', () => {
    let memory = emptySiteMemory
    for (let index = 0; index < 9; index++) memory = rememberShare(memory, index / 10, index * minutes5)
    assert.deepEqual(memory.shares, [0.5, 0.6, 0.7, 0.8])
    assert.deepEqual(rememberShare(memory, 0.1, 20 * minutes5).shares, [0.1])
    assert.equal(rememberShare(memory, null, 9 * minutes5), memory)
  })

  it('is a share of the rating of the panels that report', () => {
    assert.equal(
      generatedShare([viewOf({}, { powerW: 100 }), viewOf({ sample: null }), viewOf({}, { powerW: 300 })]),
      0.5,
    )
    assert.equal(generatedShare([viewOf({ sample: null })]), null)
  })
})
