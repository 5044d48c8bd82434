import { readFileSync } from 'node:fs'
import { parseUserEntries, UserEntryError, weaknessOfSecret } from '../access/user-entries.ts'
import {
  brokerAddress,
  certificate,
  databaseName,
  decimal,
  host,
  hostList,
  httpAddress,
  identifier,
  integer,
  isKeyOf,
  networks,
  oneOf,
  origins,
  port,
  privateKey,
  publicAddress,
  roleMap,
  text,
  timeZone,
  type ValueKind,
} from './environment-values.ts'

/** One variable of the environment: the only place where its name, default, form and meaning stand. */
export interface Variable<T, D extends T | undefined = T | undefined> {
  readonly kind: ValueKind<T>
  readonly default: D
  /** The default when NODE_ENV=production, where it is another one. */
  readonly productionDefault?: T
  readonly purpose: string
  /** Never shown, not even in an error. */
  readonly secret?: true
}

const optional = <T>(kind: ValueKind<T>, purpose: string): Variable<T, undefined> => ({
  kind,
  default: undefined,
  purpose,
})
const secret = (purpose: string): Variable<string, undefined> => ({ ...optional(text, purpose), secret: true })
const variable = <T>(kind: ValueKind<T>, value: T, purpose: string): Variable<T, T> => ({
  kind,
  default: value,
  purpose,
})

export const variables = {
  NODE_ENV: variable(
    oneOf('development', 'production', 'test'),
    'development',
    'production: JSON logs in files, secrets required, safer defaults',
  ),
  PORT: variable(port, 1880, 'HTTP: dashboard, editor, API'),
  BIND_ADDRESS: variable(
    host,
    '127.0.0.1',
    'Address that HTTP and the embedded broker listen on; in production other than loopback only behind TRUSTED_PROXIES',
  ),
  NETWORK_BOUNDARY: variable(
    oneOf('host', 'container'),
    'host',
    'container: nothing reaches BIND_ADDRESS but what whoever runs the container publishes, so it may be any address in production too',
  ),
  DATA_DIR: variable(text, '.data', 'Where everything that must survive is kept'),
  FLOWS_DIR: optional(text, 'Folder of the versioned flows; the `flows` folder of the installation unless set'),
  CREDENTIAL_SECRET: secret(
    'Encrypts credentials of flows; generated outside production, required in it (12 characters or more)',
  ),
  AUTH_USERS: secret(
    'Users, as a JSON array of {username, password or passwordHash, role}; made up in `users.json` of DATA_DIR outside production, required in it',
  ),
  JWT_SECRET: secret(
    'Signs the tokens of logged in users; generated outside production, required in it (32 random characters or more)',
  ),
  METRICS_TOKEN: secret('Bearer token that may ask for `/metrics`, beside users who may read; 16 characters or more'),
  TRUSTED_PROXIES: optional(
    networks,
    'Proxies that are believed whose request they pass on (X-Forwarded-For, X-Forwarded-Proto)',
  ),
  CORS_ORIGINS: optional(origins, 'Origins whose pages may use the API, with a bearer token; none unless set'),
  REQUESTS_PER_MINUTE: variable(integer(1, 10_000_000), 3_000, 'Requests of one user to the API, at most'),
  REQUESTS_PER_MINUTE_ANONYMOUS: variable(
    integer(1, 10_000_000),
    600,
    'Requests to the API from one address without a user, at most',
  ),
  JWT_TOKEN_TTL_HOURS: variable(integer(1, 720), 8, 'A token is good for this long, in hours'),
  FLOW_EDITOR: variable(
    oneOf('on', 'off'),
    'on',
    'off: nobody edits flows here, whatever their role; flows then change by files and a restart',
  ),
  ALLOWED_HOSTS: optional(
    hostList,
    'Names by which browsers may ask for HTTP, separated by commas; unset: on loopback those of this machine, elsewhere and in production any',
  ),
  LIVE_MAX_CLIENTS: variable(integer(1, 100_000), 1_000, 'Clients of the live stream at a time, at most'),
  LIVE_MAX_CLIENTS_PER_USER: variable(integer(1, 100_000), 50, 'Of these, clients of one user'),
  LOG_LEVEL: variable(oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace'), 'info', 'Least level that is logged'),
  TIME_ZONE: variable(timeZone, 'America/Sao_Paulo', 'Civil days and months, unless a conjunto has its own zone'),
  CLOCK: variable(
    oneOf('wall', 'simulated'),
    'wall',
    'simulated: time is what `sim/clock` says, so that a recorded year passes in minutes; not in production',
  ),

  MQTT_URL: optional(brokerAddress, 'External broker, as mqtt[s]://host:port; the embedded one then stays off'),
  MQTT_HOST: optional(host, 'External broker by host name, on MQTT_PORT; MQTT_URL goes first'),
  MQTT_PORT: variable(port, 1883, 'MQTT over TCP: of MQTT_HOST, or where the embedded broker listens'),
  MQTT_WS_PORT: variable(port, 8083, 'MQTT over WebSocket of the embedded broker'),
  MQTT_USER: optional(text, 'User of the platform at an external broker; at the embedded one it is linhaviva'),
  MQTT_PASSWORD: secret('Password of that user; of the embedded broker generated unless set'),
  MQTT_DISPATCHER_USER: optional(
    text,
    'User that alone may publish commands, setpoints and alarms at an external broker; at the embedded one it is dispatcher',
  ),
  MQTT_DISPATCHER_PASSWORD: secret('Password of that user; of the embedded broker generated unless set'),
  MQTT_FLOWS_PASSWORD: secret(
    "Password of the user flows, for stock MQTT nodes of engineers' flows, at the embedded broker; generated unless set",
  ),
  MQTT_FIELD_PASSWORD: secret(
    'Password of the user field, which devices without a user of their own share, at the embedded broker; generated unless set; no such user in production',
  ),
  MQTT_CA: optional(certificate, 'Certificate authority of the broker (mqtts, wss), PEM text'),
  MQTT_TLS_CERT: optional(
    certificate,
    'Certificate of the embedded broker, PEM text: it then speaks TLS to the field, and without TLS to this machine only',
  ),
  MQTT_TLS_KEY: {
    ...optional(privateKey, 'Private key of MQTT_TLS_CERT, PEM text without a passphrase'),
    secret: true as const,
  },
  MQTT_TLS_PORT: variable(port, 8883, 'MQTT over TLS of the embedded broker, with MQTT_TLS_CERT'),

  DB_HOST: optional(host, 'External PostgreSQL; the embedded one then stays off'),
  DB_PORT: variable(port, 5432, 'Port of DB_HOST'),
  DB_NAME: variable(databaseName, 'linhaviva', 'Database'),
  DB_USER: variable(databaseName, 'linhaviva', 'Role of the running system: neither owner nor superuser'),
  DB_PASSWORD: secret('Password of DB_USER'),
  DB_MIGRATION_USER: optional(
    databaseName,
    'Role that owns the schema and migrates it; required in production with DB_HOST',
  ),
  DB_MIGRATION_PASSWORD: secret('Password of DB_MIGRATION_USER'),
  DB_READER_USER: optional(
    databaseName,
    'Role that may read what is measured, and nothing else: for Grafana and reports',
  ),
  DB_READER_PASSWORD: secret('Password of DB_READER_USER, for `npm run roles`'),
  DB_ADMIN_USER: variable(
    databaseName,
    'postgres',
    'Superuser who makes the database and the roles above on DB_HOST; `npm run roles` uses it, nothing else does',
  ),
  DB_ADMIN_PASSWORD: secret('Password of DB_ADMIN_USER'),
  DB_SSL: variable(
    oneOf('off', 'require', 'verify'),
    'off',
    'TLS to DB_HOST: require encrypts, verify also checks the certificate (own authorities: NODE_EXTRA_CA_CERTS)',
  ),

  PUBLIC_URL: optional(
    publicAddress,
    'Under which browsers know Linha Viva, as https://host; http only for this machine; needed for OIDC_ISSUER',
  ),
  OIDC_ISSUER: optional(
    publicAddress,
    'OpenID Connect provider that people may log in by, besides the users here; https, or http on this machine',
  ),
  OIDC_CLIENT_ID: optional(
    text,
    'Linha Viva at the provider; its redirect URI there is PUBLIC_URL/login/oidc/callback',
  ),
  OIDC_CLIENT_SECRET: secret('Its secret at the provider; without one it is a public client'),
  OIDC_SCOPE: variable(text, 'openid profile', 'What the provider is asked to tell; openid among it'),
  OIDC_ROLE_CLAIM: variable(text, 'role', 'Claim with the role, or path to it, as realm_access.roles'),
  OIDC_ROLE_MAP: optional(
    roleMap,
    'What the claim says for which role, as {"grid-operators":"operator"}; without it the claim says the role itself',
  ),
  OIDC_USERNAME_CLAIM: variable(text, 'preferred_username', 'Claim with the name of the user'),

  INFLUX_URL: optional(httpAddress, 'InfluxDB for time series, as http[s]://host:port; without it none is written'),
  INFLUX_VERSION: variable(oneOf('1', '2'), '2', 'Release of INFLUX_URL'),
  INFLUX_ORG: variable(text, 'linhaviva', 'Organization (version 2)'),
  INFLUX_BUCKET: variable(text, 'linhaviva', 'Bucket; in version 1 database or database/retention-policy'),
  INFLUX_TOKEN: secret('Token that may write to the bucket; in version 1 user:password'),
  INFLUX_MAX_SERIES: variable(
    integer(0, 10_000_000),
    10_000,
    'Devices with series of their own in InfluxDB; those registered later share one a feeder',
  ),

  FIRST_CONTACT: {
    ...variable(
      oneOf('register', 'approve', 'quarantine'),
      'register',
      'What happens to readings of an unknown device',
    ),
    productionDefault: 'approve' as const,
  },
  MAX_AHEAD_SECONDS: variable(integer(0, 86_400), 300, 'A timestamp further ahead is refused (too_far_ahead)'),
  MAX_AGE_DAYS: variable(integer(1, 3650), 35, 'A timestamp further back is refused (too_old)'),
  LATE_AFTER_SECONDS: variable(integer(1, 86_400), 60, 'A reading that arrives later than this is marked late'),
  SILENT_AFTER_SECONDS: variable(integer(1, 86_400), 120, 'A device without a reading for this long counts as silent'),
  INGEST_MAX_IN_FLIGHT: variable(
    integer(1, 65_535),
    5000,
    'Messages taken from the broker and not yet stored, at most',
  ),
  INGEST_BATCH_MS: variable(integer(1, 10_000), 20, 'A batch of readings waits this long for company, in milliseconds'),
  DEFAULT_FEEDER_ID: optional(identifier, 'Feeder that is meant where a request names none; all feeders unless set'),
  FEEDER_DEFAULT_LIMIT_KW: optional(
    decimal(0, 1_000_000),
    'Most power that a feeder may carry where the registry does not say, in kW',
  ),
  READING_RETENTION_DAYS: variable(integer(1, 36_500), 90, 'Readings are kept this long, in days'),
  ROLLUP_MINUTE_RETENTION_DAYS: variable(integer(1, 36_500), 400, 'Minute roll-ups are kept this long, in days'),
  QUARANTINE_MAX_MB: variable(
    integer(1, 1_048_576),
    256,
    'Room for quarantined payloads; beyond it a sample per reason and device',
  ),
  QUARANTINE_RETENTION_DAYS: variable(integer(1, 3650), 30, 'Quarantined payloads are kept this long, in days'),
}

export type VariableName = keyof typeof variables

type ValueOf<V> = V extends Variable<infer T, infer D> ? (D extends undefined ? T | undefined : T) : never

/** The environment as read: every value checked and of its type, under the variable's own name. */
export type Environment = { readonly [N in VariableName]: ValueOf<(typeof variables)[N]> }

/** A variable that cannot be used. The message is one line, names the variable, and never shows a secret. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError'
  readonly variable: string

  constructor(variable: string, problem: string) {
    super(`${variable} ${problem}`)
    this.variable = variable
  }
}

/**
 * Reads and checks every variable, each from `<NAME>` or from the file that `<NAME>_FILE` names (trimmed). An empty one counts as not set.
 * @throws EnvironmentError at the first one that cannot be used
 */
export function readEnvironment(env: NodeJS.ProcessEnv): Environment {
  const production = read(env, 'NODE_ENV', false) === 'production'
  const names = Object.keys(variables) as VariableName[]
  const environment = Object.fromEntries(names.map((name) => [name, read(env, name, production)])) as Environment
  checkTogether(environment)
  return environment
}

let taken: Environment | undefined

/**
 * Reads the environment once, for everything in this process, and takes the secrets out of it: what runs later, and
 * what that starts, finds none in `process.env`.
 * @throws EnvironmentError as `readEnvironment`; nothing is taken then
 */
export function takeEnvironment(env: NodeJS.ProcessEnv = process.env): Environment {
  taken = readEnvironment(env)
  for (const [name, { secret }] of Object.entries<Variable<unknown>>(variables)) {
    if (!secret) continue
    delete env[name]
    delete env[`${name}_FILE`]
  }
  return taken
}

/** The environment as it was taken; where it was not, as in a test of one node, as it is now. */
export const environment = (): Environment => taken ?? readEnvironment(process.env)

/**
 * Reads some of the variables, for a part of the system that is told no others.
 * @throws EnvironmentError at the first one that cannot be used
 */
export function readVariables<N extends VariableName>(
  env: NodeJS.ProcessEnv,
  names: readonly N[],
): Pick<Environment, N> {
  const production = read(env, 'NODE_ENV', false) === 'production'
  return Object.fromEntries(names.map((name) => [name, read(env, name, production)])) as Pick<Environment, N>
}

export const isProduction = (environment: Pick<Environment, 'NODE_ENV'>): boolean =>
  environment.NODE_ENV === 'production'

export const isLoopback = (address: string): boolean =>
  address === 'localhost' || address === '::1' || /^127(\.\d{1,3}){3}$/.test(address)

function read(env: NodeJS.ProcessEnv, name: VariableName, production: boolean): string | number | undefined {
  const { kind, default: fallback, productionDefault, secret }: Variable<string | number> = variables[name]
  const given = textOf(env, name)
  if (given === undefined) return production ? (productionDefault ?? fallback) : fallback
  const value = kind.parse(given)
  if (value !== undefined) return value
  const shown = secret ? 'has a value that cannot be used' : `is ${quote(given)}, which cannot be used`
  throw new EnvironmentError(name, `${shown}: it takes ${kind.accepts.replace('<NAME>', name)}`)
}

/** What the environment says for a variable, be it in the variable or in the file that `<NAME>_FILE` names. */
function textOf(env: NodeJS.ProcessEnv, name: VariableName): string | undefined {
  const fileName = `${name}_FILE`
  const direct = env[name] || undefined
  const path = env[fileName] || undefined
  if (path === undefined) return direct
  if (direct !== undefined) throw new EnvironmentError(fileName, `is set, and so is ${name}: set one of the two`)
  try {
    return readFileSync(path, 'utf8').trim() || undefined
  } catch (error) {
    throw new EnvironmentError(
      fileName,
      `names ${quote(path)}, which cannot be read (${(error as NodeJS.ErrnoException).code})`,
    )
  }
}

function checkTogether(environment: Environment): void {
  checkUsers(environment)
  checkOidc(environment)
  const { BIND_ADDRESS, NETWORK_BOUNDARY, TRUSTED_PROXIES, CLOCK, CREDENTIAL_SECRET } = environment
  const { INFLUX_VERSION, INFLUX_TOKEN, METRICS_TOKEN } = environment
  if (INFLUX_VERSION === '1' && INFLUX_TOKEN !== undefined && !INFLUX_TOKEN.includes(':')) {
    throw new EnvironmentError('INFLUX_TOKEN', 'has no colon: with INFLUX_VERSION=1 it is user:password')
  }
  if (METRICS_TOKEN !== undefined && METRICS_TOKEN.length < 16) {
    throw new EnvironmentError('METRICS_TOKEN', 'is too short: it takes 16 characters or more')
  }
  checkBroker(environment)
  if (!isProduction(environment)) return
  if (CLOCK === 'simulated') {
    throw new EnvironmentError('CLOCK', 'is "simulated": in production it takes wall')
  }
  if (!isLoopback(BIND_ADDRESS) && NETWORK_BOUNDARY !== 'container' && TRUSTED_PROXIES === undefined) {
    throw new EnvironmentError(
      'BIND_ADDRESS',
      `is ${quote(BIND_ADDRESS)}, where passwords would cross the network in clear: in production it takes a loopback address (127.0.0.1), or any with TRUSTED_PROXIES that speak https in front, or with NETWORK_BOUNDARY=container`,
    )
  }
  if (!isLoopback(BIND_ADDRESS) && NETWORK_BOUNDARY !== 'container' && hasOpenBroker(environment)) {
    throw new EnvironmentError(
      'BIND_ADDRESS',
      `is ${quote(BIND_ADDRESS)}, where the embedded broker would take passwords in clear: set MQTT_TLS_CERT, or MQTT_URL of another broker`,
    )
  }
  if (CREDENTIAL_SECRET === undefined || CREDENTIAL_SECRET.length < 12) {
    throw new EnvironmentError('CREDENTIAL_SECRET', 'is missing or too short: production takes 12 characters or more')
  }
}

/** That they are there at all is checked where users are let in: other parts do not know them. */
function checkUsers(environment: Environment): void {
  const { AUTH_USERS, JWT_SECRET } = environment
  const strict = isProduction(environment)
  const weakness = strict && JWT_SECRET !== undefined ? weaknessOfSecret(JWT_SECRET) : undefined
  if (weakness !== undefined) throw new EnvironmentError('JWT_SECRET', weakness)
  if (AUTH_USERS === undefined) return
  try {
    parseUserEntries(AUTH_USERS, strict)
  } catch (error) {
    if (error instanceof UserEntryError) throw new EnvironmentError('AUTH_USERS', error.message)
    throw error
  }
}

/** Whether the embedded broker would speak without TLS wherever it listens. */
const hasOpenBroker = ({ MQTT_URL, MQTT_HOST, MQTT_TLS_CERT }: Environment): boolean =>
  MQTT_URL === undefined && MQTT_HOST === undefined && MQTT_TLS_CERT === undefined

function checkBroker(environment: Environment): void {
  const { MQTT_URL, MQTT_HOST, MQTT_TLS_CERT, MQTT_TLS_KEY } = environment
  const isEmbedded = MQTT_URL === undefined && MQTT_HOST === undefined
  for (const [name, password] of [
    ['MQTT_USER', 'MQTT_PASSWORD'],
    ['MQTT_DISPATCHER_USER', 'MQTT_DISPATCHER_PASSWORD'],
  ] as const)
    if (!isEmbedded && environment[password] !== undefined && environment[name] === undefined)
      throw new EnvironmentError(password, `is set without ${name}: set both or neither`)
  if ((MQTT_TLS_CERT === undefined) !== (MQTT_TLS_KEY === undefined))
    throw new EnvironmentError('MQTT_TLS_CERT', 'and MQTT_TLS_KEY go together: set both or neither')
  if (MQTT_TLS_CERT !== undefined && !isKeyOf(MQTT_TLS_KEY!, MQTT_TLS_CERT))
    throw new EnvironmentError('MQTT_TLS_KEY', 'is not the key of the certificate in MQTT_TLS_CERT')
}

function checkOidc({ OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, OIDC_SCOPE, PUBLIC_URL }: Environment): void {
  if (OIDC_ISSUER === undefined) {
    const given = OIDC_CLIENT_ID === undefined ? OIDC_CLIENT_SECRET && 'OIDC_CLIENT_SECRET' : 'OIDC_CLIENT_ID'
    if (given !== undefined) throw new EnvironmentError(given, 'is set without OIDC_ISSUER: set both or neither')
    return
  }
  if (OIDC_CLIENT_ID === undefined) throw new EnvironmentError('OIDC_CLIENT_ID', 'is missing: OIDC_ISSUER needs it')
  if (PUBLIC_URL === undefined) throw new EnvironmentError('PUBLIC_URL', 'is missing: OIDC_ISSUER needs it')
  if (new URL(PUBLIC_URL).pathname !== '/')
    throw new EnvironmentError('PUBLIC_URL', `is ${quote(PUBLIC_URL)}: it takes a host and a port, and no path`)
  if (!OIDC_SCOPE.split(/\s+/).includes('openid'))
    throw new EnvironmentError('OIDC_SCOPE', `is ${quote(OIDC_SCOPE)}: openid must be among it`)
}

const quote = (value: string): string => JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value)
