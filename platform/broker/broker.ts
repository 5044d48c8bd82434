import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { randomUUID } from 'node:crypto'
import type { NodeAPI } from 'node-red'
import type { IClientOptions } from 'mqtt'
import { provideHealth, type PartState } from '../http/health.ts'
import { defineNode } from '../node/define-node.ts'
import { environment, type Environment } from '../runtime/environment.ts'

interface BrokerConfig {
  url: string
  user: string
  protocol: '3.1.1' | '5'
}

/** What other nodes find behind the broker configuration node. */
export interface BrokerNode {
  url: string
  /** Options that every connection to this broker shares. */
  options: IClientOptions
  /** A client id that survives restarts, so that the broker keeps the session: one per node and installation. */
  clientIdFor(nodeId: string): string
  /** The connection that speaks for the broker in `/api/health`. */
  reportState(state: PartState): void
}

const defaults: BrokerConfig = { url: '', user: '', protocol: '3.1.1' }

/** The MQTT broker of this installation. A field left empty takes what the environment says. */
export default function register(RED: NodeAPI): void {
  defineNode(
    RED,
    'linhaviva-broker',
    defaults,
    (config, node, self) => {
      const settings = environment()
      let state: PartState = { up: false, detail: 'not connected yet' }
      const withdraw = provideHealth('mqtt', () => state)
      const broker: BrokerNode = {
        url: config.url || brokerUrl(settings),
        options: connectionOptions(config, node.credentials['password'], settings),
        clientIdFor: (nodeId) => `linha-viva-${installationId(settings.DATA_DIR)}-${nodeId}`,
        reportState: (now) => (state = now),
      }
      Object.assign(self, broker)
      return { onClose: withdraw }
    },
    { credentials: { password: { type: 'password' } } },
  )
}

/** The broker that the environment names. */
export function brokerUrl(environment: Environment): string {
  return environment.MQTT_URL ?? `mqtt://${environment.MQTT_HOST ?? '127.0.0.1'}:${environment.MQTT_PORT}`
}

/** How every connection to the broker is made: a field of `config` that is empty takes what the environment says. */
export function connectionOptions(
  config: BrokerConfig,
  password: string | undefined,
  environment: Environment,
): IClientOptions {
  const user = config.user || environment.MQTT_USER
  const secret = password || environment.MQTT_PASSWORD
  return {
    protocolVersion: config.protocol === '5' ? 5 : 4,
    reconnectPeriod: 1_000,
    connectTimeout: 10_000,
    keepalive: 60,
    resubscribe: true,
    ...(user !== undefined && { username: user }),
    ...(secret !== undefined && { password: secret }),
    ...(environment.MQTT_CA !== undefined && { ca: environment.MQTT_CA }),
  }
}

/** Names this installation to the broker for good: a new name would leave the old session's messages behind. */
function installationId(dataDir: string): string {
  const file = join(dataDir, 'installation-id')
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    const id = randomUUID().slice(0, 8)
    mkdirSync(dataDir, { recursive: true })
    writeFileSync(file, `${id}\n`, { flag: 'wx' })
    return id
  }
}
