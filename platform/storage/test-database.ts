import { after, before } from 'mocha'
import { Client, type ClientConfig } from 'pg'
import { startEmbeddedDatabase, type EmbeddedDatabase } from '../runtime/embedded-database.ts'
import { prepareRoles } from '../runtime/postgres-roles.ts'
import { Database } from './database.ts'
import { migrate } from './migrate.ts'

export interface TestDatabase {
  /** Connected as the running role, as in operation. */
  readonly database: Database
  /** The running role's login, for connections of the test's own. */
  readonly login: ClientConfig
  readonly owner: ClientConfig
  readonly server: Omit<EmbeddedDatabase, 'stop'>
}

/** One for all suites of this process: to start and migrate a server for each would take longer than most of them. */
let migrated: Promise<EmbeddedDatabase> | undefined
let suites = 0

after('stops the server of the suites', async function () {
  this.timeout(60_000)
  await (await migrated?.catch(() => undefined))?.stop()
})

async function startMigrated(): Promise<EmbeddedDatabase> {
  const server = await startEmbeddedDatabase()
  await migrate(server.owner, server.running.user, () => undefined)
  return server
}

async function asSuperuser(server: EmbeddedDatabase, work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client(server.superuser)
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}

/** A database of its own, copied from the one that was migrated. */
async function copyFor(suite: string): Promise<Omit<EmbeddedDatabase, 'stop'>> {
  const server = await (migrated ??= startMigrated())
  const { owner, running } = server
  await asSuperuser(server, async (client) => {
    await client.query(`create database ${suite} template ${owner.database} strategy file_copy`)
    await prepareRoles(client, suite, [
      { name: owner.user, password: owner.password, owns: true },
      { name: running.user, password: running.password, owns: false },
    ])
  })
  return { ...server, owner: { ...owner, database: suite }, running: { ...running, database: suite } }
}

/** Gives a suite a real, migrated PostgreSQL database of its own; gone when the suite is over. */
export function useDatabase(): TestDatabase {
  let server: Omit<EmbeddedDatabase, 'stop'>
  let database: Database
  const suite = `suite_${++suites}`

  before(async function () {
    this.timeout(60_000)
    server = await copyFor(suite)
    database = new Database(server.running)
    await database.ready()
  })
  after(async function () {
    this.timeout(60_000)
    await database.close()
    await asSuperuser(await migrated!, (client) =>
      client.query(`drop database ${suite} with (force)`).then(() => undefined),
    )
  })

  return {
    get database() {
      return database
    },
    get login() {
      return server.running
    },
    get owner() {
      return server.owner
    },
    get server() {
      return server
    },
  }
}
