import assert from 'node:assert/strict'
import { recentVoltage, rememberHealth, rememberSlot } from './panel-memory.ts'
import { viewOf } from './site-days.fixture.ts'
import { emptyPanelState, type PanelState } from './state.ts'

const noon = Date.UTC(2026, 0, 5, 12)
const dayMs = 86_400_000

/** Days of sun, each with the voltage that the panel showed. */
function live(voltages: readonly number[]): PanelState {
  let state = emptyPanelState
  for (const [day, voltage] of voltages.entries())
    for (let slot = 0; slot < 60; slot++) {
      const view = viewOf({ at: noon + day * dayMs + slot * 300_000, voltage })
      state = rememberHealth(rememberSlot(state, view).state, view)
    }
  return state
}

describe('what is remembered of a panel', () => {
  it('becomes a figure when the day is over', () => {
    const state = live([1, 1])
    assert.deepEqual(
      state.days.map(({ day, power }) => [day, power]),
      [[20_458, 1]],
    )
    const { closed } = rememberSlot(state, viewOf({ at: noon + 2 * dayMs }))
    assert.equal(closed?.length, 10)
    assert.equal(rememberSlot(state, viewOf({ at: noon + dayMs + 3e5 * 70 })).closed, null)
  })

  it('is bounded, whatever the years', () => {
    const state = live(Array.from({ length: 140 }, () => 1))
    assert.equal(state.days.length, 120)
    assert.ok(JSON.stringify(state).length < 25_000)
  })

  it('knows the voltage of its last days, which one day does not change', () => {
    assert.equal(recentVoltage(emptyPanelState), 1)
    assert.equal(recentVoltage(live([0.98, 0.98, 0.97, 0.97, 0.6, 1])), 0.97)
  })
})
