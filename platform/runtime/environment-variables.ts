import {
  brokerAddress,
  certificate,
  cnpj,
  databaseName,
  decimal,
  email,
  host,
  hostList,
  httpAddress,
  identifier,
  integer,
  networks,
  oneOf,
  origins,
  outsideHosts,
  port,
  openApiDocument,
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
    'Address that HTTP and the embedded broker listen on; in production other than loopback only behind TRUSTED_PROXIES, and with MQTT_TLS_CERT or another broker',
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
  COMMAND_SIGNING_SECRET: secret(
    'The keys of devices that check signatures of commands are derived of it, for good; generated unless set (32 random characters or more)',
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
  AGENT_NAME: optional(
    text,
    'Name of the distributor, on letters to consumers; with the two below required in production for letters and official exports, elsewhere an example',
  ),
  AGENT_ACRONYM: optional(text, 'The distributor in the register of ANEEL (SigAgente), in official exports'),
  AGENT_CNPJ: optional(cnpj, 'Its CNPJ'),
  AGENT_CONTACT: optional(
    text,
    'How consumers reach it, on letters: telephone, address; unset: the channels that their bill names',
  ),
  OUTAGE_MAP_PUBLIC: variable(
    oneOf('on', 'off'),
    'off',
    'on: `/api/public/outage-map` answers to everybody, without a login',
  ),
  OUTAGE_MAP_LEAST_UNITS: variable(
    integer(1, 1_000),
    5,
    'Fewer units out in a municipality and conjunto are not told by number on the outage map, nor since when and why',
  ),
  OUTAGE_MAP_RETENTION_DAYS: variable(
    integer(1, 3650),
    90,
    'Outage maps, one every 30 minutes, are kept this long, in days',
  ),
  REGULATOR_EMAIL: optional(
    email,
    'To whom the regulator writes when its API here does not answer (emailIndisponibilidade)',
  ),
  AUDIT_ANCHOR_DIR: optional(
    text,
    'Where the signed heads of the audit are kept, a line a minute; `audit-anchors` in DATA_DIR unless set, better on another machine',
  ),
  CLOCK: variable(
    oneOf('wall', 'simulated'),
    'wall',
    'simulated: time is what `sim/clock` says, so that a recorded year passes in minutes; not in production',
  ),

  WEBHOOK_HOSTS: optional(
    outsideHosts,
    'Hosts that alarms may be sent to by webhook, each with :port where it is not 443, and private: before it where it is on a private network; none unless set',
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
  CONTROL_INTERVAL_SECONDS: variable(
    integer(5, 3_600),
    60,
    'Feeders are shared out anew this often, in seconds, and at once when a limit is broken or changes',
  ),
  CONTROL_ALLOCATION_MODE: variable(
    oneOf('heuristic', 'optimizer', 'mpc'),
    'heuristic',
    'How capacity is shared out: by filling fairly, by linear optimization, or looking ahead over departures and forecasts',
  ),
  CONTROL_GLOBAL_KW_LIMIT: optional(
    decimal(0, 10_000_000),
    'Most power that each root feeder with all below it may carry, whatever else is said, in kW; none unless set',
  ),
  CONTROL_MIN_SOC_RESERVE: variable(
    decimal(0, 1),
    0.2,
    'Batteries are not discharged below this state of charge, 0 to 1',
  ),
  CONTROL_TARGET_SOC: variable(decimal(0, 1), 0.8, 'Batteries are charged to this state of charge, 0 to 1'),
  CONTROL_SOC_WEIGHT: variable(
    decimal(0, 100),
    1,
    'How much a state of charge below its target, and again below the reserve, weighs when capacity is shared out; 0: nothing',
  ),
  CONTROL_RESPECT_PRIORITY: variable(
    oneOf('on', 'off'),
    'on',
    'Whether the priority that the registry gives a device weighs when capacity is shared out',
  ),
  CONTROL_OPTIMIZER_TIMEOUT_MS: variable(
    integer(100, 600_000),
    5_000,
    'A solver that has no answer by then is ended, and the heuristic shares capacity out, in milliseconds',
  ),
  CONTROL_OPTIMIZER_LARGE_FROM: variable(
    integer(0, 1_000_000),
    100,
    'Linear programs of so many variables or more are solved by HiGHS, smaller ones by javascript-lp-solver',
  ),
  CONTROL_OPTIMIZER_HORIZON_MINUTES: variable(integer(1, 2_880), 480, 'How far ahead the mode mpc looks, in minutes'),
  CONTROL_IMPORT_PRICE_BRL_KWH: optional(
    decimal(-100, 100),
    'Price of energy taken from the grid, in R$/kWh; without it cost decides nothing',
  ),
  CONTROL_EXPORT_PRICE_BRL_KWH: optional(
    decimal(-100, 100),
    'What energy given to the grid is paid, in R$/kWh, at most CONTROL_IMPORT_PRICE_BRL_KWH; 0 unless set',
  ),
  OPENADR_URL: optional(
    publicAddress,
    'VTN of OpenADR 3.1 that programs and events come from, with the path of its API; https, or http on this machine; none unless set',
  ),
  OPENADR_CLIENT_ID: optional(text, 'Linha Viva at the VTN; needed for OPENADR_URL'),
  OPENADR_CLIENT_SECRET: secret('Its secret there; needed for OPENADR_URL'),
  OPENADR_SPECIFICATION: optional(
    openApiDocument,
    'OpenAPI document of OpenADR 3.1 as its alliance publishes it; what comes from the VTN and goes to it is then checked against that, too',
  ),
  READING_RETENTION_DAYS: variable(integer(1, 36_500), 90, 'Readings are kept this long, in days'),
  ROLLUP_MINUTE_RETENTION_DAYS: variable(integer(1, 36_500), 400, 'Minute roll-ups are kept this long, in days'),
  VOLTAGE_WINDOW_RETENTION_DAYS: variable(
    integer(8, 36_500),
    45,
    'Ten-minute voltage windows and their corrections are kept this long, in days; those of official measurements for good',
  ),
  TRACKING_ERROR_WINDOW_MINUTES: variable(
    integer(1, 240),
    15,
    'How well setpoints are followed is told over so many of the last minutes',
  ),
  QUARANTINE_MAX_MB: variable(
    integer(1, 1_048_576),
    256,
    'Room for quarantined payloads; beyond it a sample per reason and device',
  ),
  QUARANTINE_RETENTION_DAYS: variable(integer(1, 3650), 30, 'Quarantined payloads are kept this long, in days'),
  ALARM_HISTORY_DAYS: variable(
    integer(31, 36_500),
    1826,
    'Occurrences of alarms, their transitions and what was done to them are kept this long, in days, whole months at a time; what stands for good',
  ),
}

export type VariableName = keyof typeof variables

type ValueOf<V> = V extends Variable<infer T, infer D> ? (D extends undefined ? T | undefined : T) : never

/** The environment as read: every value checked and of its type, under the variable's own name. */
export type Environment = { readonly [N in VariableName]: ValueOf<(typeof variables)[N]> }

export const isProduction = (environment: Pick<Environment, 'NODE_ENV'>): boolean =>
  environment.NODE_ENV === 'production'
