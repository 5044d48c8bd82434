import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { entered, hourMs, minuteMs, seedTown, six } from './demand.fixture.ts'
import { unmetEvents } from './unmet-events.ts'

describe('events that a feeder does not keep', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const head = (kw: number, at: number) =>
    test.database.query(
      `insert into latest_reading (device_key, kind, at, received_at, quality, power_kw, measures)
       select device_key, 'meter', to_timestamp($2::float8 / 1000), to_timestamp($2::float8 / 1000), 'good', $1, '{}'
       from device where device_id = 'head-1'
       on conflict (device_key) do update set at = excluded.at, power_kw = excluded.power_kw`,
      [kw, at],
    )
  before(async () => {
    await seedTown(test.database)
    await entered(test.database)
    await entered(test.database, { feederId: 'f-2' })
  })

  it('are those in force whose head carries more, some minutes after the beginning', async () => {
    const at = six + 6 * minuteMs
    await head(60, at)
    assert.deepEqual(await unmetEvents(test.database, at), [
      {
        ...{ eventId: 1, feederId: 'f-1', direction: 'import', limitKw: 50, measuredKw: 60, measuredAt: at },
        ...{ startedAt: six, endsAt: six + 2 * hourMs },
      },
    ])
  })

  it('none while the feeder still comes down, once it has, and once the event is over', async () => {
    await head(60, six + minuteMs)
    assert.deepEqual(await unmetEvents(test.database, six + 6 * minuteMs), [])
    await head(50, six + 20 * minuteMs)
    assert.deepEqual(await unmetEvents(test.database, six + 20 * minuteMs), [])
    await head(60, six + 2 * hourMs)
    assert.deepEqual(await unmetEvents(test.database, six + 2 * hourMs), [])
  })

  it('of a reading that is old nobody can say', async () => {
    await head(60, six + 20 * minuteMs)
    assert.deepEqual(await unmetEvents(test.database, six + 40 * minuteMs), [])
  })
})
