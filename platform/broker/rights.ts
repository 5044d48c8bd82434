import { clockTopic } from '../wire/clock.ts'
import { fieldContract, fieldTopicFilters } from '../wire/contract.ts'
import { isIdentifier } from '../wire/fields.ts'
import { simulationTopics } from '../wire/simulation.ts'
import { contains, isTopicFilter, matches } from './topic-filter.ts'

/**
 * Users of the broker that are no devices.
 * - `linhaviva`: the platform; takes in what the field says, speaks to it as a Sparkplug host only, and controls a simulator
 * - `dispatcher`: commands, setpoints and alarms are its alone
 * - `flows`: what engineers build with stock nodes
 * - `field`: devices without a user of their own, the simulated field among them
 */
export const brokerUsers = ['linhaviva', 'dispatcher', 'flows', 'field'] as const
export type BrokerUser = (typeof brokerUsers)[number]

export const isBrokerUser = (name: string): name is BrokerUser => (brokerUsers as readonly string[]).includes(name)

/** Topic filters of what a user may publish and what it may read. */
export interface Rights {
  readonly publish: readonly string[]
  readonly read: readonly string[]
}

/** What devices say: the field contract, and answers to commands. */
const reports = [...fieldTopicFilters, fieldContract.ack.topic]
/** What devices are told, each of them. */
const orders = [fieldContract.control.topic, fieldContract.command.topic]
/** What only the dispatcher publishes. */
const dispatched = ['der/control/#', 'grid/commands/#', 'grid/alarms/#']

const edgeNodeReports = [
  ...['NBIRTH', 'NDEATH', 'NDATA'].map((type) => `spBv1.0/+/${type}/+`),
  ...['DBIRTH', 'DDEATH', 'DDATA'].map((type) => `spBv1.0/+/${type}/+/+`),
]
const edgeNodeOrders = ['spBv1.0/+/NCMD/#', 'spBv1.0/+/DCMD/#', 'spBv1.0/STATE/#']

export const userRights: Readonly<Record<BrokerUser, Rights>> = {
  linhaviva: { publish: ['spBv1.0/STATE/+', 'spBv1.0/+/NCMD/+', simulationTopics.control], read: ['#', '$SYS/#'] },
  dispatcher: { publish: dispatched, read: [...reports, ...dispatched] },
  flows: { publish: ['flows/#'], read: [...reports, ...dispatched, 'spBv1.0/#', 'sim/#', 'flows/#'] },
  field: {
    publish: [...reports, ...edgeNodeReports, clockTopic, simulationTopics.state, simulationTopics.answers],
    read: [...orders, fieldContract.alarm.topic, ...edgeNodeOrders, simulationTopics.control],
  },
}

/** What a device with a user of its own may: speak for itself, and hear what is for it. */
export function deviceRights(deviceId: string): Rights {
  const own = (filter: string): string => filter.replace('+', () => deviceId)
  return { publish: reports.map(own), read: orders.map(own) }
}

/** Every topic that the rights of a device of that name are about. */
export function topicsOfDevice(deviceId: string): string[] {
  const { publish, read } = deviceRights(deviceId)
  return [...publish, ...read]
}

/**
 * Names of devices whose topics a user of the platform neither writes nor reads. Brokers give every user the rights of
 * the device of its name; the platform's users are no devices, and nobody reports as if they were.
 */
export const namesNoDeviceHas = (user: BrokerUser): readonly string[] => (user === 'field' ? brokerUsers : [user])

/** Whether a user may publish on a topic. Users that cannot be devices have no rights at all. */
export function mayPublish(user: string, topic: string): boolean {
  return isNamed(rightsOf(user).publish, topic) && !isNobodys(user, topic)
}

/** Whether a message on a topic may be delivered to a user, whatever it has subscribed to. */
export function mayReceive(user: string, topic: string): boolean {
  return isNamed(rightsOf(user).read, topic) && !isNobodys(user, topic)
}

/** Whether a user may read everything that a topic filter names. */
export function maySubscribe(user: string, filter: string): boolean {
  return isTopicFilter(filter) && rightsOf(user).read.some((right) => contains(right, filter))
}

const none: Rights = { publish: [], read: [] }

const rightsOf = (user: string): Rights =>
  isBrokerUser(user) ? userRights[user] : isIdentifier(user) ? deviceRights(user) : none

const isNamed = (filters: readonly string[], topic: string): boolean => filters.some((filter) => matches(filter, topic))

const isNobodys = (user: string, topic: string): boolean => topicsOfNobody.get(user)?.has(topic) ?? false

const topicsOfNobody = new Map<string, ReadonlySet<string>>(
  brokerUsers.map((user) => [user, new Set(namesNoDeviceHas(user).flatMap(topicsOfDevice))]),
)
