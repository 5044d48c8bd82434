import { randomBytes } from 'node:crypto'
import { Access } from '../access/access.ts'
import { parseUserEntries } from '../access/user-entries.ts'
import type { Services } from '../http/services.ts'
import { Registry } from '../network/registry.ts'
import { Database } from '../storage/database.ts'
import { tlsOf } from '../storage/postgresql.ts'
import type { Environment } from './environment.ts'

/**
 * What the API stands on, by this environment.
 * @param stopping  when aborted, what is not yet in the access log goes there
 */
export function openServices(environment: Environment, stopping: AbortSignal): Services {
  const { DB_HOST, DB_PORT, DB_NAME, DB_USER, DB_PASSWORD, DB_SSL } = environment
  const database = new Database({
    host: DB_HOST ?? '127.0.0.1',
    port: DB_PORT,
    database: DB_NAME,
    user: DB_USER,
    ...(DB_PASSWORD !== undefined && { password: DB_PASSWORD }),
    ssl: tlsOf(DB_SSL),
    // Four of them listen for notices: registry, live stream, access, credentials of devices.
    max: 8,
    application_name: 'linha-viva-api',
  })
  const registry = new Registry(database, environment.FIRST_CONTACT, (error) => console.error(String(error)))
  const report = (error: unknown): void => console.error(`access: ${String(error)}`)
  const access = new Access({
    database,
    users: environment.AUTH_USERS === undefined ? [] : parseUserEntries(environment.AUTH_USERS, false),
    secret: environment.JWT_SECRET ?? randomBytes(32).toString('base64url'),
    tokenTtlMs: environment.JWT_TOKEN_TTL_HOURS * 3_600_000,
    report,
    log: (line) => console.log(`access: ${line}`),
  })
  stopping.addEventListener('abort', () => void access.close().catch(report), { once: true })
  return { database, registry, access, environment, stopping }
}
