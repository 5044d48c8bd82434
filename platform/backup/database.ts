import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Client, type ClientConfig } from 'pg'
import { NoDatabase, runningDatabase } from '../network/running-database.ts'
import { takeDataDirectory } from '../runtime/data-directory.ts'
import { startEmbeddedDatabase } from '../runtime/embedded-database.ts'
import type { Environment } from '../runtime/environment.ts'
import { externalOwner } from '../runtime/migration.ts'

type Say = (line: string) => void

/**
 * Connects as the running role: to DB_HOST, to the embedded database that runs, or to the one of DATA_DIR, started for as long as it takes.
 * @throws NoDatabase if there is none
 */
export async function withRunningRole<T>(
  environment: Environment,
  say: Say,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  try {
    return await connected(runningDatabase(environment), work)
  } catch (error) {
    if (!(error instanceof NoDatabase) || !isKept(environment)) throw error
  }
  return withEmbedded(environment, say, ({ running }) => connected(running, work))
}

/** Who may replace the schema, and for whom. */
export interface Ownership {
  readonly client: Client
  readonly owner: ClientConfig
  readonly runningRole: string
  readonly readerRole: string | undefined
}

/**
 * Connects as the owner of the schema. The data directory is ours meanwhile: nothing of this installation runs.
 * @throws StartError if it does, or the owner is not named
 */
export async function withOwner<T>(
  environment: Environment,
  say: Say,
  work: (ownership: Ownership) => Promise<T>,
): Promise<T> {
  const { DB_HOST, DB_USER, DB_READER_USER, DATA_DIR } = environment
  if (DB_HOST === undefined)
    return withEmbedded(environment, say, ({ owner, running }) =>
      connected(owner, (client) => work({ client, owner, runningRole: running.user, readerRole: undefined })),
    )
  const data = takeDataDirectory(resolve(DATA_DIR))
  try {
    const owner = externalOwner(environment, say)
    return await connected(owner, (client) => work({ client, owner, runningRole: DB_USER, readerRole: DB_READER_USER }))
  } finally {
    data.release()
  }
}

async function withEmbedded<T>(
  environment: Environment,
  say: Say,
  work: (database: Awaited<ReturnType<typeof startEmbeddedDatabase>>) => Promise<T>,
): Promise<T> {
  const dataDir = resolve(environment.DATA_DIR)
  const data = takeDataDirectory(dataDir)
  try {
    // What it says of its own coming and going is of no interest here.
    const log = (line: string): void => (line.startsWith('LOG:') ? undefined : say(line))
    const database = await startEmbeddedDatabase({ dataDir, log })
    try {
      return await work(database)
    } finally {
      await database.stop()
    }
  } finally {
    data.release()
  }
}

async function connected<T>(login: ClientConfig, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ ...login, connectionTimeoutMillis: 10_000, application_name: 'linha-viva-backup' })
  // What happens to the connection also fails the statement under way.
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

const isKept = ({ DB_HOST, DATA_DIR }: Environment): boolean =>
  DB_HOST === undefined && existsSync(join(resolve(DATA_DIR), 'postgresql', 'PG_VERSION'))
