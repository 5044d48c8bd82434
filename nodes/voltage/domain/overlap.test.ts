import assert from 'node:assert/strict'
import { withoutOverlap } from './overlap.ts'
import { noon, sampleOf } from './windows.fixture.ts'
import type { VoltageSample } from './sample.ts'

const pieces = (samples: readonly VoltageSample[]) =>
  withoutOverlap(samples).map(({ at, intervalMs, volts }) => [at - noon, intervalMs, volts[0]])

describe('readings that overlap', () => {
  it('are the same objects where none does', () => {
    const samples = [sampleOf(100, 100, 1), sampleOf(300, 100, 2), sampleOf(400, 100, 3)]
    assert.equal(withoutOverlap(samples), samples)
  })

  it('hold where they are finest', () => {
    assert.deepEqual(pieces([sampleOf(400, 100, 1), sampleOf(1_000, 1_000, 2)]), [
      [300, 300, 2],
      [400, 100, 1],
      [1_000, 600, 2],
    ])
  })

  it('hold by the one that ends first where they are equally fine', () => {
    assert.deepEqual(pieces([sampleOf(100, 100, 1), sampleOf(150, 100, 2)]), [
      [50, 50, 1],
      [100, 50, 1],
      [150, 50, 2],
    ])
  })

  it('are looked at phase by phase', () => {
    const fine: VoltageSample = { at: noon + 100, intervalMs: 50, volts: [null, 5, null] }
    const coarse: VoltageSample = { at: noon + 100, intervalMs: 100, volts: [1, 2, 3] }
    assert.deepEqual(
      withoutOverlap([fine, coarse]).map(({ volts }) => volts),
      [
        [1, 2, 3],
        [1, 5, 3],
      ],
    )
  })

  it('leave their neighbours alone', () => {
    assert.deepEqual(
      pieces([sampleOf(100, 100, 1), sampleOf(200, 50, 2), sampleOf(200, 100, 3), sampleOf(300, 100, 4)]),
      [
        [100, 100, 1],
        [150, 50, 3],
        [200, 50, 2],
        [300, 100, 4],
      ],
    )
  })
})
