import assert from 'node:assert/strict'
import { fillScenario, usualSize } from './fill-scenario.ts'

describe('what the simulator fills databases with', () => {
  it('is a scenario of a hundred devices', () => {
    const { fleet, plants, duration_minutes: minutes } = fillScenario(usualSize)
    const { meters = 0, evs = 0, panels = 0 } = fleet!
    // With pv-001, bat-001 and two switches.
    assert.ok(meters + evs + panels + plants![0]!.panels + 4 >= 100)
    assert.equal(minutes, 360)
  })

  it('has all its events within its time, also when that is short', () => {
    for (const minutes of [60, 360]) {
      const { events = [] } = fillScenario({ ...usualSize, minutes })
      for (const { at_minute: at, for_minutes: lasts = 0 } of events as { at_minute: number; for_minutes?: number }[])
        assert.ok(at + lasts <= minutes, String(at))
    }
  })
})
