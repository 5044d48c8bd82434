import assert from 'node:assert/strict'
import { createServer, type Server, type Socket } from 'node:net'
import { afterEach, describe, it } from 'mocha'
import { Client } from 'pg'
import { waitUntil } from '../node/waiting.fixture.ts'
import { Database, DatabaseUnavailable } from './database.ts'
import { useDatabase } from './test-database.ts'

const promptMs = 5_000

/** How long closing takes, ms. */
async function closingTime(database: Database): Promise<number> {
  const since = performance.now()
  await database.close()
  return performance.now() - since
}

describe('closing a database', function () {
  this.timeout(60_000)
  const test = useDatabase()

  it('lets a transaction end that is about to', async () => {
    const database = new Database(test.login)
    await database.ready()
    const work = database.transaction((client) => client.query("select pg_sleep(0.3), 'done' as answer"))
    await new Promise((resolve) => setImmediate(resolve))
    await waitUntil('the transaction', async () => (await running('pg_sleep(0.3)')) === 1)
    assert.ok((await closingTime(database)) < promptMs)
    assert.equal((await work).rows[0].answer, 'done')
  })

  it('gives up one that would take for ever', async () => {
    const database = new Database(test.login)
    await database.ready()
    const work = database.transaction((client) => client.query('select pg_sleep(61)')).catch((error: unknown) => error)
    await waitUntil('the transaction', async () => (await running('pg_sleep(61)')) === 1)
    assert.ok((await closingTime(database)) < promptMs)
    assert.ok((await work) instanceof DatabaseUnavailable)
  })

  it('ends at once while somebody listens, or is about to', async () => {
    for (const heardFirst of [true, false]) {
      const database = new Database(test.login)
      await database.ready()
      let heard = 0
      const listening = database.listen('registry_changed', () => heard++, new AbortController().signal)
      if (heardFirst) await waitUntil('the first call', () => heard === 1)
      assert.ok((await closingTime(database)) < promptMs)
      await listening
    }
  })

  it('leaves nothing to ask: whoever comes later finds it unavailable, as when it is down', async () => {
    const database = new Database(test.login)
    await database.ready()
    const closing = database.close()
    await assert.rejects(database.query('select 1'), DatabaseUnavailable)
    await closing
    await assert.rejects(
      database.transaction(async () => undefined),
      DatabaseUnavailable,
    )
  })

  async function running(statement: string): Promise<number> {
    const [row] = await test.database.query<{ running: number }>(
      `select count(*)::integer as running from pg_stat_activity
       where query like '%' || $1 || '%' and pid <> pg_backend_pid() and state = 'active'`,
      [statement],
    )
    return row!.running
  }
})

describe('closing a database that takes connections and never answers', function () {
  this.timeout(60_000)
  let server: Server
  const sockets: Socket[] = []
  afterEach(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })

  it('ends within the time a connection may take', async () => {
    server = createServer((socket) => sockets.push(socket))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { port: number }
    const database = new Database({ host: '127.0.0.1', port, user: 'x', database: 'x', password: 'x' })
    await waitUntil('the attempt', () => sockets.length > 0)
    assert.ok((await closingTime(database)) < 8_000)
  })
})

describe('listening to a database', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const stop = new AbortController()

  it('ends also when told so before it has a connection', async () => {
    const early = new AbortController()
    let heard = 0
    const listening = test.database.listen('registry_changed', () => heard++, early.signal)
    early.abort()
    await listening
    assert.equal(heard, 0)
  })

  it('takes nothing from those who work, however many listen', async () => {
    const enough = new AbortController()
    let heard = 0
    const listening = Array.from({ length: 10 }, () =>
      test.database.listen('registry_changed', () => heard++, enough.signal),
    )
    await waitUntil('all of them', () => heard === 10)
    assert.deepEqual(await test.database.query('select 1 as one'), [{ one: 1 }])
    enough.abort()
    await Promise.all(listening)
  })

  it('hears notices, and is called once more after every reconnection', async () => {
    let heard = 0
    const listening = test.database.listen('registry_changed', () => heard++, stop.signal)
    await waitUntil('the first call', () => heard === 1)
    await test.database.query('notify registry_changed')
    await waitUntil('the notice', () => heard === 2)

    const superuser = new Client(test.server.superuser)
    await superuser.connect()
    await superuser.query("select pg_terminate_backend(pid) from pg_stat_activity where query like 'listen %'")
    await superuser.end()
    await waitUntil('the call after the reconnection', () => heard === 3)
    await test.database.ready()
    await test.database.query('notify registry_changed')
    await waitUntil('the notice on the new connection', () => heard === 4)

    stop.abort()
    await listening
  })
})
