import assert from 'node:assert/strict'
import type { PanelSample } from '../plant.ts'
import type { PanelView } from './panel-view.ts'
import { viewOf } from './site-days.fixture.ts'
import { countRepeats, stuckValue, type Repeats } from './stuck-value.ts'

/** What is said after an hour of slots. @param at  changes of the slot `index` of twelve */
function hour(at: (index: number) => readonly [Partial<PanelView>, Partial<PanelSample>]): string {
  let repeats: Repeats = {}
  let verdict = 'none'
  for (let index = 0; index < 12; index++) {
    const view = viewOf(...at(index))
    repeats = countRepeats(repeats, view)
    verdict = stuckValue(view, repeats).says
  }
  return verdict
}

/** A morning: all measures move. */
const morning = (index: number): Partial<PanelSample> => {
  const currentA = 4 + 0.3 * index
  return { currentA, voltageV: 38 - 0.1 * index, powerW: currentA * (38 - 0.1 * index), temperatureC: 30 + index }
}

describe('a measure that does not move', () => {
  it('is stuck while the others do', () => {
    assert.equal(
      hour((index) => [{}, morning(index)]),
      'clear',
    )
    assert.equal(
      hour((index) => [{}, { ...morning(index), powerW: 250 }]),
      'holds',
    )
    assert.equal(
      hour((index) => [{}, { ...morning(index), currentA: 7 }]),
      'holds',
    )
  })

  it('is stuck while those of its siblings do', () => {
    assert.equal(
      hour((index) => [{ warmerC: 44 - (30 + index) }, { ...morning(index), temperatureC: 44 }]),
      'holds',
    )
    assert.equal(
      hour((index) => [{ voltage: 38 / (37 + 0.2 * index) }, { ...morning(index), voltageV: 38 }]),
      'holds',
    )
  })

  it('is not where an inverter holds the power: voltage and current hold with it', () =>
    assert.equal(
      hour(() => [{}, { powerW: 168, voltageV: 42, currentA: 4 }]),
      'clear',
    ))

  it('is not where nothing comes from the panel', () =>
    assert.equal(
      hour((index) => [
        { power: 0, voltage: null },
        { ...morning(index), powerW: 0, voltageV: 0, currentA: 0 },
      ]),
      'clear',
    ))

  it('rests by night', () =>
    assert.equal(
      hour(() => [{ isJudged: false }, { powerW: 0, voltageV: 0, currentA: 0, temperatureC: 20 }]),
      'unknown',
    ))
})
