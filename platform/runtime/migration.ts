import { setTimeout as sleep } from 'node:timers/promises'
import { migrate } from '../storage/migrate.ts'
import type { Environment } from './environment.ts'
import { StartError } from './start-error.ts'

/** Connection of the role that owns the schema. */
export interface Owner {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password?: string
  readonly database: string
  readonly ssl?: false | { readonly rejectUnauthorized: boolean }
}

/**
 * Who migrates an external database.
 * @throws StartError in production if it would be the role of the running system, which there is never the owner
 */
export function externalOwner(environment: Environment, warn: (line: string) => void): Owner {
  const {
    DB_HOST,
    DB_PORT,
    DB_NAME,
    DB_USER,
    DB_PASSWORD,
    DB_MIGRATION_USER,
    DB_MIGRATION_PASSWORD,
    DB_SSL,
    NODE_ENV,
  } = environment
  const separate = DB_MIGRATION_USER !== undefined
  if (!separate && NODE_ENV === 'production') {
    throw new StartError(
      'DB_MIGRATION_USER is not set: in production the role that migrates DB_HOST is another one than DB_USER',
    )
  }
  if (!separate) warn(`DB_MIGRATION_USER is not set: ${DB_USER} migrates the database and will own it`)
  const password = separate ? DB_MIGRATION_PASSWORD : DB_PASSWORD
  return {
    host: DB_HOST ?? '127.0.0.1',
    port: DB_PORT,
    user: DB_MIGRATION_USER ?? DB_USER,
    database: DB_NAME,
    ...(password === undefined ? {} : { password }),
    ssl: DB_SSL === 'off' ? false : { rejectUnauthorized: DB_SSL === 'verify' },
  }
}

/** Migrates, and tries again (after 1 s first, then up to 30 s) for as long as the database is not there or does not let us. */
export async function migrateWhenPossible(
  owner: Owner,
  runningRole: string,
  log: (level: 'info' | 'warn' | 'debug', line: string) => void,
  stopping: AbortSignal,
  readerRole?: string,
): Promise<void> {
  for (let delay = 1_000; !stopping.aborted; delay = Math.min(delay * 2, 30_000)) {
    try {
      await migrate(owner, runningRole, (line) => log('debug', line), readerRole)
      return log('info', 'schema is up to date')
    } catch (error) {
      if (stopping.aborted) return
      log('warn', `cannot be migrated (${describe(error)}); next attempt in ${delay / 1000} s`)
    }
    await sleep(delay, undefined, { signal: stopping }).catch((error: Error) => {
      if (error.name !== 'AbortError') throw error
    })
  }
}

/** An error of several addresses tried in vain has no message of its own. */
function describe(error: unknown): string {
  const { message, code, errors } = error as Error & { code?: string; errors?: Error[] }
  return message || errors?.map((one) => one.message).join(', ') || code || 'no reason given'
}
