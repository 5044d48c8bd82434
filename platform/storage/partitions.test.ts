import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { useDatabase } from './test-database.ts'
import { Partitions } from './partitions.ts'

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

  it('are made once by many at the same time', async () => {
    const at = Date.UTC(2027, 0, 1)
    await Promise.all(Array.from({ length: 6 }, () => new Partitions(test.database).ensure('panel_reading', at)))
    assert.deepEqual(await partitionsOf('panel_reading'), ['panel_reading_20270101'])
  })

  it('are asked for again once forgotten', async () => {
    const at = Date.now() - 70 * 86_400_000
    const partitions = new Partitions(test.database)
    assert.equal(partitions.has('reading_minute', at), false)
    await partitions.ensure('reading_minute', at)
    assert.equal(partitions.has('reading_minute', at), true)
    const made = await partitionsOf('reading_minute')
    await test.database.query("select drop_partitions_before('reading_minute', now(), now())")
    await partitions.ensure('reading_minute', at)
    assert.deepEqual(await partitionsOf('reading_minute'), [])
    partitions.forget()
    await partitions.ensure('reading_minute', at)
    assert.deepEqual([await partitionsOf('reading_minute'), made.length], [made, 1])
  })
})
