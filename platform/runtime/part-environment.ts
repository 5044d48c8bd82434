import { resolve } from 'node:path'
import { type BrokerUser, brokerUsers } from '../broker/rights.ts'
import type { BrokerPasswords } from './broker-guard.ts'
import type { DatabaseLogin } from './embedded-database.ts'
import { type Environment, type VariableName, variables } from './environment-variables.ts'

/**
 * What our own process knows and Node-RED need not: who may change the schema, who else may read it, what is the broker's own, where
 * the audit is anchored, and who may log in, which the part that lets users in gets to know by itself.
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
  'MQTT_FLOWS_PASSWORD',
  'MQTT_FIELD_PASSWORD',
  'MQTT_TLS_CERT',
  'MQTT_TLS_KEY',
  'AUDIT_ANCHOR_DIR',
] satisfies VariableName[])

/** Where the environment says the password of each user of the embedded broker. */
export const passwordVariables = {
  linhaviva: 'MQTT_PASSWORD',
  dispatcher: 'MQTT_DISPATCHER_PASSWORD',
  flows: 'MQTT_FLOWS_PASSWORD',
  field: 'MQTT_FIELD_PASSWORD',
} as const satisfies Record<BrokerUser, VariableName>

/** All that the embedded broker is told. */
export const brokerVariables = [
  'NODE_ENV',
  'BIND_ADDRESS',
  'DATA_DIR',
  'MQTT_PORT',
  'MQTT_WS_PORT',
  'MQTT_PASSWORD',
  'MQTT_DISPATCHER_PASSWORD',
  'MQTT_FLOWS_PASSWORD',
  'MQTT_FIELD_PASSWORD',
  'MQTT_TLS_CERT',
  'MQTT_TLS_KEY',
  'MQTT_TLS_PORT',
] as const satisfies VariableName[]

/**
 * The environment of Node-RED: every variable as it was read, wherever it stood, and database and broker as they really
 * are, embedded or not. It is read with `readEnvironment` like any other.
 * @param own  passwords at the embedded broker, where that is the one
 */
export function partEnvironment(
  base: NodeJS.ProcessEnv,
  environment: Environment,
  database: DatabaseLogin | undefined,
  own?: BrokerPasswords,
): NodeJS.ProcessEnv {
  const names = (Object.keys(variables) as VariableName[]).filter((name) => !withheld.has(name))
  const env = environmentOf(base, environment, names)
  env.DATA_DIR = resolve(environment.DATA_DIR)
  env.MQTT_URL = brokerUrl(environment)
  if (own) {
    Object.assign(env, {
      MQTT_USER: 'linhaviva',
      MQTT_PASSWORD: own.linhaviva,
      MQTT_DISPATCHER_USER: 'dispatcher',
      MQTT_DISPATCHER_PASSWORD: own.dispatcher,
    })
  }
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

/** The environment of the embedded broker. */
export function brokerEnvironment(
  base: NodeJS.ProcessEnv,
  environment: Environment,
  passwords: BrokerPasswords,
): NodeJS.ProcessEnv {
  const env = environmentOf(base, environment, brokerVariables)
  env.DATA_DIR = resolve(environment.DATA_DIR)
  for (const user of brokerUsers) {
    const name = passwordVariables[user]
    delete env[name]
    if (passwords[user] !== undefined) env[name] = passwords[user]
  }
  return env
}

/**
 * The environment of the simulator: the user `field` of the embedded broker, or of an external one whose password for it
 * is known, else the user that the platform has there.
 */
export function simulatorEnvironment(
  base: NodeJS.ProcessEnv,
  environment: Environment,
  own?: BrokerPasswords,
): NodeJS.ProcessEnv {
  const env = environmentOf(base, environment, ['MQTT_CA', 'MQTT_USER', 'MQTT_PASSWORD'])
  const password = own ? own.field : environment.MQTT_FIELD_PASSWORD
  return password === undefined ? env : { ...env, MQTT_USER: 'field', MQTT_PASSWORD: password }
}

/** `base` with these of our variables and no others. */
function environmentOf(
  base: NodeJS.ProcessEnv,
  environment: Environment,
  names: readonly VariableName[],
): NodeJS.ProcessEnv {
  const env = { ...base }
  for (const name of Object.keys(variables)) {
    delete env[name]
    delete env[`${name}_FILE`]
  }
  for (const name of names) if (environment[name] !== undefined) env[name] = String(environment[name])
  return env
}

export const hasOwnBroker = ({ MQTT_URL, MQTT_HOST }: Environment): boolean =>
  MQTT_URL === undefined && MQTT_HOST === undefined

/** Where clients on this machine find the broker. */
export function brokerUrl(environment: Environment): string {
  const { MQTT_URL, MQTT_HOST, MQTT_PORT, MQTT_CA, MQTT_TLS_CERT, BIND_ADDRESS } = environment
  if (MQTT_URL !== undefined) return MQTT_URL
  // With TLS to the field the embedded broker speaks without it on loopback.
  if (hasOwnBroker(environment) && MQTT_TLS_CERT !== undefined) return `mqtt://127.0.0.1:${MQTT_PORT}`
  const scheme = MQTT_CA === undefined || hasOwnBroker(environment) ? 'mqtt' : 'mqtts'
  return `${scheme}://${bracketed(MQTT_HOST ?? reachable(BIND_ADDRESS))}:${MQTT_PORT}`
}

/** An address to connect to for one that is listened on. */
export const reachable = (address: string): string =>
  address === '0.0.0.0' ? '127.0.0.1' : address === '::' ? '::1' : address

export const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host)
