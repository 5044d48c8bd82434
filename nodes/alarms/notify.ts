import type { NodeAPI, NodeMessage } from 'node-red'
import type { BrokerNode } from '../../platform/broker/broker.ts'
import { platformClock, wallClock } from '../../platform/clock/clock.ts'
import { outsideHost, parseOutsideHosts } from '../../platform/http/outside-hosts.ts'
import { defineNode, type Behaviour, type LinhaVivaNode } from '../../platform/node/define-node.ts'
import { messageOf } from '../../platform/node/message-of.ts'
import { environment, isProduction } from '../../platform/runtime/environment.ts'
import type { Database } from '../../platform/storage/database.ts'
import type { PostgresqlNode } from '../../platform/storage/postgresql.ts'
import { keepAlarms } from './keeper/running-alarms.ts'
import { AlarmTopics } from './notify/alarm-topics.ts'
import { Channel, channelCondition } from './notify/channel.ts'
import type { Carrier } from './notify/delivery.ts'
import { messageCarrier } from './notify/message-carrier.ts'
import {
  channelSettings,
  notifyDefaults,
  ways,
  type ChannelSettings,
  type NotifyConfig,
} from './notify/notify-config.ts'
import { runningChannels } from './notify/running-channels.ts'
import { webhookCarrier } from './notify/webhook.ts'
import { keepTable } from './table/running-table.ts'

/**
 * Tells of alarms: the state of each on `grid/alarms/<alarmId>`, or what a channel is to tell of by webhook or, on the second
 * output, through the next node, whose confirmation comes back to the input. What was handed over leaves by the first output.
 */
export default function register(RED: NodeAPI): void {
  defineNode<NotifyConfig>(
    RED,
    'linhaviva-notify',
    notifyDefaults,
    (config, node) => {
      const { database } = node.configNode<PostgresqlNode>('database', config.database)
      if (!ways.includes(config.via))
        throw new Error(`via is ${JSON.stringify(config.via)}: it takes ${ways.join(', ')}`)
      return config.via === 'mqtt' ? topicsOf(node, database, config) : channelOf(node, database, config)
    },
    { credentials: { secret: { type: 'password' } } },
  )
}

function topicsOf(node: LinhaVivaNode, database: Database, config: NotifyConfig): Behaviour {
  const broker = node.configNode<BrokerNode>('broker', config.broker)
  const topics = new AlarmTopics(database, {
    ...{ url: broker.url, nodeId: node.id, timeZone: environment().TIME_ZONE },
    connection: { ...broker.dispatcherOptions(), clientId: broker.clientIdFor(node.id) },
    progress: (behind) =>
      node.status.show(
        behind > 0 ? 'yellow' : 'green',
        'dot',
        node.text('notify.status.topics', { behind: String(behind) }),
      ),
    report: reporting(node),
  })
  return {
    onInput: () => Promise.reject(new Error('nothing comes in here: the state of alarms is followed in the database')),
    onClose: (removed) => topics.close(removed),
  }
}

function channelOf(node: LinhaVivaNode, database: Database, config: NotifyConfig): Behaviour {
  const settings = channelSettings(config)
  const { name } = settings
  const carrier = showing(carrierOf(node, config, settings), node)
  const other = runningChannels.get(name)
  if (other !== undefined && other !== node.id) throw new Error(`channel is "${name}", which node ${other} has already`)
  runningChannels.set(name, node.id)
  const report = reporting(node)
  const alarms = keepAlarms(database, report)
  const table = keepTable(database, report)
  let failing: boolean | undefined
  const channel = new Channel(database, carrier, {
    ...settings,
    ...{ nodeId: node.id, timeZone: environment().TIME_ZONE, report },
    table: (signal) => table.keeper.ready(signal),
    async progress(state) {
      const condition = channelCondition(name, state, platformClock.now())
      const active = condition.state === 'active'
      const figures = { waiting: String(state.waiting), error: state.lastError ?? '' }
      const key = active ? 'notify.status.failing' : 'notify.status.channel'
      node.status.show(
        active ? 'red' : state.waiting > 0 ? 'yellow' : 'green',
        active ? 'ring' : 'dot',
        node.text(key, figures),
      )
      if (active === failing || !platformClock.isSet(environment().CLOCK)) return
      await alarms.kept.take([condition])
      if (active) node.reportError(new Error(`channel ${name} does not get through: ${state.lastError}`))
      failing = active
    },
  })
  return {
    onInput: (msg) => settle(channel, msg),
    async onClose(removed) {
      runningChannels.delete(name)
      await channel.close(removed)
      await Promise.all([alarms.release(), table.release()])
    },
  }
}

function carrierOf(node: LinhaVivaNode, config: NotifyConfig, { timeoutMs, confirmMs }: ChannelSettings): Carrier {
  if (config.via === 'message')
    return messageCarrier(config.to.trim(), confirmMs, (message) => node.send([null, message]))
  const settings = environment()
  const url = URL.parse(config.url)
  if (!url) throw new Error('url is no address: it takes https://host/path')
  const limits = {
    ...{ hosts: parseOutsideHosts(settings.WEBHOOK_HOSTS ?? '') ?? [], production: isProduction(settings) },
    ...{ timeoutMs, mostAnswerBytes: 4_096 },
  }
  outsideHost(url, limits.hosts, limits.production)
  const secret = node.credentials['secret'] ?? ''
  if (secret.length < 16) throw new Error('secret is too short: it takes 16 characters or more')
  return webhookCarrier(url, secret, limits, wallClock)
}

/** What was handed over leaves by the first output, for whoever watches. */
const showing = (carrier: Carrier, node: LinhaVivaNode): Carrier => ({
  leaseMs: carrier.leaseMs,
  async carry(document, attempt, signal) {
    const confirmed = await carrier.carry(document, attempt, signal)
    node.send([{ topic: 'alarms/notification', payload: { ...document, attempt, confirmed } }, null])
    return confirmed
  },
})

/** What the node after us says of a notification: that it is done with it, or, through Catch, why it is not. */
async function settle(channel: Channel, msg: NodeMessage): Promise<void> {
  const { notificationId, error } = msg as { notificationId?: unknown; error?: unknown }
  if (typeof notificationId !== 'string' || !/^[0-9a-f-]{36}$/.test(notificationId))
    throw new Error(
      `notificationId is ${JSON.stringify(notificationId)?.slice(0, 80)}: it takes the one of a message of this node`,
    )
  if (error === undefined) return channel.confirm(notificationId)
  const { message } = Object(error) as { message?: unknown }
  return channel.fail(notificationId, typeof message === 'string' ? message : String(error))
}

const reporting =
  (node: LinhaVivaNode) =>
  (error: unknown): void => {
    node.status.show('red', 'ring', messageOf(error))
    node.reportError(error)
  }
