import { randomBytes } from 'node:crypto'
import { Access } from '../access/access.ts'
import { parseUserEntries } from '../access/user-entries.ts'
import type { Services } from '../http/services.ts'
import { Registry } from '../network/registry.ts'
import { Database } from '../storage/database.ts'
import { tlsOf } from '../storage/postgresql.ts'
import type { Environment } from './environment.ts'

/** What the API stands on, by this environment. */
export function openServices(environment: Environment): Services {
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
  const access = new Access({
    database,
    users: environment.AUTH_USERS === undefined ? [] : parseUserEntries(environment.AUTH_USERS, false),
    secret: environment.JWT_SECRET ?? randomBytes(32).toString('base64url'),
    tokenTtlMs: environment.JWT_TOKEN_TTL_HOURS * 3_600_000,
    report: (error) => console.error(`access: ${String(error)}`),
    log: (line) => console.log(`access: ${line}`),
  })
  return { database, registry, access, environment }
}
