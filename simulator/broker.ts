import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { IClientOptions } from 'mqtt'
import { isLoopback } from '../platform/wire/loopback.ts'
import { UsageError } from './usage-error.ts'

export interface Broker {
  /** mqtt://, mqtts://, ws:// or wss://. */
  readonly url: string
  readonly username?: string
  readonly password?: string
  /** Certificate authority that signed the broker's certificate, PEM. */
  readonly ca?: string
}

type Variables = Readonly<Record<string, string | undefined>>

/**
 * The broker at an address, with what the environment says besides: MQTT_USER, MQTT_PASSWORD and MQTT_CA, each also as
 * the path of a file in `<NAME>_FILE`. Without a user, and on this machine, it is the user `field` of the embedded broker,
 * whose password that one leaves in `mqtt-users.json` of DATA_DIR.
 * @throws UsageError that names the variable
 */
export function brokerOf(url: string, environment: Variables): Broker {
  const user = valueOf('MQTT_USER', environment)
  const field = user === undefined && isLoopback(new URL(url).hostname) ? passwordOfField(environment) : undefined
  const username = field === undefined ? user : 'field'
  const password = field ?? valueOf('MQTT_PASSWORD', environment)
  const ca = valueOf('MQTT_CA', environment)
  if (ca !== undefined && !ca.includes('-----BEGIN CERTIFICATE-----'))
    throw new UsageError(`MQTT_CA must be PEM text, got "${ca.slice(0, 40)}"; a path goes to MQTT_CA_FILE`)
  return {
    url,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(ca !== undefined && { ca }),
  }
}

/** What every connection to this broker tells mqtt.js. */
export const accessOptions = ({ username, password, ca }: Broker): IClientOptions => ({
  ...(username !== undefined && { username }),
  ...(password !== undefined && { password }),
  ...(ca !== undefined && { ca }),
})

/** The broker's address as it may be shown. */
export function shownUrl({ url }: Broker): string {
  const shown = new URL(url)
  shown.username = ''
  shown.password = ''
  return shown.href
}

/** A line that says what went wrong; errors of several addresses at once carry an empty message of their own. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ')
  if (error instanceof Error) return error.message || ('code' in error ? String(error.code) : error.name)
  return String(error)
}

/** Undefined where no embedded broker has run: the broker may then be one that asks nobody. */
function passwordOfField(environment: Variables): string | undefined {
  const path = join(environment['DATA_DIR'] || '.data', 'mqtt-users.json')
  try {
    const { field } = JSON.parse(readFileSync(path, 'utf8')) as { field?: unknown }
    return typeof field === 'string' ? field : undefined
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new UsageError(`${path} cannot be read: set MQTT_USER and MQTT_PASSWORD`)
  }
}

function valueOf(name: string, environment: Variables): string | undefined {
  const path = environment[`${name}_FILE`]
  if (environment[name]) return environment[name]
  if (!path) return undefined
  try {
    return readFileSync(path, 'utf8').trimEnd()
  } catch {
    throw new UsageError(`${name}_FILE cannot be read: "${path}"`)
  }
}
