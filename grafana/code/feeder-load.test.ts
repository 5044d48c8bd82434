import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useDatabase } from '../../platform/storage/test-database.ts'
import { dersOverTime, loadAndLimitNow, loadOverTime } from './feeder-load.ts'
import { rowsOfQuery, rowsOfSql } from './shown-rows.fixture.ts'

const to = Date.parse('2026-11-23T21:00:00Z')
const hourMs = 3_600_000
const looked = (feeders: readonly string[], hours: number) => ({
  ...{ chosen: { feeder: feeders }, from: to - hours * hourMs, to },
})

describe('load of feeders', function () {
  this.timeout(60_000)
  const test = useDatabase()

  before(async () => {
    const { database } = test
    await database.query(
      `insert into device (device_id, kind, status) values ('head-1', 'meter', 'active');
       insert into feeder (feeder_id, parent_feeder_id, limit_kw, head_meter_id)
       values ('root', null, null, null), ('headed', 'root', 110, 'head-1'), ('bare', 'root', 80, null);
       insert into site (site_id, feeder_id) values ('home', 'bare');
       insert into device (device_id, kind, der_type, status, feeder_id, site_id) values
         ('meter-1', 'meter', null, 'active', 'bare', 'home'), ('ev-home', 'der', 'ev', 'active', 'bare', 'home'),
         ('ev-street', 'der', 'ev', 'active', 'bare', null), ('pv-old', 'der', 'pv', 'rejected', 'bare', null),
         ('ev-headed', 'der', 'ev', 'active', 'headed', null);
       update device set feeder_id = 'headed' where device_id = 'head-1';
       select ensure_partition('reading_minute', '2026-11-23T20:30:00Z');
       select ensure_partition('reading_hour', '2026-11-23T20:00:00Z')`,
    )
    const powers = `(values ('head-1', 'p_kw'::measure, 60.0), ('meter-1', 'p_kw', 20), ('ev-home', 'p_actual_kw', 7),
      ('ev-street', 'p_actual_kw', 11), ('pv-old', 'p_actual_kw', -5), ('ev-headed', 'p_actual_kw', 3)) given (device_id, measure, kw)`
    await database.query(
      `insert into latest_reading (device_key, kind, at, received_at, quality, power_kw, measures)
       select device_key, kind, '2026-11-23T20:59:30Z', '2026-11-23T20:59:30Z', 'good', kw, '{}' from device join ${powers} using (device_id)`,
    )
    await database.query(
      `insert into reading_minute (at, device_key, measure, total, lowest, highest, samples)
       select at, device_key, measure, 2 * kw, kw, kw, 2 from device join ${powers} using (device_id)
       cross join generate_series(timestamptz '2026-11-23T20:30:00Z', '2026-11-23T20:34:00Z', '1 minute') at
       where device_id <> 'meter-1' or at = '2026-11-23T20:30:00Z'`,
    )
    await database.query(
      `insert into reading_hour (at, device_key, measure, total, lowest, highest, samples)
       select '2026-11-23T20:00:00Z', device_key, measure, 10 * kw, kw, kw, 5 from device join ${powers} using (device_id)`,
    )
  })

  it('is that of the head meter, or of all meters and of the DERs that none of them measures', async () => {
    const rows = await rowsOfQuery<{ metric: string; value: number }>(
      test.database,
      loadOverTime(),
      looked(['root', 'headed', 'bare'], 1),
    )
    // The meter of the home sent one mean in five minutes: it is in the sum of all five.
    assert.deepEqual(
      rows.map(({ metric, value }) => [metric, value]),
      [
        ['bare', 31],
        ['headed', 60],
        // The head below measures its own feeder, and the car there.
        ['root', 91],
      ],
    )
  })

  it('is of hours beyond six hours', async () => {
    const rows = await rowsOfQuery<{ time: Date; value: number }>(test.database, loadOverTime(), looked(['bare'], 24))
    assert.deepEqual(
      rows.map(({ time, value }) => [time.toISOString(), value]),
      [['2026-11-23T20:00:00.000Z', 62]],
    )
  })

  it('has each DER once, however many feeders above it are chosen', async () => {
    const rows = await rowsOfQuery<{ metric: string; value: number }>(
      test.database,
      dersOverTime(),
      looked(['root', 'headed', 'bare'], 1),
    )
    assert.deepEqual(
      rows.map(({ metric, value }) => [metric, value]),
      [['Veículos', 21]],
    )
  })

  const limitsNow = () =>
    rowsOfSql<{ feederId: string; load: number | null; limit: number | null }>(
      test.database,
      `${loadAndLimitNow} select feeder_id as "feederId", load_kw as load, limit_kw as limit
       from load_now join limit_now using (feeder_id) order by feeder_id`,
      looked(['root', 'headed', 'bare'], 1),
    )

  it('stands against the least limit in force, which moves with each table that it comes from', async () => {
    assert.deepEqual(await limitsNow(), [
      { feederId: 'bare', load: 31, limit: 80 },
      { feederId: 'headed', load: 60, limit: 110 },
      { feederId: 'root', load: 91, limit: null },
    ])
    const { database } = test
    const limitOf = async (feeder: string) => (await limitsNow()).find(({ feederId }) => feederId === feeder)!.limit
    await database.query(`update feeder set limit_kw = 70 where feeder_id = 'bare'`)
    assert.equal(await limitOf('bare'), 70)
    await database.query(
      `insert into feeder_limit (feeder_id, line, direction, value, unit, validity, reason, set_by, set_at)
       values ('bare', 'total', 'import', 50, 'kw', '[2026-11-23T20:00Z,2026-11-23T22:00Z)', 'hot', 'ana', now()),
         ('bare', 'total', 'import', 10, 'kw', '[2026-11-23T22:00Z,2026-11-23T23:00Z)', 'later', 'ana', now()),
         ('bare', 'total', 'export', 5, 'kw', '[2026-11-23T20:00Z,)', 'back', 'ana', now())`,
    )
    assert.equal(await limitOf('bare'), 50)
    await database.query(
      `insert into dr_event (type, feeder_id, mode, limit_kw, starts_at, ends_at, snapback_minutes, source, request_hash, entered_by,
         entered_at, changed_by)
       values ('peak', 'bare', 'limit', 40, '2026-11-23T20:00Z', '2026-11-23T22:00Z', 0, 'test', 'x', 'ana', now(), 'ana')`,
    )
    assert.equal(await limitOf('bare'), 40)
  })
})
