import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { Partitions } from '../../platform/storage/partitions.ts'
import { useDatabase } from '../../platform/storage/test-database.ts'
import { preparePartitions } from './batch-partitions.ts'
import type { TelemetryBatch } from './messages.ts'
import { batteryReading } from './telemetry-flow.fixture.ts'

describe('partitions of batches', () => {
  const test = useDatabase()

  const partitionsOf = async (parent: string) => {
    const rows = await test.database.query<{ name: string }>(
      `select c.relname as name from pg_inherits join pg_class c on c.oid = inhrelid
       where inhparent = $1::regclass order by 1`,
      [parent],
    )
    return rows.map(({ name }) => name)
  }

  it('are made for every reading of a batch, however far apart', async () => {
    const days = [Date.UTC(2026, 0, 1), Date.UTC(2026, 5, 1), Date.UTC(2026, 0, 1, 12)]
    const payload = days.map((at) => batteryReading('battery-1', at, 1))
    await preparePartitions(new Partitions(test.database), [{ topic: 'der', payload }])
    const made = await partitionsOf('der_reading')
    assert.deepEqual(made.slice(0, 2), ['der_reading_20260101', 'der_reading_20260601'])
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
    await preparePartitions(partitions, [{ topic: 'der', payload: wrecks } as unknown as TelemetryBatch])
    await preparePartitions(partitions, [{ topic: 'event', payload: [{ at: 0 }] } as unknown as TelemetryBatch])
    assert.deepEqual(await partitionsOf('der_reading'), before)
  })
})
