import type { NodeAPI } from 'node-red'
import { provideHealth } from '../http/health.ts'
import { defineNode } from '../node/define-node.ts'
import { isProduction, environment, type Environment } from '../runtime/environment.ts'
import { isLoopback } from '../wire/loopback.ts'
import { httpAddress } from '../runtime/environment-values.ts'
import { InfluxConnection, type InfluxSettings } from './influxdb-connection.ts'

interface InfluxdbConfig {
  url: string
  version: 'environment' | '1' | '2'
  org: string
  bucket: string
}

/** What other nodes find behind the InfluxDB configuration node. */
export interface InfluxdbNode {
  /** Undefined where neither the node nor the environment names a server. */
  connection: InfluxConnection | undefined
}

const defaults: InfluxdbConfig = { url: '', version: 'environment', org: '', bucket: '' }

/** The InfluxDB of this installation, where there is one. A field left empty takes what the environment says. */
export default function register(RED: NodeAPI): void {
  defineNode(
    RED,
    'linhaviva-influxdb',
    defaults,
    (config, node) => {
      const settings = settingsOf(config, node.credentials['token'], environment())
      if (!settings) {
        node.offer({ connection: undefined } satisfies InfluxdbNode)
        return {}
      }
      if (isProduction(environment()) && sendsTokenInClear(settings))
        node.warn(`the token goes to ${settings.url} unencrypted: use https:// where the network is not your own`)
      const connection = new InfluxConnection(settings)
      node.offer({ connection } satisfies InfluxdbNode)
      return { onClose: provideHealth('influx', () => connection.state) }
    },
    { credentials: { token: { type: 'password' } } },
  )
}

/** @throws Error that names the field which cannot be used */
export function settingsOf(
  config: InfluxdbConfig,
  givenToken: string | undefined,
  environment: Environment,
): InfluxSettings | undefined {
  const url = config.url || environment.INFLUX_URL
  if (url === undefined) return undefined
  if (httpAddress.parse(url) === undefined) throw new Error(`url is "${url}": it takes ${httpAddress.accepts}`)
  const version = config.version === 'environment' ? environment.INFLUX_VERSION : config.version
  const token = givenToken || environment.INFLUX_TOKEN
  if (version === '1' && token !== undefined && !token.includes(':'))
    throw new Error('token has no colon: with version 1 it is user:password')
  return {
    url,
    version: version === '1' ? 1 : 2,
    org: config.org || environment.INFLUX_ORG,
    bucket: config.bucket || environment.INFLUX_BUCKET,
    ...(token !== undefined && { token }),
  }
}

/** Whether whoever listens on the way learns the token. */
export function sendsTokenInClear({ url, token }: InfluxSettings): boolean {
  const { protocol, hostname } = new URL(url)
  return token !== undefined && protocol === 'http:' && !isLoopback(hostname)
}
