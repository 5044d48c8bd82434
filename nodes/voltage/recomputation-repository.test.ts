import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { Partitions } from '../../platform/storage/partitions.ts'
import { useDatabase } from '../../platform/storage/test-database.ts'
import { recomputeForEvents, recomputeForReadings, takeRecomputations } from './recomputation-repository.ts'

describe('windows to compute again', () => {
  const test = useDatabase()
  const begin = Date.UTC(2026, 10, 20)
  const minuteMs = 60_000
  const dayMs = 86_400_000
  const closed = begin + dayMs

  async function store(at: number, intervalS: number, batch: number, quality = 'good', meter = 1): Promise<void> {
    await new Partitions(test.database).ensure('meter_reading', at)
    await test.database.query(
      `insert into meter_reading (at, batch_id, device_key, quality, va_v, interval_s, aggregation)
       values (to_timestamp($1::float8 / 1000), $2, $3, $4, 220, $5, 'rms')`,
      [at, batch, meter, quality, intervalS],
    )
  }
  const ask = (batchIds: number[], oldest = begin - dayMs) =>
    test.database.transaction((client) =>
      recomputeForReadings(
        client,
        { batchIds, firstAt: begin - 10 * dayMs, lastAt: begin + 10 * dayMs },
        ...([oldest, closed, 1_000, 186_000] as const),
      ),
    )
  const take = async (most = 10_000) =>
    (await test.database.transaction((client) => takeRecomputations(client, most))).map(
      ({ deviceKey, from, until, batchId }) => [
        deviceKey,
        (from - begin) / minuteMs,
        (until - begin) / minuteMs,
        batchId,
      ],
    )

  it('are those that a late reading covers, a day at a time', async () => {
    await store(begin + 5 * minuteMs, 600, 1)
    await ask([1])
    assert.deepEqual(await take(), [[1, -5, 0, 1]])
    assert.deepEqual(await take(), [[1, 0, 5, 1]])
    assert.deepEqual(await take(), [])
  })

  it('and for a fine one those that it may say something of', async () => {
    await store(begin + 600 * minuteMs, 1, 2)
    await ask([2])
    assert.deepEqual(await take(), [[1, 600 - 187 / 60, 600 + 186 / 60, 2]])
  })

  it('and no others: of readings that are on time, that do not count, or whose windows are gone', async () => {
    await store(closed + 60 * minuteMs, 60, 3)
    await store(closed + 5 * minuteMs, 299, 3)
    await store(begin + 10 * minuteMs, 60, 3, 'server-time')
    await store(begin - 3 * dayMs, 60, 3)
    await ask([3])
    assert.deepEqual(await take(), [])
    await store(closed + 5 * minuteMs, 600, 4, 'good', 2)
    await ask([4])
    assert.deepEqual(await take(), [[2, 1_435, 1_440, 4]])
  })

  it('are asked for once, however many commits do', async () => {
    await store(begin + 100 * minuteMs, 60, 5)
    await store(begin + 130 * minuteMs, 60, 6)
    await ask([5])
    await ask([5, 6])
    assert.deepEqual(await take(), [[1, 99, 130, 6]])
  })

  it('are taken in parts, the oldest first', async () => {
    for (const meter of [1, 2, 3]) await store(begin + 700 * minuteMs, 600, 7, 'good', meter)
    await store(begin - 700 * minuteMs, 600, 7, 'good', 9)
    await ask([7])
    assert.deepEqual(
      (await take(6)).map(([meter]) => meter),
      [9],
    )
    assert.deepEqual(
      (await take(6)).map(([meter]) => meter),
      [1, 2],
    )
    assert.deepEqual(
      (await take(1)).map(([meter]) => meter),
      [3],
    )
  })

  it('are all of an outage, whichever end becomes known last', async () => {
    const event = (at: number, type: string, batch: number, durationS: number | null = null) =>
      test.database.query(
        `insert into field_event (device_key, event_id, at, received_at, batch_id, type, quality, duration_s)
         values (1, $2, to_timestamp($1::float8 / 1000), to_timestamp($1::float8 / 1000), $3, $4, 'good', $5)`,
        [at, `e-${batch}`, batch, type, durationS],
      )
    const askOf = (batch: number) =>
      test.database.transaction((client) => recomputeForEvents(client, [batch], begin - dayMs, closed))
    await event(begin + 100 * minuteMs, 'power_restored', 8)
    await askOf(8)
    assert.deepEqual(await take(), [[1, 100, 100 + 1 / minuteMs, 8]])
    await event(begin + 20 * minuteMs, 'power_lost', 9)
    await askOf(9)
    assert.deepEqual(await take(), [[1, 20, 100 + 1 / minuteMs, 9]])
    await askOf(8)
    assert.deepEqual(await take(), [[1, 20, 100 + 1 / minuteMs, 8]])
    await event(begin + 200 * minuteMs, 'vtcd', 10, 60)
    await askOf(10)
    assert.deepEqual(await take(), [[1, 199, 200 + 1 / minuteMs, 10]])
  })
})
