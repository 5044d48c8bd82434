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
  /** Options of every connection that the platform makes to this broker. */
  options: IClientOptions
  /**
   * Options of the dispatcher's connections: the one user that may publish commands, setpoints and alarms. Its password
   * comes from the environment alone, stands in no flow, and goes to the environment's broker only.
   * @throws Error where this configuration node names another broker
   */
  dispatcherOptions(): IClientOptions
  /** A client id that survives restarts, so that the broker keeps the session: one per node and installation. */
  clientIdFor(nodeId: string): string
  /** The connection that takes the field's messages speaks for the broker in `/api/health`. Where none does, nothing is known of it. */
  reportState(state: PartState): void
}

const defaults: BrokerConfig = { url: '', user: '', protocol: '3.1.1' }

/** The MQTT broker of this installation. A field left empty takes what the environment says. */
export default function register(RED: NodeAPI): void {
  defineNode(
    RED,
    'linhaviva-broker',
    defaults,
    (config, node) => {
      const settings = environment()
      if (settings.MQTT_USER !== undefined && !config.user && !isBrokerOf(settings, config))
        node.warn(`MQTT_USER is a user of ${brokerUrl(settings)}: for ${config.url} enter user and password here`)
      let state: PartState | undefined
      const withdraw = provideHealth('mqtt', () => state)
      const broker: BrokerNode = {
        url: config.url || brokerUrl(settings),
        options: connectionOptions(config, node.credentials['password'], settings),
        dispatcherOptions: () => dispatcherOptions(config, settings),
        clientIdFor: (nodeId) => `linha-viva-${installationId(settings.DATA_DIR)}-${nodeId}`,
        reportState: (now) => (state = now),
      }
      node.offer(broker)
      return { onClose: withdraw }
    },
    { credentials: { password: { type: 'password' } } },
  )
}

/** The broker that the environment names. */
export function brokerUrl(environment: Environment): string {
  return environment.MQTT_URL ?? `mqtt://${environment.MQTT_HOST ?? '127.0.0.1'}:${environment.MQTT_PORT}`
}

/**
 * How the platform connects to a broker: a field of `config` that is empty takes what the environment says. What the
 * environment says of the user is for its own broker: an address typed into the editor gets no password of ours.
 */
export function connectionOptions(
  config: BrokerConfig,
  password: string | undefined,
  environment: Environment,
): IClientOptions {
  const { MQTT_USER, MQTT_PASSWORD } = isBrokerOf(environment, config) ? environment : {}
  return {
    ...commonOptions(config, environment),
    ...loginOf(config.user || (MQTT_USER ?? (MQTT_PASSWORD && 'linhaviva')), password || MQTT_PASSWORD),
  }
}

/** Where the dispatcher connects, and how, without a configuration node: at the environment's broker. */
export const dispatcherConnection = (environment: Environment): { url: string; options: IClientOptions } => ({
  url: brokerUrl(environment),
  options: dispatcherOptions(defaults, environment),
})

function dispatcherOptions(config: BrokerConfig, environment: Environment): IClientOptions {
  if (!isBrokerOf(environment, config))
    throw new Error(`url is ${config.url}: the dispatcher speaks to ${brokerUrl(environment)} only, which is MQTT_URL`)
  const { MQTT_DISPATCHER_USER, MQTT_DISPATCHER_PASSWORD } = environment
  return { ...commonOptions(config, environment), ...loginOf(MQTT_DISPATCHER_USER, MQTT_DISPATCHER_PASSWORD) }
}

const commonOptions = ({ protocol }: BrokerConfig, { MQTT_CA }: Environment): IClientOptions => ({
  protocolVersion: protocol === '5' ? 5 : 4,
  reconnectPeriod: 1_000,
  connectTimeout: 10_000,
  keepalive: 60,
  resubscribe: true,
  ...(MQTT_CA !== undefined && { ca: MQTT_CA }),
})

const loginOf = (username: string | undefined, password: string | undefined): IClientOptions => ({
  ...(username !== undefined && { username }),
  ...(username !== undefined && password !== undefined && { password }),
})

const isBrokerOf = (environment: Environment, { url }: BrokerConfig): boolean =>
  !url || URL.parse(url)?.href === URL.parse(brokerUrl(environment))?.href

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
