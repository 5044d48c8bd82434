import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { PoolConfig } from 'pg'
import type { Environment } from '../runtime/environment.ts'
import { embeddedRunning } from '../runtime/embedded-database.ts'
import { isAlive } from '../runtime/postgres-leftovers.ts'
import { openSecrets } from '../runtime/secrets.ts'
import { tlsOf } from '../storage/postgresql.ts'

/** There is no database to connect to. The message is one line that says what to do. */
export class NoDatabase extends Error {
  override readonly name = 'NoDatabase'
}

/**
 * How the running role connects: to DB_HOST, or to the embedded PostgreSQL that runs now on DATA_DIR. Starts nothing.
 * @throws NoDatabase if none runs there, or its files may not be read
 */
export function runningDatabase(environment: Environment): PoolConfig {
  const { DB_HOST, DB_PORT, DB_USER, DB_PASSWORD, DB_NAME, DB_SSL } = environment
  if (DB_HOST !== undefined) {
    return {
      host: DB_HOST,
      port: DB_PORT,
      user: DB_USER,
      database: DB_NAME,
      ...(DB_PASSWORD !== undefined && { password: DB_PASSWORD }),
      ssl: tlsOf(DB_SSL),
    }
  }
  const dataDir = resolve(environment.DATA_DIR)
  try {
    const port = runningPort(dataDir)
    // Whoever reads secrets where there are none makes new ones.
    if (port === undefined || !existsSync(join(dataDir, 'secrets.json'))) {
      throw new NoDatabase(`no database runs on DATA_DIR ${dataDir}: start Linha Viva (npm start), or set DB_HOST`)
    }
    return { host: '127.0.0.1', port, ...embeddedRunning, password: openSecrets(dataDir).databaseRunning }
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException
    if (code !== 'EACCES' && code !== 'EPERM') throw error
    throw new NoDatabase(`${path ?? dataDir} may not be read: run this as the user who runs Linha Viva`)
  }
}

/** What PostgreSQL wrote about itself: its process on the first line, its port on the fourth. */
function runningPort(dataDir: string): number | undefined {
  let lines: string[]
  try {
    lines = readFileSync(join(dataDir, 'postgresql', 'postmaster.pid'), 'utf8').split('\n')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  const [pid, port] = [Number(lines[0]), Number(lines[3])]
  return pid > 0 && isAlive(pid) && port > 0 ? port : undefined
}
