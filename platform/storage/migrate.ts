import { join, sep } from 'node:path'
import { runner } from 'node-pg-migrate'
import { Client, type ClientConfig } from 'pg'
import { migrationFiles } from './migration-files.ts'

const built = join(import.meta.dirname, '..', '..')
const migrationPattern = `${built.replaceAll(sep, '/')}/{platform,nodes}/*/migrations/*.sql`

/**
 * Brings the database to the schema of this release: plain SQL, forward only, one number sequence over all areas.
 * Of several starters one migrates, the others wait for it. Then grants the running role what it needs, and no more.
 * @param owner        connection of the role that owns the schema
 * @param runningRole  role of the running system
 * @param log          told what is done, a line at a time
 * @param readerRole   role of Grafana and reports, where there is one
 */
export async function migrate(
  owner: ClientConfig,
  runningRole: string,
  log: (line: string) => void,
  readerRole?: string,
): Promise<void> {
  await runner({
    databaseUrl: owner,
    dir: migrationPattern,
    useGlob: true,
    direction: 'up',
    migrationsTable: 'pgmigrations',
    advisoryLockMode: 'wait',
    checkOrder: true,
    verbose: false,
    logger: {
      debug: () => undefined,
      info: (line) => log(String(line)),
      warn: (line) => log(String(line)),
      error: (line) => log(String(line)),
    },
  })
  const client = new Client(owner)
  await client.connect()
  try {
    // One starter at a time: PostgreSQL does not let two change the same rights at once.
    await client.query('begin')
    await client.query(`select pg_advisory_xact_lock(hashtextextended('grant_running', 0))`)
    await client.query('call grant_running($1)', [runningRole])
    await client.query('call grant_reader($1, $2)', [runningRole, readerRole])
    await client.query('commit')
  } finally {
    await client.end()
  }
}

/** Name of the newest migration of this release: a database that has it has them all. */
export const newestMigration = (): string => migrationFiles().at(-1)!.name
