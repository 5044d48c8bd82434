import assert from 'node:assert/strict'
import type { PanelSample } from '../plant.ts'
import { KeptHistory } from './history.ts'

const hourMs = 3_600_000
const noon = Date.UTC(2026, 5, 1, 12)
const sample = (n: number, powerW: number | null = 100): PanelSample => ({
  ...{ at: noon + n * hourMs, temperatureC: null, voltageV: null, currentA: null, powerW },
  ...{ samples: 300, irradianceWm2: null },
})
const keptOf = (seed: number, count: number, most?: number): KeptHistory => {
  const history = new KeptHistory(seed, most)
  for (let n = 0; n < count; n++) history.take(sample(n))
  return history
}

describe('a history that is kept', () => {
  it('is all of it where there is room', () => {
    const { kept, seen, days } = keptOf(1, 30, 100)
    assert.deepEqual(
      kept,
      Array.from({ length: 30 }, (_, n) => sample(n)),
    )
    assert.deepEqual([seen, days], [30, 2])
  })

  it('is drawn evenly from all of it where there is not', () => {
    const { kept, seen, days } = keptOf(1, 24_000, 1_000)
    assert.deepEqual([kept.length, seen, days], [1_000, 24_000, 1_001])
    assert.equal(new Set(kept.map(({ at }) => at)).size, 1_000, 'none is there twice')
    for (const quarter of [0, 1, 2, 3]) {
      const from = noon + quarter * 6_000 * hourMs
      const share = kept.filter(({ at }) => at >= from && at < from + 6_000 * hourMs).length
      // Binomial of 1,000 and a quarter: five deviations.
      assert.ok(share > 180 && share < 320, `${share} of 1,000 are of quarter ${quarter}`)
    }
  })

  it('is the same for the same seed, and another one for another', () => {
    assert.deepEqual(keptOf(7, 5_000, 100).kept, keptOf(7, 5_000, 100).kept)
    assert.notDeepEqual(keptOf(7, 5_000, 100).kept, keptOf(8, 5_000, 100).kept)
  })

  it('has no samples that nothing is known of', () => {
    const history = new KeptHistory(1)
    history.take(sample(0, null))
    assert.deepEqual([history.kept.length, history.seen, history.days], [0, 0, 0])
  })
})
