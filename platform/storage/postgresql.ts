import type { NodeAPI } from 'node-red'
import type { PoolConfig } from 'pg'
import { provideHealth } from '../http/health.ts'
import { defineNode } from '../node/define-node.ts'
import { Registry } from '../network/registry.ts'
import { environment, type Environment } from '../runtime/environment.ts'
import { Database } from './database.ts'

interface PostgresqlConfig {
  host: string
  port: string
  database: string
  user: string
  tls: 'environment' | Environment['DB_SSL']
}

/** What other nodes find behind the PostgreSQL configuration node. */
export interface PostgresqlNode {
  database: Database
  registry: Registry
}

const defaults: PostgresqlConfig = { host: '', port: '', database: '', user: '', tls: 'environment' }

/** The database of this installation. A field left empty takes what the environment says. */
export default function register(RED: NodeAPI): void {
  defineNode(
    RED,
    'linhaviva-postgresql',
    defaults,
    (config, node) => {
      const settings = environment()
      const database = new Database(poolConfig(config, node.credentials['password'], settings))
      const registry = new Registry(database, settings.FIRST_CONTACT, (error) => node.reportError(error))
      database.on('state', (state) =>
        state.up ? node.log('database connected') : node.warn(`database unavailable: ${state.detail}`),
      )
      const withdraw = provideHealth('db', () => database.state)
      node.offer({ database, registry } satisfies PostgresqlNode)
      return {
        async onClose() {
          withdraw()
          await registry.close()
          await database.close()
        },
      }
    },
    { credentials: { password: { type: 'password' } } },
  )
}

function poolConfig(config: PostgresqlConfig, password: string | undefined, environment: Environment): PoolConfig {
  const secret = password || environment.DB_PASSWORD
  const port = config.port === '' ? environment.DB_PORT : Number(config.port)
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Error(`port is "${config.port}", not a port number`)
  return {
    host: config.host || environment.DB_HOST || '127.0.0.1',
    port,
    database: config.database || environment.DB_NAME,
    user: config.user || environment.DB_USER,
    ...(secret !== undefined && { password: secret }),
    ssl: tlsOf(config.tls === 'environment' ? environment.DB_SSL : config.tls),
  }
}

export function tlsOf(mode: Environment['DB_SSL']): PoolConfig['ssl'] {
  if (mode === 'off') return false
  return { rejectUnauthorized: mode === 'verify' }
}
