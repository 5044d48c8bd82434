import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { useDatabase } from '../../platform/storage/test-database.ts'
import type { TelemetryBatch } from './messages.ts'
import { Partitions } from './partitions.ts'
import { batteryReading } from './telemetry-flow.fixture.ts'

describe('partitions', () => {
  const test = useDatabase()

  const partitionsOf = async (parent: string) => {
    const rows = await test.database.query<{ name: string }>(
      `select c.relname as name from pg_inherits join pg_class c on c.oid = inhrelid
       where inhparent = $1::regclass order by 1`,
      [parent],
    )
    return rows.map(({ name }) => name)
  }

  it('are of a day, a month or a year, in UTC', async () => {
    const partitions = new Partitions(test.database)
    for (const at of [Date.UTC(2026, 10, 30, 23, 59, 59, 999), Date.UTC(2026, 11, 1)]) {
      for (const table of ['der_reading', 'meter_reading', 'reading_hour']) await partitions.ensure(table, at)
    }
    assert.deepEqual(await partitionsOf('der_reading'), ['der_reading_20261130', 'der_reading_20261201'])
    assert.deepEqual(await partitionsOf('meter_reading'), ['meter_reading_202611', 'meter_reading_202612'])
    assert.deepEqual(await partitionsOf('reading_hour'), ['reading_hour_2026'])
  })

  it('are made for every reading of a batch, however far apart', async () => {
    const days = [Date.UTC(2026, 0, 1), Date.UTC(2026, 5, 1), Date.UTC(2026, 0, 1, 12)]
    const payload = days.map((at) => batteryReading('battery-1', at, 1))
    await new Partitions(test.database).prepareFor([{ topic: 'der', payload }])
    const made = await partitionsOf('der_reading')
    assert.deepEqual(made.slice(0, 2), ['der_reading_20260101', 'der_reading_20260601'])
  })

  it('are made once by many at the same time', async () => {
    const at = Date.UTC(2027, 0, 1)
    await Promise.all(Array.from({ length: 6 }, () => new Partitions(test.database).ensure('panel_reading', at)))
    assert.deepEqual(await partitionsOf('panel_reading'), ['panel_reading_20270101'])
  })

  it('are not made for what is no reading, nor for events, presence and quarantine', async () => {
    const before = await partitionsOf('der_reading')
    const wrecks = [
      null,
      undefined,
      'text',
      {},
      { at: NaN },
      { at: '2026' },
      { at: Infinity },
      { at: 1e300 },
      { at: -1 },
    ]
    const partitions = new Partitions(test.database)
    await partitions.prepareFor([{ topic: 'der', payload: wrecks } as unknown as TelemetryBatch])
    await partitions.prepareFor([{ topic: 'event', payload: [{ at: 0 }] } as unknown as TelemetryBatch])
    assert.deepEqual(await partitionsOf('der_reading'), before)
  })

  it('are asked for again once forgotten', async () => {
    const at = Date.now() - 70 * 86_400_000
    const partitions = new Partitions(test.database)
    await partitions.ensure('reading_minute', at)
    const made = await partitionsOf('reading_minute')
    await test.database.query("select drop_partitions_before('reading_minute', now(), now())")
    await partitions.ensure('reading_minute', at)
    assert.deepEqual(await partitionsOf('reading_minute'), [])
    partitions.forget()
    await partitions.ensure('reading_minute', at)
    assert.deepEqual([await partitionsOf('reading_minute'), made.length], [made, 1])
  })
})
