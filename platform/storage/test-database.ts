import { after, before } from 'mocha'
import type { ClientConfig } from 'pg'
import { startEmbeddedDatabase, type EmbeddedDatabase } from '../runtime/embedded-database.ts'
import { Database } from './database.ts'
import { migrate } from './migrate.ts'

export interface TestDatabase {
  /** Connected as the running role, as in operation. */
  readonly database: Database
  /** The running role's login, for connections of the test's own. */
  readonly login: ClientConfig
  readonly owner: ClientConfig
  readonly server: EmbeddedDatabase
}

/** Gives a suite a real, migrated PostgreSQL of its own; gone when the suite is over. */
export function useDatabase(): TestDatabase {
  let server: EmbeddedDatabase
  let database: Database

  before(async function () {
    this.timeout(60_000)
    server = await startEmbeddedDatabase()
    await migrate(server.owner, server.running.user, () => undefined)
    database = new Database(server.running)
    await database.ready()
  })
  after(async function () {
    this.timeout(60_000)
    await database.close()
    await server.stop()
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
