import assert from 'node:assert/strict'
import fc from 'fast-check'
import { before, describe, it } from 'mocha'
import { useDatabase } from '../../platform/storage/test-database.ts'
import { bucketSums } from './bucket-repository.ts'
import { grainsOf } from './domain/buckets.ts'
import { seedReadings } from './seeded-readings.fixture.ts'

const noon = Date.UTC(2026, 10, 21, 12)
const minute = 60_000
const hour = 60 * minute

describe('sums by bucket', function () {
  this.timeout(60_000)
  const test = useDatabase()
  // Every 7 seconds for five hours, each a whole number: sums are exact.
  const readings = Array.from({ length: (5 * hour) / 7_000 }, (_, index) => ({
    at: noon + index * 7_000,
    w: -1 - index,
  }))

  before(async () => {
    await test.database.query(`insert into device (device_id, kind, status) values ('panel', 'panel', 'active'),
      ('other', 'panel', 'active')`)
    for (const deviceId of ['panel', 'other'])
      await seedReadings(
        test.database,
        'panel',
        readings.map(({ at, w }) => ({ deviceId, at, values: { power_w: deviceId === 'panel' ? w : 1 } })),
      )
  })

  const sums = (periods: readonly [number, number][], edges: readonly number[]) =>
    bucketSums(
      test.database,
      'power_w',
      periods.map(([from, to]) => ({ deviceKey: 1, grains: grainsOf(from, to, edges) })),
      edges,
    )

  it('hold exactly the readings of the period, both ends included, wherever it begins and ends (property)', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: -hour, max: 6 * hour }),
        fc.integer({ min: 0, max: 4 * hour }),
        fc.constantFrom(minute, 15 * minute, hour),
        async (offset, span, width) => {
          // Half of the time an end falls on a reading.
          const from = noon + (offset % 2 === 0 ? offset : Math.round(offset / 7_000) * 7_000)
          const to = from + (span % 2 === 0 ? span : Math.round(span / 7_000) * 7_000)
          const first = Math.floor(from / width) * width
          const edges = Array.from({ length: Math.floor((to - first) / width) + 2 }, (_, n) => first + n * width)
          const expected = edges.slice(1).flatMap((end, bucket) => {
            const held = readings.filter(({ at }) => at >= edges[bucket]! && at < end && at >= from && at <= to)
            if (held.length === 0) return []
            const watts = held.map(({ w }) => w)
            const total = watts.reduce((sum, w) => sum + w, 0)
            return [
              {
                period: 0,
                bucket,
                total,
                lowest: Math.min(...watts),
                highest: Math.max(...watts),
                samples: held.length,
              },
            ]
          })
          assert.deepEqual(await sums([[from, to]], edges), expected)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('keep periods apart that meet within a bucket', async () => {
    const edges = [noon, noon + hour]
    const [early, late] = await sums(
      [
        [noon, noon + 30 * minute - 1],
        [noon + 30 * minute, noon + hour - 1],
      ],
      edges,
    )
    const [whole] = await sums([[noon, noon + hour - 1]], edges)
    assert.deepEqual([early!.period, late!.period], [0, 1])
    assert.equal(early!.samples + late!.samples, whole!.samples)
    assert.equal(early!.total + late!.total, whole!.total)
  })
})
