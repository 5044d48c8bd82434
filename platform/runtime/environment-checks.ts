import { parseUserEntries, UserEntryError, weaknessOfSecret } from '../access/user-entries.ts'
import { isLoopback } from '../wire/loopback.ts'
import { EnvironmentError, quote } from './environment-error.ts'
import { isKeyOf } from './environment-values.ts'
import { isProduction, type Environment } from './environment-variables.ts'
import { hasOwnBroker } from './part-environment.ts'

/**
 * Checks what no variable says alone: which go together, and what production takes.
 * @throws EnvironmentError at the first that cannot be used
 */
export function checkTogether(environment: Environment): void {
  checkUsers(environment)
  checkOidc(environment)
  checkOpenadr(environment)
  const { BIND_ADDRESS, NETWORK_BOUNDARY, TRUSTED_PROXIES, MQTT_TLS_CERT, CLOCK, CREDENTIAL_SECRET } = environment
  const { INFLUX_VERSION, INFLUX_TOKEN, METRICS_TOKEN } = environment
  if (INFLUX_VERSION === '1' && INFLUX_TOKEN !== undefined && !INFLUX_TOKEN.includes(':')) {
    throw new EnvironmentError('INFLUX_TOKEN', 'has no colon: with INFLUX_VERSION=1 it is user:password')
  }
  if (METRICS_TOKEN !== undefined && METRICS_TOKEN.length < 16) {
    throw new EnvironmentError('METRICS_TOKEN', 'is too short: it takes 16 characters or more')
  }
  const { CONTROL_MIN_SOC_RESERVE, CONTROL_TARGET_SOC } = environment
  if (CONTROL_TARGET_SOC < CONTROL_MIN_SOC_RESERVE) {
    throw new EnvironmentError(
      'CONTROL_TARGET_SOC',
      `is ${CONTROL_TARGET_SOC}, below CONTROL_MIN_SOC_RESERVE (${CONTROL_MIN_SOC_RESERVE}): it takes that or more`,
    )
  }
  checkPrices(environment)
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
  if (
    !isLoopback(BIND_ADDRESS) &&
    NETWORK_BOUNDARY !== 'container' &&
    hasOwnBroker(environment) &&
    MQTT_TLS_CERT === undefined
  ) {
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
  const { AUTH_USERS } = environment
  const strict = isProduction(environment)
  for (const name of ['JWT_SECRET', 'COMMAND_SIGNING_SECRET'] as const) {
    const secret = environment[name]
    const weakness = strict && secret !== undefined ? weaknessOfSecret(secret) : undefined
    if (weakness !== undefined) throw new EnvironmentError(name, weakness)
  }
  if (AUTH_USERS === undefined) return
  try {
    parseUserEntries(AUTH_USERS, strict)
  } catch (error) {
    if (error instanceof UserEntryError) throw new EnvironmentError('AUTH_USERS', error.message)
    throw error
  }
}

function checkBroker(environment: Environment): void {
  const { MQTT_TLS_CERT, MQTT_TLS_KEY } = environment
  for (const [name, password] of [
    ['MQTT_USER', 'MQTT_PASSWORD'],
    ['MQTT_DISPATCHER_USER', 'MQTT_DISPATCHER_PASSWORD'],
  ] as const)
    if (!hasOwnBroker(environment) && environment[password] !== undefined && environment[name] === undefined)
      throw new EnvironmentError(password, `is set without ${name}: set both or neither`)
  if ((MQTT_TLS_CERT === undefined) !== (MQTT_TLS_KEY === undefined))
    throw new EnvironmentError('MQTT_TLS_CERT', 'and MQTT_TLS_KEY go together: set both or neither')
  if (MQTT_TLS_CERT !== undefined && !isKeyOf(MQTT_TLS_KEY!, MQTT_TLS_CERT))
    throw new EnvironmentError('MQTT_TLS_KEY', 'is not the key of the certificate in MQTT_TLS_CERT')
}

/** Whoever is paid more for a kWh than it costs could sell what it has just bought: no linear program has an optimum then. */
function checkPrices({ CONTROL_IMPORT_PRICE_BRL_KWH, CONTROL_EXPORT_PRICE_BRL_KWH }: Environment): void {
  if (CONTROL_IMPORT_PRICE_BRL_KWH === undefined) {
    if (CONTROL_EXPORT_PRICE_BRL_KWH === undefined) return
    throw new EnvironmentError(
      'CONTROL_EXPORT_PRICE_BRL_KWH',
      'is set without CONTROL_IMPORT_PRICE_BRL_KWH: set both, or only that one',
    )
  }
  const exportPrice = CONTROL_EXPORT_PRICE_BRL_KWH ?? 0
  if (exportPrice > CONTROL_IMPORT_PRICE_BRL_KWH)
    throw new EnvironmentError(
      'CONTROL_EXPORT_PRICE_BRL_KWH',
      `is ${exportPrice}, more than CONTROL_IMPORT_PRICE_BRL_KWH=${CONTROL_IMPORT_PRICE_BRL_KWH}: it takes at most that`,
    )
}

function checkOpenadr(environment: Environment): void {
  const names = ['OPENADR_CLIENT_ID', 'OPENADR_CLIENT_SECRET'] as const
  if (environment.OPENADR_URL === undefined && environment.OPENADR_SPECIFICATION !== undefined)
    throw new EnvironmentError('OPENADR_SPECIFICATION', 'is set without OPENADR_URL, whose objects it would check')
  for (const name of names) {
    if (environment.OPENADR_URL === undefined && environment[name] !== undefined)
      throw new EnvironmentError(name, 'is set without OPENADR_URL: set all three or none')
    if (environment.OPENADR_URL !== undefined && environment[name] === undefined)
      throw new EnvironmentError(name, 'is missing: OPENADR_URL needs it')
  }
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
