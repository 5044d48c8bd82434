import assert from 'node:assert/strict'
import { after, afterEach, before, describe, it } from 'mocha'
import { waitUntil } from '../node/waiting.fixture.ts'
import { freePort } from '../runtime/ports.ts'
import { Database, DatabaseUnavailable, isRefusal, type DatabaseState } from './database.ts'
import { migrate, newestMigration } from './migrate.ts'
import { restartableDatabase, type RestartableDatabase } from './restartable-database.fixture.ts'
import { useDatabase } from './test-database.ts'

describe('a database that answers', () => {
  const test = useDatabase()

  it('keeps what a transaction wrote, and nothing of one that failed', async () => {
    const add = (feeder: string) => 'insert into feeder (feeder_id) values ' + `('${feeder}')`
    await test.database.transaction((client) => client.query(add('f-1')))
    const failed = test.database.transaction(async (client) => {
      await client.query(add('f-2'))
      throw new Error('the domain says no')
    })
    await assert.rejects(failed, { message: 'the domain says no' })
    assert.deepEqual(await test.database.query('select feeder_id from feeder'), [{ feeder_id: 'f-1' }])
  })

  it('tells a statement it does not understand from a database that is away', async () => {
    await assert.rejects(test.database.query('select nonsense'), (error: Error) => {
      assert.ok(!(error instanceof DatabaseUnavailable))
      return error.message.includes('nonsense')
    })
    assert.deepEqual(test.database.state, { up: true })
  })

  for (const [what, statement, refused] of [
    ['a value out of range', 'select 70000::smallint', true],
    ['a row without a required value', 'insert into feeder (feeder_id) values (null)', true],
    ['a row twice', "insert into feeder (feeder_id) values ('f-x'), ('f-x')", true],
    ['a statement in error', 'select 1 from nowhere', false],
    ['a right that lacks', 'create table mine ()', false],
  ] as const) {
    it(`${refused ? 'refuses' : 'does not count as refused'}: ${what}`, async () => {
      const error: unknown = await test.database.query(statement).catch((thrown: unknown) => thrown)
      assert.ok(error instanceof Error)
      assert.equal(isRefusal(error), refused)
    })
  }

  it('lets through what a transaction itself refuses, whatever it says', async () => {
    class InUse extends Error {}
    const refused = test.database.transaction(() => Promise.reject(new InUse('named by: unit connection')))
    await assert.rejects(refused, InUse)
    assert.deepEqual(test.database.state, { up: true })
  })

  it('goes on after its connections were cut, and calls it a database that is away', async () => {
    const cut = test.database.transaction((client) => client.query('select pg_terminate_backend(pg_backend_pid())'))
    await assert.rejects(cut, DatabaseUnavailable)
    await test.database.ready()
    assert.deepEqual(await test.database.query('select 1 as one'), [{ one: 1 }])
  })
})

describe('a database that comes and goes', function () {
  this.timeout(120_000)
  let server: RestartableDatabase
  let database: Database | undefined

  before(async () => (server = await restartableDatabase()))
  afterEach(async () => {
    await database?.close()
    database = undefined
  })
  after(() => server.remove())

  it('is waited for, however late it comes', async () => {
    await server.kill()
    database = new Database(server.server.running)
    const ready = database.ready()
    await waitUntil('the refusal', () => database!.state.up === false && /ECONNREFUSED/.test(database!.state.detail))
    await assert.rejects(database.query('select 1'), DatabaseUnavailable)
    await server.start()
    await ready
    assert.deepEqual(await database.query('select 1 as one'), [{ one: 1 }])
  })

  it('is down when it was killed, says so, and is up again by itself', async () => {
    database = new Database(server.server.running)
    await database.ready()
    const states: DatabaseState[] = []
    database.on('state', (state) => states.push(state))
    const working = database.query('select pg_sleep(60)').catch((error: unknown) => error)
    await waitUntil('the statement to run', async () => {
      const [row] = await database!.query<{ running: number }>(
        "select count(*)::integer as running from pg_stat_activity where query = 'select pg_sleep(60)'",
      )
      return row!.running === 1
    })
    await server.kill()
    assert.ok((await working) instanceof DatabaseUnavailable)
    assert.equal(database.state.up, false)
    await server.start()
    const since = performance.now()
    await database.ready()
    assert.ok(performance.now() - since < 5_000, 'it is not noticed soon that the database is back')
    assert.equal(states[0]!.up, false)
    assert.deepEqual(states.at(-1), { up: true })
  })

  it('stops waiting for it when told so', async () => {
    database = new Database({ ...server.server.running, port: await freePort() })
    const giveUp = new AbortController()
    const ready = database.ready(giveUp.signal)
    giveUp.abort()
    await assert.rejects(ready, { name: 'AbortError' })
    const other = assert.rejects(database.ready(), { name: 'AbortError' })
    await database.close()
    database = undefined
    await other
  })
})

describe('a database with another schema', function () {
  this.timeout(60_000)
  let server: RestartableDatabase
  let database: Database

  before(async () => {
    server = await restartableDatabase({ migrated: false })
    database = new Database(server.server.running)
  })
  after(async () => {
    await database.close()
    await server.remove()
  })

  const states = (detail: RegExp) =>
    waitUntil(String(detail), () => database.state.up === false && detail.test(database.state.detail))

  it('is down until it is migrated', async () => {
    await states(/^schema not migrated yet$/)
    await migrate(server.server.owner, server.server.running.user, () => undefined)
    await database.ready()
  })

  it('is down where a migration of this release is missing, and says which', async () => {
    await database.close()
    const owner = new Database(server.server.owner)
    await owner.query('delete from pgmigrations where name = $1', [newestMigration()])
    await owner.close()
    database = new Database(server.server.running)
    await states(new RegExp(`^schema is behind: ${newestMigration()} is missing$`))
  })
})
