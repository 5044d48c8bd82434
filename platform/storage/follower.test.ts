import assert from 'node:assert/strict'
import { afterEach, before, describe, it } from 'mocha'
import { Client } from 'pg'
import { waitUntil } from '../node/waiting.fixture.ts'
import { appendBatch, batchLog, nextBatchId } from './batch-log.ts'
import { cursorOf } from './cursor.ts'
import { Consumer, type ConsumerOptions } from './consumer.ts'
import { useDatabase } from './test-database.ts'

describe('a consumer of the batch log', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const consumers: Consumer[] = []
  let faults: string[] = []

  before(async () => {
    const owner = new Client(test.owner)
    await owner.connect()
    await owner.query('create table taken (consumer text, position bigint)')
    await owner.query(`grant select, insert on taken to ${test.login.user!}`)
    await owner.end()
  })
  afterEach(async () => {
    await Promise.all(consumers.splice(0).map((consumer) => consumer.close()))
    faults = []
  })

  const append = () =>
    test.database.transaction(async (client) =>
      appendBatch(client, {
        ...{ batchId: await nextBatchId(client), readings: 10, events: 0, firstAt: 0, lastAt: 0, committedAt: 0 },
      }),
    )
  const positions = async () => {
    const rows = await test.database.query<{ position: number }>(
      'select position::float8 as position from batch_log order by 1',
    )
    return rows.map(({ position }) => position)
  }
  const takenBy = async (name: string) => {
    const rows = await test.database.query<{ position: number }>(
      'select position::float8 as position from taken where consumer = $1 order by ctid',
      [name],
    )
    return rows.map(({ position }) => position)
  }
  const follow = (name: string, options: Partial<ConsumerOptions> = {}): void => {
    consumers.push(
      new Consumer(test.database, {
        name,
        maxItems: 30,
        restMs: 1,
        restFactor: 0,
        async take(client, batches) {
          for (const { position } of batches) await client.query('insert into taken values ($1, $2)', [name, position])
        },
        progress: () => undefined,
        report: (error) => faults.push(String(error)),
        ...options,
      }),
    )
  }
  const caughtUp = (name: string) =>
    waitUntil(`${name} to catch up`, async () => (await takenBy(name)).length >= (await positions()).length)

  it('takes every commit once and in order, from the first, and those that come', async () => {
    for (let n = 0; n < 10; n++) await append()
    follow('orderly')
    await caughtUp('orderly')
    for (let n = 0; n < 5; n++) await append()
    await caughtUp('orderly')
    assert.deepEqual(await takenBy('orderly'), await positions())
  })

  it('takes every commit once when it is killed again and again in the midst of one', async () => {
    let kills = 0
    follow('killed', {
      async take(client, batches) {
        for (const { position } of batches) await client.query("insert into taken values ('killed', $1)", [position])
        if (kills++ < 3) await client.query('select pg_terminate_backend(pg_backend_pid())')
        if (kills === 5) throw new Error('a fault of its own')
      },
    })
    await caughtUp('killed')
    assert.deepEqual(await takenBy('killed'), await positions())
    // A database that went away is no fault of the consumer's.
    assert.deepEqual(faults, ['Error: a fault of its own'])
  })

  it('takes every commit once when two instances follow', async () => {
    follow('twofold')
    follow('twofold')
    const writing = Promise.all(Array.from({ length: 20 }, append))
    await writing
    await caughtUp('twofold')
    assert.deepEqual(await takenBy('twofold'), await positions())
  })

  it('goes on where it stopped', async () => {
    follow('resumed')
    await caughtUp('resumed')
    await consumers.pop()!.close()
    await append()
    follow('resumed')
    await caughtUp('resumed')
    assert.deepEqual(await takenBy('resumed'), await positions())
  })

  it('takes only what was prepared, also when commits arrive in between', async () => {
    const prepared = new Set<number>()
    const unprepared: number[] = []
    let arrivals = 0
    follow('prepared', {
      maxItems: 1_000,
      async before(batches) {
        for (const { position } of batches) prepared.add(position)
        if (arrivals++ < 3) await append()
      },
      async take(client, batches) {
        for (const { position } of batches) {
          if (!prepared.has(position)) unprepared.push(position)
          await client.query("insert into taken values ('prepared', $1)", [position])
        }
      },
    })
    await waitUntil('all arrivals', () => arrivals >= 3)
    await caughtUp('prepared')
    assert.deepEqual(unprepared, [])
    assert.deepEqual(await takenBy('prepared'), await positions())
  })

  it('moves on only when what is done elsewhere has been confirmed, and tries again until then', async () => {
    const written: number[] = []
    let attempts = 0
    follow('elsewhere', {
      maxItems: 1_000,
      async before(batches) {
        const held = await test.database.query(
          `select 1 from pg_stat_activity where state like 'idle in transaction%' and pid <> pg_backend_pid()`,
        )
        assert.deepEqual(held, [], 'no transaction is held open meanwhile')
        if (attempts++ < 2) throw new Error('away')
        written.push(...batches.map(({ position }) => position))
        return { written: batches.length - 1, refused: 1 }
      },
    })
    const all = await positions()
    const [consumer] = consumers
    await waitUntil('the first failure', () => consumer!.state.failures > 0)
    assert.equal(await cursorOf(test.database, batchLog.name, 'elsewhere'), 0)
    assert.equal(consumer!.state.batchesBehind, all.length)
    assert.equal(consumer!.state.readingsBehind, all.length * 10)
    await waitUntil(
      'the cursor',
      async () => (await cursorOf(test.database, batchLog.name, 'elsewhere')) === all.at(-1),
    )
    assert.deepEqual(written, all)
    await waitUntil('its state', () => consumer!.state.batches === all.length)
    const { failures, batchesBehind, oldestAt, written: confirmed, refused } = consumer!.state
    assert.deepEqual(
      { failures, batchesBehind, oldestAt, confirmed, refused },
      { failures: 2, batchesBehind: 0, oldestAt: null, confirmed: all.length - 1, refused: 1 },
    )
    assert.deepEqual(faults, ['Error: away', 'Error: away'])
  })

  it('is entered with its first round, also where that fails: the log is kept for it from then on', async () => {
    await append()
    follow('entered', { before: () => Promise.reject(new Error('away')) })
    await waitUntil('the first failure', () => consumers[0]!.state.failures > 0)
    const entered = await test.database.query(
      "select position::integer from consumer_cursor where consumer = 'entered'",
    )
    assert.deepEqual(entered, [{ position: 0 }])
  })

  it('begins again from the first where its cursor is put back in the midst of a round', async () => {
    for (let n = 0; n < 4; n++) await append()
    const again: number[] = []
    let rounds = 0
    follow('rewound', {
      maxItems: 10,
      async before(batches) {
        if (++rounds > 3) again.push(...batches.map(({ position }) => position))
        if (rounds === 3)
          await test.database.query("update consumer_cursor set position = 0 where consumer = 'rewound'")
      },
    })
    const all = await positions()
    await waitUntil(
      'the last',
      async () => (await cursorOf(test.database, batchLog.name, 'rewound')) === all.at(-1) && rounds > 3,
    )
    assert.deepEqual(again, all)
  })

  it('does not wait for what is done elsewhere when it closes', async () => {
    await append()
    follow('closing', {
      before: (_batches, signal) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')))),
    })
    await waitUntil('the round', () => consumers[0]!.state.batchesBehind > 0)
    await consumers.pop()!.close()
    assert.deepEqual(faults, [])
    assert.equal(await cursorOf(test.database, batchLog.name, 'closing'), 0)
  })

  it('tells after each round how much is left', async () => {
    const rounds: { batches: number; readings: number; behind: number }[] = []
    follow('telling', { maxItems: 10, progress: (round) => rounds.push(round) })
    await caughtUp('telling')
    const all = (await positions()).length
    await waitUntil('the last round', () => rounds.find(({ behind }) => behind === 0))
    assert.deepEqual(rounds[0], { batches: 1, readings: 10, behind: all - 1 })
    assert.equal(
      rounds.reduce((sum, { batches }) => sum + batches, 0),
      all,
    )
  })
})
