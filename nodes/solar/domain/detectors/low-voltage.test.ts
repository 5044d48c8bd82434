import assert from 'node:assert/strict'
import { lowVoltage, partlyShorted, rememberDrop, type Drops } from './low-voltage.ts'
import type { PanelView } from './panel-view.ts'
import { viewOf } from './site-days.fixture.ts'

/** Currents of a morning, each with the voltage that a fault leaves; the last view, and what is remembered. */
function morning(left: (ofRating: number) => number, irradianceWm2 = 1_000): [PanelView, Drops] {
  let drops: Drops = []
  let view = viewOf()
  for (const ofRating of [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]) {
    const currentA = (ofRating * 400) / 41
    const voltageV = 38 * left(ofRating)
    view = viewOf({ voltage: left(ofRating) }, { currentA, voltageV, powerW: 300, highestW: 310 }, { irradianceWm2 })
    drops = rememberDrop(drops, view, 1)
  }
  return [view, drops]
}
const says = ([view, drops]: [PanelView, Drops]) => [
  lowVoltage(view, drops, 1, false).says,
  partlyShorted(view, drops, 1, false).says,
]

describe('a voltage that is low', () => {
  it('is a connection where the drop follows the current', () =>
    assert.deepEqual(says(morning((ofRating) => 1 - 0.15 * ofRating)), ['holds', 'clear']))
  it('is shorted cells where it does not', () => assert.deepEqual(says(morning(() => 2 / 3)), ['clear', 'holds']))
  it('is none within 7 % of its siblings', () =>
    assert.deepEqual(says(morning((ofRating) => 1 - 0.06 * ofRating)), ['clear', 'clear']))
  it('is judged by what is usual for the panel', () => {
    const [view, drops] = morning(() => 0.92)
    assert.equal(lowVoltage(view, drops, 0.93, false).says, 'clear')
  })
  it('counts for more under clouds, where nothing casts a shadow', () => {
    const weight = (irradianceWm2: number) => {
      const verdict = partlyShorted(...morning(() => 2 / 3, irradianceWm2), 1, false)
      return verdict.says === 'holds' ? verdict.weight : 0
    }
    assert.deepEqual([weight(1_000), weight(300)], [1, 14])
  })
  it('is not judged without current', () =>
    assert.equal(lowVoltage(viewOf({ voltage: 0.8 }, { currentA: null }), [], 1, false).says, 'unknown'))
})
