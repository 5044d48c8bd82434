import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { useDatabase } from '../../platform/storage/test-database.ts'
import { PlatformClock } from '../../platform/clock/clock.ts'
import { waitUntil } from '../../platform/node/waiting.fixture.ts'
import { readEnvironment } from '../../platform/runtime/environment.ts'
import { Partitions } from '../../platform/storage/partitions.ts'
import { QuarantineBudget } from './quarantine-budget.ts'
import { Retention } from './retention.ts'

const dayMs = 86_400_000
const now = Date.now()
const daysAgo = (days: number): number => now - days * dayMs

describe('retention', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const wall = new PlatformClock()
  let retention: Retention
  let partitions: Partitions
  const reported: string[] = []
  const budget = new QuarantineBudget(1e6, { now: () => now })

  before(async () => {
    partitions = new Partitions(test.database)
    const environment = readEnvironment({
      READING_RETENTION_DAYS: '15',
      ROLLUP_MINUTE_RETENTION_DAYS: '40',
      QUARANTINE_RETENTION_DAYS: '2',
    })
    retention = new Retention(test.database, partitions, budget, environment, wall, (error) =>
      reported.push(String(error)),
    )
    // Its first round is at its start; the others are the tests' own.
    await waitUntil('the first round', async () => (await rangesOf('der_reading')).length > 0)
    await waitUntil('its end', () => budget.bytes === 0)
  })
  after(() => retention.close())

  /** When each partition ends, oldest first. */
  const rangesOf = async (parent: string) => {
    const rows = await test.database.query<{ endsAt: Date }>(
      `select (regexp_match(pg_get_expr(c.relpartbound, c.oid), 'TO \\(''([^'']+)''\\)'))[1]::timestamptz as "endsAt"
       from pg_inherits join pg_class c on c.oid = inhrelid where inhparent = $1::regclass order by 1`,
      [parent],
    )
    return rows.map(({ endsAt }) => endsAt.getTime())
  }

  it('drops readings and minutes that the setting lets go, and no younger ones', async () => {
    for (const days of [0, 1, 15, 16, 17, 18, 30]) await partitions.ensure('der_reading', daysAgo(days))
    for (const days of [0, 30, 100, 400]) await partitions.ensure('reading_minute', daysAgo(days))
    await retention.runOnce(now)
    const ders = await rangesOf('der_reading')
    assert.ok(ders.every((endsAt) => endsAt > daysAgo(15)))
    // Fifteen days ago, yesterday, today and tomorrow.
    assert.equal(ders.length, 4)
    const minutes = await rangesOf('reading_minute')
    assert.ok(minutes.length >= 2 && minutes.every((endsAt) => endsAt > daysAgo(40)))
  })

  it('keeps for five years what indicators rest on, whatever the setting', async () => {
    const tables = ['meter_reading', 'switch_reading', 'reading_hour']
    for (const table of tables) {
      for (const years of [0, 1, 4.8, 7]) await partitions.ensure(table, daysAgo(years * 365))
    }
    await retention.runOnce(now)
    for (const table of ['meter_reading', 'switch_reading']) {
      const ends = await rangesOf(table)
      assert.ok(
        ends.some((endsAt) => endsAt < daysAgo(4.5 * 365)),
        `${table} of five years ago is gone`,
      )
      assert.ok(
        ends.every((endsAt) => endsAt > daysAgo(5.1 * 365)),
        `${table} of seven years ago is kept`,
      )
    }
    await test.database.query("select drop_partitions_before('reading_hour', 'infinity', 'infinity')")
    assert.ok((await rangesOf('reading_hour')).some((endsAt) => endsAt < daysAgo(3.5 * 365)))
  })

  it("has tomorrow's partitions made today", async () => {
    await retention.runOnce(now + 10 * dayMs)
    assert.ok((await rangesOf('panel_reading')).at(-1)! > now + 11 * dayMs)
  })

  it('lets quarantined payloads go after their days, and never their counts', async () => {
    await test.database.query(
      `insert into quarantine (received_at, reason, topic, detail, payload)
       select to_timestamp($1::float8 / 1000) - days * interval '1 day', 'bad_json', 'a/b', 'no', 'xx'
       from generate_series(0, 5) days`,
      [now],
    )
    await test.database.query(`insert into quarantine_count values ('bad_json', '', 6, 6, now(), now())`)
    await retention.runOnce(now + 1)
    assert.deepEqual(await test.database.query('select count(*)::integer as kept from quarantine'), [{ kept: 2 }])
    assert.deepEqual(await test.database.query('select count::integer from quarantine_count'), [{ count: 6 }])
    assert.equal(budget.bytes, 2 * (2 + 3 + 2 + 100))
  })

  it('strikes commits off the log only when they are old and every consumer has seen them', async () => {
    const log = async (days: number) => {
      await test.database.query(
        `select append_batch(nextval('batch_number'), 1, 0, null, null, to_timestamp($1::float8 / 1000))`,
        [daysAgo(days)],
      )
    }
    for (const days of [14, 10, 8, 8, 1]) await log(days)
    const left = async () => {
      await retention.runOnce(now)
      const rows = await test.database.query<{ position: number }>(
        'select position::float8 as position from batch_log order by 1',
      )
      return rows.map(({ position }) => position)
    }
    assert.deepEqual(await left(), [1, 2, 3, 4, 5])
    await test.database.query("insert into consumer_cursor (consumer, position) values ('fast', 5), ('slow', 2)")
    await test.database.query("insert into consumer_cursor (log, consumer) values ('another log', 'slowest')")
    assert.deepEqual(await left(), [3, 4, 5])
    await test.database.query("update consumer_cursor set position = 5 where consumer = 'slow'")
    assert.deepEqual(await left(), [5])
  })
  it('lets nobody wait for a consumer longer than readings are kept, and says whose readings went', async () => {
    await test.database.query('delete from batch_log')
    await test.database.query('delete from consumer_cursor')
    for (const [position, readings, firstDay, committedDay] of [
      [101, 10, 20, 20],
      [102, 20, 16, 16],
      // Late readings: they were measured before they were committed.
      [103, 30, 16, 2],
      [104, 40, 1, 1],
    ])
      await test.database.query(
        `insert into batch_log (position, batch_id, readings, events, first_at, last_at, committed_at)
         values ($1::bigint, 1000 + $1::bigint, $2, 0, to_timestamp($3::float8 / 1000), to_timestamp($4::float8 / 1000),
           to_timestamp($4::float8 / 1000))`,
        [position, readings, daysAgo(firstDay!), daysAgo(committedDay!)],
      )
    await test.database.query(
      "insert into consumer_cursor (consumer, position) values ('rollups', 104), ('influxdb', 101)",
    )
    reported.length = 0
    await retention.runOnce(now)
    assert.equal(reported.length, 1)
    assert.match(reported[0]!, /influxdb has not taken 2 commits with 50 readings .* READING_RETENTION_DAYS=15/)
    assert.deepEqual(await test.database.query('select position::integer from batch_log order by 1'), [
      { position: 103 },
      { position: 104 },
    ])
    await test.database.query("delete from consumer_cursor where consumer = 'influxdb'")
    reported.length = 0
    await retention.runOnce(now)
    assert.deepEqual(reported, [])
  })

  it('goes by a simulated clock: a year of the past stays, and what is older for it goes', async () => {
    const newYear = Date.UTC(2009, 0, 1)
    for (const days of [1, 20, 200]) await partitions.ensure('der_reading', newYear - days * dayMs)
    for (const days of [1, 300, 2_200]) await partitions.ensure('meter_reading', newYear - days * dayMs)
    await retention.runOnce(newYear)
    const ofThatTime = async (parent: string) => (await rangesOf(parent)).filter((endsAt) => endsAt <= newYear).length
    assert.equal(await ofThatTime('der_reading'), 1)
    assert.equal(await ofThatTime('meter_reading'), 2)
  })

  it('lets go of nothing that indicators rest on by a clock that runs ahead of the wall', async () => {
    await partitions.ensure('meter_reading', daysAgo(300))
    const before = await rangesOf('meter_reading')
    await retention.runOnce(now + 100 * 365 * dayMs)
    for (const endsAt of before.filter((endsAt) => endsAt > daysAgo(4.9 * 365)))
      assert.ok((await rangesOf('meter_reading')).includes(endsAt))
  })

  it('drops hundreds of days, some at a time', async () => {
    const from = Date.UTC(2001, 0, 1)
    for (let day = 0; day < 230; day++) await partitions.ensure('panel_reading', from + day * dayMs)
    await retention.runOnce(from + 400 * dayMs)
    assert.deepEqual(
      (await rangesOf('panel_reading')).filter((endsAt) => endsAt < from + 400 * dayMs),
      [],
    )
  })
})

describe('retention with a simulated clock', function () {
  this.timeout(60_000)
  const test = useDatabase()

  it('waits for the simulation to say what time it is', async () => {
    const newYear = Date.UTC(2008, 0, 1)
    const clock = new PlatformClock()
    const partitions = new Partitions(test.database)
    for (let day = 0; day < 3; day++) await partitions.ensure('der_reading', newYear + day * dayMs)
    const days = async () =>
      (await test.database.query("select from pg_inherits where inhparent = 'der_reading'::regclass")).length
    const run = async () => {
      const retention = new Retention(
        test.database,
        partitions,
        new QuarantineBudget(1e6, clock),
        readEnvironment({ CLOCK: 'simulated' }),
        clock,
        (error) => assert.fail(String(error)),
      )
      // It ends the round that it has begun.
      await retention.close()
    }
    await run()
    assert.equal(await days(), 3)
    clock.set({ at: newYear + 100 * dayMs, rate: 0 })
    await run()
    // Tomorrow's alone.
    assert.equal(await days(), 1)
  })

  it('has every commit wait for its consumers: a year may pass before they have taken the first', async () => {
    const newYear = Date.UTC(2008, 0, 1)
    const clock = new PlatformClock()
    clock.set({ at: newYear + 365 * dayMs, rate: 0 })
    await test.database.query("insert into consumer_cursor (consumer, position) values ('rollups', 0)")
    await test.database.query(
      `select append_batch(nextval('batch_number'), 1, 0, null, null, to_timestamp($1::float8 / 1000))`,
      [newYear],
    )
    const reported: unknown[] = []
    const retention = new Retention(
      test.database,
      new Partitions(test.database),
      new QuarantineBudget(1e6, clock),
      readEnvironment({ CLOCK: 'simulated' }),
      clock,
      (error) => reported.push(error),
    )
    await retention.runOnce(clock.now())
    await retention.close()
    assert.deepEqual(reported, [])
    assert.equal((await test.database.query('select from batch_log')).length, 1)
  })
})
