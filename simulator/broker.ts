import { readFileSync } from 'node:fs'
import type { Broker } from './connection.ts'
import { BadFlag } from './flags.ts'

/**
 * The broker at an address, with the login that the environment gives.
 * @throws BadFlag where a file that it names cannot be read
 */
export function brokerOf(url: string, environment: Readonly<Record<string, string | undefined>>): Broker {
  const username = secret('MQTT_USER', environment)
  const password = secret('MQTT_PASSWORD', environment)
  return { url, ...(username === undefined ? {} : { username }), ...(password === undefined ? {} : { password }) }
}

/** An environment variable, or the content of the file that `<NAME>_FILE` names. */
function secret(name: string, environment: Readonly<Record<string, string | undefined>>): string | undefined {
  const path = environment[`${name}_FILE`]
  if (environment[name]) return environment[name]
  if (!path) return undefined
  try {
    return readFileSync(path, 'utf8').trimEnd()
  } catch {
    throw new BadFlag(`${name}_FILE cannot be read: "${path}"`)
  }
}
