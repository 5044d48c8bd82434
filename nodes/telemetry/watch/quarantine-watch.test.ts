import assert from 'node:assert/strict'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { quarantineTallies } from './quarantine-rate-repository.ts'
import { QuarantineWatch } from './quarantine-watch.ts'

describe('quarantine watch', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const now = Date.UTC(2026, 2, 10, 12)
  const count = (reason: string, deviceId: string, counted: number, at: number) =>
    test.database.query(
      `insert into quarantine_count as q (reason, device_id, count, kept, first_at, last_at)
       values ($1, $2, $3, 0, to_timestamp($4::float8 / 1000), to_timestamp($4::float8 / 1000))
       on conflict (reason, device_id) do update set count = excluded.count, last_at = excluded.last_at`,
      [reason, deviceId, counted, at],
    )

  it('reads what was counted lately, with the place of the device', async () => {
    await test.database.query(`insert into feeder (feeder_id) values ('F1')`)
    await test.database.query(
      `insert into device (device_id, kind, status, feeder_id) values ('m-1', 'meter', 'active', 'F1')`,
    )
    await count('bad_value', 'm-1', 7, now)
    await count('bad_json', '', 9, now - 1_000)
    assert.deepEqual(await quarantineTallies(test.database, now - 1_000, now), [
      { reason: 'bad_value', deviceId: 'm-1', unitId: null, feederId: 'F1', count: 7, firstAt: now },
    ])
  })

  it('knows nothing of before its start', async () => {
    const watch = new QuarantineWatch(test.database, 5)
    assert.deepEqual((await watch.look(now)).holding, [])
    await count('bad_json', '', 13, now + 1)
    assert.deepEqual((await watch.look(now + 1)).holding, [])
    await count('bad_json', '', 14, now + 2)
    const { holding, judged } = await watch.look(now + 2)
    assert.deepEqual(
      holding.map(({ subject, value }) => [subject, value]),
      [['reason:bad_json', 5]],
    )
    assert.equal(judged!(holding[0]!), false)
  })
})
