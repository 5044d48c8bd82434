import assert from 'node:assert/strict'
import { milliseconds } from './milliseconds.ts'
import { useDatabase } from './test-database.ts'

describe('instants of the database', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const read = async (timestamp: string | null) =>
    (
      await test.database.query<{ at: number | null }>(`select ${milliseconds('$1::timestamptz')} as at`, [timestamp])
    )[0]!.at

  it('are UTC milliseconds, whatever zone they were written in', async () =>
    assert.equal(await read('2026-03-10T09:00:00.123-03:00'), Date.UTC(2026, 2, 10, 12, 0, 0, 123)))

  it('are whole ones, the nearest', async () =>
    assert.equal(await read('2026-03-10T12:00:00.0006Z'), Date.UTC(2026, 2, 10, 12, 0, 0, 1)))

  it('are null where there is none', async () => assert.equal(await read(null), null))
})
