import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { waitUntil } from '../../../platform/node/waiting.fixture.ts'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { HintKeeper } from './hint-keeper.ts'
import { listHints } from './hint-repository.ts'
import { minuteMs, noon, SuppliedField } from './supplied-field.fixture.ts'

describe('hints of outages', function () {
  this.timeout(60_000)
  const test = useDatabase()

  before(() => new SuppliedField(test).build())

  it('are of meters that have been silent for so long', async () => {
    await test.database.query(
      `insert into device_presence (device_key, online, at, received_at)
       select device_key, false, at, at from to_timestamp($1::float8 / 1000) at, device where device_id in ('m-a1-1-1', 'fa')`,
      [noon],
    )
    const errors: unknown[] = []
    const keep = (now: number) =>
      new HintKeeper(test.database, {
        ...{ clock: { now: () => now }, silentMs: 15 * minuteMs, report: (error) => void errors.push(error) },
      })
    const keeper = keep(noon + 16 * minuteMs)
    const page = { before: undefined, limit: 10 }
    const hints = await waitUntil('a hint', async () => {
      const found = await listHints(test.database, {}, page)
      return found.length > 0 && found
    })
    await keeper.close()
    assert.deepEqual(
      hints.map(({ kind, unitId, status }) => [kind, unitId, status]),
      [['silent', 'a1-1-1', 'open']],
    )
    assert.deepEqual(errors, [])
  })
})
