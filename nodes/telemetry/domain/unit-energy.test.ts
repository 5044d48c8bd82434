import assert from 'node:assert/strict'
import fc from 'fast-check'
import { hourlyEnergy } from './unit-energy.ts'

const hourMs = 3_600_000
const edges = [0, 1, 2, 3].map((n) => n * hourMs)
const whole = [{ from: 0, to: 3 * hourMs - 1 }]

describe('energy of a unit', () => {
  it('is the mean power of each hour, over the hour', () => {
    const sums = [
      { period: 0, bucket: 2, total: 30, samples: 10 },
      { period: 0, bucket: 0, total: 8, samples: 4 },
    ]
    assert.deepEqual(hourlyEnergy(sums, whole, edges, Infinity), [
      { at: 0, energyKwh: 2, samples: 4 },
      { at: 2 * hourMs, energyKwh: 3, samples: 10 },
    ])
  })

  it('is of two meters within the hour in which one took the place of the other', () => {
    const changed = [
      { from: 0, to: hourMs / 4 - 1 },
      { from: hourMs / 4, to: 3 * hourMs - 1 },
    ]
    const sums = [
      { period: 0, bucket: 0, total: 8, samples: 1 },
      { period: 1, bucket: 0, total: 40, samples: 10 },
    ]
    assert.deepEqual(hourlyEnergy(sums, changed, edges, Infinity), [{ at: 0, energyKwh: 5, samples: 11 }])
  })

  it('counts the running hour up to now', () => {
    const [hour] = hourlyEnergy([{ period: 0, bucket: 1, total: 6, samples: 1 }], whole, edges, 1.5 * hourMs)
    assert.equal(hour!.energyKwh, 3)
  })

  it('is power by time where power is constant, wherever meters were changed (property)', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3 * hourMs - 1 }), fc.integer({ min: -9, max: 9 }), (at, kw) => {
        const periods = [
          { from: 0, to: at - 1 },
          { from: at, to: 3 * hourMs - 1 },
        ]
        const sums = [0, 1, 2].flatMap((bucket) => [
          ...(bucket * hourMs < at ? [{ period: 0, bucket, total: kw * 3, samples: 3 }] : []),
          ...((bucket + 1) * hourMs > at ? [{ period: 1, bucket, total: kw, samples: 1 }] : []),
        ])
        const energy = hourlyEnergy(sums, periods, edges, Infinity).reduce((sum, { energyKwh }) => sum + energyKwh, 0)
        assert.ok(Math.abs(energy - 3 * kw) < 1e-9)
      }),
    )
  })
})
