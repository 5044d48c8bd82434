import { resolve } from 'node:path'
import type { DatabaseLogin } from './embedded-database.ts'
import { type Environment, type VariableName, variables } from './environment.ts'

/**
 * What our own process knows and its parts need not: who may change the schema, who else may read it, and who may log in. The part
 * that lets users in gets to know them by itself.
 */
const withheld: ReadonlySet<string> = new Set([
  'DB_MIGRATION_USER',
  'DB_MIGRATION_PASSWORD',
  'DB_READER_USER',
  'DB_READER_PASSWORD',
  'DB_ADMIN_USER',
  'DB_ADMIN_PASSWORD',
  'AUTH_USERS',
  'JWT_SECRET',
] satisfies VariableName[])

/**
 * The environment for the parts: every variable as it was read, wherever it stood, and database and broker as they really are, embedded or
 * not. A part reads it with `readEnvironment` like anybody else.
 */
export function partEnvironment(
  base: NodeJS.ProcessEnv,
  environment: Environment,
  database: DatabaseLogin | undefined,
): NodeJS.ProcessEnv {
  const env = { ...base }
  for (const name of Object.keys(variables) as VariableName[]) {
    delete env[name]
    delete env[`${name}_FILE`]
    if (environment[name] !== undefined && !withheld.has(name)) env[name] = String(environment[name])
  }
  env.DATA_DIR = resolve(environment.DATA_DIR)
  env.MQTT_URL = brokerUrl(environment)
  if (database) {
    const { host, port, user, password, database: name } = database
    Object.assign(env, {
      DB_HOST: host,
      DB_PORT: String(port),
      DB_USER: user,
      DB_PASSWORD: password,
      DB_NAME: name,
      DB_SSL: 'off',
    })
  }
  return env
}

export const hasOwnBroker = ({ MQTT_URL, MQTT_HOST }: Environment): boolean =>
  MQTT_URL === undefined && MQTT_HOST === undefined

/** Where clients on this machine find the broker. */
export function brokerUrl(environment: Environment): string {
  const { MQTT_URL, MQTT_HOST, MQTT_PORT, MQTT_CA, BIND_ADDRESS } = environment
  if (MQTT_URL !== undefined) return MQTT_URL
  const scheme = MQTT_CA === undefined || hasOwnBroker(environment) ? 'mqtt' : 'mqtts'
  return `${scheme}://${bracketed(MQTT_HOST ?? reachable(BIND_ADDRESS))}:${MQTT_PORT}`
}

/** An address to connect to for one that is listened on. */
export const reachable = (address: string): string =>
  address === '0.0.0.0' ? '127.0.0.1' : address === '::' ? '::1' : address

export const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host)
