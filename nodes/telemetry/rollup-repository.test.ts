import assert from 'node:assert/strict'
import fc from 'fast-check'
import { after, before, describe, it } from 'mocha'
import { Registry } from '../../platform/network/registry.ts'
import { batchesAfter, type LoggedBatch } from '../../platform/storage/batch-log.ts'
import { useDatabase } from '../../platform/storage/test-database.ts'
import type { Reading } from '../../platform/wire/reading.ts'
import { BatchWriter } from './batch-writer.ts'
import type { TelemetryBatch } from './messages.ts'
import { Partitions } from '../../platform/storage/partitions.ts'
import { QuarantineBudget } from './quarantine-budget.ts'
import { addToRollups, moveLatest } from './rollup-repository.ts'

/** An hour and a day end within the minutes that follow. */
const begin = Date.UTC(2026, 10, 21, 23, 57)

/** Columns that are no numbers. */
const words = 'at,received_at,quality,aggregation,contact,position,mode'

/** Whole numbers add up exactly, in whatever order. */
const reading = (device: number, offsetMs: number, value: number): Reading => {
  const at = begin + offsetMs
  const common = { at, receivedAt: at + 1, quality: 'good' } as const
  const kinds: Reading[] = [
    {
      ...{ ...common, deviceId: 'battery', kind: 'der', labels: { type: 'battery' } },
      values: { p_actual_kw: value, p_max_kw: 100, ...(value % 2 === 0 && { soc: 1 }) },
    },
    {
      ...{ ...common, deviceId: 'panel', kind: 'panel' },
      values: {
        ...{ temperature_celsius: value, voltage_volts: 30, current_amperes: 2, power_w: -value },
        ...(value % 2 === 0 && { irradiance_wm2: 100 + value }),
      },
    },
    {
      ...{ ...common, deviceId: 'meter', kind: 'meter', labels: { aggregation: 'rms', contact: 'closed' } },
      values: { va_v: 127 + value, interval_s: 60, ...(value > 0 && { p_kw: value }) },
    },
    {
      ...{ ...common, deviceId: 'switch', kind: 'switch', labels: { position: 'closed', mode: 'remote' } },
      values: value === 0 ? {} : { ia_a: value },
    },
  ]
  return kinds[device]!
}

const arbitraryReading = fc
  .tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 40 }), fc.integer({ min: -5, max: 5 }))
  .map(([device, step, value]) => reading(device, step * 9_750, value))

describe('roll-ups', function () {
  this.timeout(120_000)
  let registry: Registry
  let writer: BatchWriter
  let cursor = 0

  // Before the database goes: it would be asked once more.
  after(async () => {
    await writer.close()
    await registry.close()
  })
  const test = useDatabase()

  before(async () => {
    registry = new Registry(test.database, 'register', (error) => assert.fail(String(error)))
    await registry.ready()
    await registry.contact(
      [0, 1, 2, 3].map((device) => {
        const { deviceId, kind } = reading(device, 0, 1)
        return { deviceId, kind }
      }),
    )
    const partitions = new Partitions(test.database)
    writer = new BatchWriter(test.database, registry, partitions, new QuarantineBudget(1e9, { now: () => begin }))
    for (const at of [begin, begin + 3_600_000])
      for (const table of ['reading_minute', 'reading_hour']) await partitions.ensure(table, at)
  })

  async function write(readings: Reading[]): Promise<void> {
    const byKind = Map.groupBy(readings, ({ kind }) => kind)
    await Promise.all([...byKind].map(([topic, payload]) => writer.write({ topic, payload } as TelemetryBatch)))
  }
  /** One round of the consumer. */
  const round = (mostReadings: number) =>
    test.database.transaction(async (client) => {
      const batches = await batchesAfter(client, cursor, mostReadings)
      const instants = (pick: (batch: LoggedBatch) => number | null) => batches.flatMap((batch) => pick(batch) ?? [])
      const span = {
        batchIds: batches.map(({ batchId }) => batchId),
        firstAt: Math.min(...instants(({ firstAt }) => firstAt)),
        lastAt: Math.max(...instants(({ lastAt }) => lastAt)),
      }
      if (batches.length === 0) return false
      await addToRollups(client, span)
      await moveLatest(client, span)
      cursor = batches.at(-1)!.position
      return true
    })
  const rolledUp = (width: 'minute' | 'hour') =>
    test.database.query(
      `select device_key, measure::text, at, total, lowest, highest, samples from reading_${width} order by 1, 2, 3`,
    )
  const aggregated = (width: 'minute' | 'hour') =>
    test.database.query(
      `select device_key, measure, date_trunc($1, at, 'UTC') as at, sum(value) as total, min(value) as lowest,
         max(value) as highest, count(*)::integer as samples
       from (
         ${['der', 'panel', 'meter', 'switch']
           .map(
             (kind) => `select device_key, at, key as measure, value::float8 as value
               from ${kind}_reading r, jsonb_each_text(to_jsonb(r) - '{${words}}'::text[])`,
           )
           .join(' union all ')}
       ) raw
       where measure = any (enum_range(null::measure)::text[]) and value is not null
       group by 1, 2, 3 order by 1, 2, 3`,
      [width],
    )

  it('equal the aggregate of the readings, whatever came twice, late or in which order (property)', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(arbitraryReading, { minLength: 1, maxLength: 30 }), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 60 }),
        async (batches, mostReadings) => {
          for (const batch of batches) {
            await write(batch)
            await round(mostReadings)
          }
          while (await round(mostReadings));
          assert.deepEqual(await rolledUp('minute'), await aggregated('minute'))
          assert.deepEqual(await rolledUp('hour'), await aggregated('hour'))
          const perHour = await test.database.query<{ samples: number }>(
            'select sum(samples)::integer as samples from reading_hour',
          )
          const perMinute = await test.database.query('select sum(samples)::integer as samples from reading_minute')
          assert.deepEqual(perHour, perMinute)
        },
      ),
      { numRuns: 40 },
    )
  })

  it('count a late reading in the minute and the hour it belongs to', async () => {
    const late = reading(0, 1, 3)
    const before = await test.database.query<{ samples: number }>(
      `select coalesce(sum(samples), 0)::integer as samples from reading_minute
       where at = to_timestamp($1::float8 / 1000) and measure = 'p_actual_kw'`,
      [begin],
    )
    await write([reading(0, 3_000_000, 7)])
    await round(100)
    await write([late])
    await round(100)
    const after = await test.database.query<{ samples: number }>(
      `select samples from reading_minute where at = to_timestamp($1::float8 / 1000) and measure = 'p_actual_kw'`,
      [begin],
    )
    assert.equal(after[0]!.samples, before[0]!.samples + 1)
  })

  it('keep what a charge point says of its car beside its latest measures', async () => {
    const car = { plugged_in: 'yes', departs_at: '2026-11-22T10:00:00.000Z' }
    const plugged = reading(0, 3_200_000, 5)
    plugged.labels = { type: 'ev', ...car }
    plugged.values['energy_needed_kwh'] = 12
    await write([plugged])
    while (await round(100));
    const latest = async () =>
      (
        await test.database.query<{ measures: object }>(
          "select measures from latest_reading l join device using (device_key) where device_id = 'battery'",
        )
      )[0]!.measures
    assert.deepEqual(await latest(), { p_actual_kw: 5, p_max_kw: 100, energy_needed_kwh: 12, ...car })
    await write([reading(0, 3_210_000, 5)])
    while (await round(100));
    assert.deepEqual(await latest(), { p_actual_kw: 5, p_max_kw: 100 })
  })

  it('keep the newest reading of each device as its latest, not the one that came last', async () => {
    await write([reading(2, 3_100_000, 4)])
    while (await round(100));
    await write([reading(2, 3_050_000, 9)])
    while (await round(100));
    const [latest] = await test.database.query<{ at: Date; power_kw: number; measures: object; kind: string }>(
      "select at, power_kw, measures, l.kind from latest_reading l join device using (device_key) where device_id = 'meter'",
    )
    assert.equal(latest!.at.getTime(), begin + 3_100_000)
    assert.deepEqual([latest!.power_kw, latest!.kind], [4, 'meter'])
    assert.deepEqual(latest!.measures, { va_v: 131, p_kw: 4, interval_s: 60, aggregation: 'rms', contact: 'closed' })
  })
})
