import { setTimeout as pause } from 'node:timers/promises'
import { topicOf } from '../platform/wire/contract.ts'
import type { DeviceStatus } from '../platform/wire/payloads.ts'
import { shownUrl, type Broker } from './broker.ts'
import { Connection, type Outgoing } from './connection.ts'
import { drawOf } from './draw.ts'
import type { Field } from './field.ts'
import { panelsOfPlant } from './plants.ts'

export interface FleetOptions {
  readonly broker: Broker
  readonly devices: readonly FleetDevice[]
  readonly seed: number
  /** One connection for all devices; then only the gateway has a Last Will. */
  readonly oneConnection: boolean
  /** The time that presence messages carry, UTC milliseconds. */
  readonly now: () => number
  /** Whether a device is to say at its connection that it is online. */
  readonly isHeard: (deviceId: string) => boolean
  /** What the gateway says before anything else at each connection, where the field has a time of its own. */
  readonly clock?: () => Outgoing
  /** A message on `der/control/<deviceId>` of one of the field's resources. */
  readonly onControl: (deviceId: string, payload: string) => void
  /** A message on `grid/commands/<deviceId>`. @param retained  it was kept by the broker */
  readonly onCommand: (deviceId: string, payload: string, retained: boolean) => void
  /** All devices are connected, in one line. */
  readonly report: (line: string) => void
  /** Something is wrong with the broker, in one line. */
  readonly warn: (line: string) => void
}

/** A device as it is connected. */
export interface FleetDevice {
  readonly id: string
  /** What it says of itself that it can do. */
  readonly capabilities: string[]
  /** It follows setpoints. */
  readonly controllable: boolean
}

const GATEWAY = 'sim-gateway'
/** Time between the first connections of two devices, ms. */
const STAGGER_MS = 10
/** Ten minutes of one reading a second. */
const QUEUE_PER_DEVICE = 600
const QUEUE_OF_GATEWAY = 100_000
const CLOSE_WITHIN_MS = 1_500

/** The connections of all devices of a field: each its own, as in the field, with its presence and its Last Will. */
export class Fleet {
  readonly #options: FleetOptions
  readonly #devices: readonly FleetDevice[]
  readonly #connections = new Map<string, Connection>()
  #lostSince: number | undefined
  #told = false
  #overflowed = false
  #closing = false

  constructor(options: FleetOptions) {
    this.#options = options
    this.#devices = options.devices
    if (options.oneConnection) this.#add(GATEWAY, this.#devices, QUEUE_OF_GATEWAY)
    else for (const device of this.#devices) this.#add(device.id, [device], QUEUE_PER_DEVICE)
  }

  /** Connects device after device; settled when each has begun to. */
  async connect(): Promise<void> {
    for (const connection of this.#connections.values()) {
      if (this.#closing) return
      connection.open()
      await pause(STAGGER_MS)
    }
  }

  /** Sends a device's message over its connection, or keeps it for when there is one. */
  publish(deviceId: string, message: Outgoing): void {
    this.#connections.get(this.#options.oneConnection ? GATEWAY : deviceId)?.publish(message)
  }

  /** Sends in the gateway's own name, in order with the messages of all devices. Only with one connection. */
  publishAsGateway(message: Outgoing): void {
    this.#connections.get(GATEWAY)?.publish(message)
  }

  /** Messages that wait, or are sent and not yet acknowledged, of all devices. */
  get backlog(): number {
    return this.#sum(({ backlog }) => backlog)
  }

  /** Whether every device has its connection. */
  get connected(): boolean {
    return [...this.#connections.values()].every(({ connected }) => connected)
  }

  /** Messages that the broker has acknowledged. */
  get acknowledged(): number {
    return this.#sum(({ acknowledged }) => acknowledged)
  }

  /** Waits until all is acknowledged, while there is a broker to do it. @returns whether it is, in time */
  async settle(withinMs: number): Promise<boolean> {
    const deadline = performance.now() + withinMs
    const reached = () => [...this.#connections.values()].some(({ connected }) => connected)
    while (this.backlog > 0 && reached() && performance.now() < deadline) await pause(20)
    return this.backlog === 0
  }

  /** Every device says that it goes offline, and disconnects; in less than two seconds, whatever the broker does. */
  async close(): Promise<void> {
    this.#closing = true
    const dropped = this.#takeDropped()
    if (dropped > 0) this.#options.warn(`${dropped} messages were dropped`)
    await Promise.all(
      [...this.#connections].map(([owner, connection]) =>
        connection.close(
          this.#presence(owner, () => false),
          CLOSE_WITHIN_MS,
        ),
      ),
    )
  }

  #add(owner: string, devices: readonly FleetDevice[], queueLimit: number): void {
    const { onControl, onCommand } = this.#options
    const controlled = new Map(
      devices.filter(({ controllable }) => controllable).map(({ id }) => [topicOf('control', id), id]),
    )
    const commanded = new Map(devices.map(({ id }) => [topicOf('command', id), id]))
    // thousands of topics in one subscription are more than brokers take
    const commands = owner === GATEWAY ? [topicOf('command', '+')] : [...commanded.keys()]
    const connection = new Connection({
      broker: this.#options.broker,
      clientId: `sim-${owner}`,
      lastWill: presenceMessage({ status: 'offline', device_id: owner }),
      topics: [...controlled.keys(), ...commands],
      greetings: () => [...this.#time(owner), ...this.#presence(owner, this.#options.isHeard)],
      queueLimit,
      draw: drawOf(this.#options.seed, `connection/${owner}`),
      onMessage: (topic, payload, retained) => {
        const [steered, told] = [controlled.get(topic), commanded.get(topic)]
        if (steered !== undefined) onControl(steered, payload)
        if (told !== undefined) onCommand(told, payload, retained)
      },
      onConnected: () => this.#tellWhenComplete(),
      onLost: (reason) => this.#tellLoss(reason),
      onOverflow: () => this.#tellOverflow(),
      onRefused: (reason) => this.#options.warn(`${owner}: ${reason}`),
    })
    this.#connections.set(owner, connection)
  }

  #time(owner: string): Outgoing[] {
    return owner === GATEWAY && this.#options.clock ? [this.#options.clock()] : []
  }

  #presence(owner: string, isOnline: (deviceId: string) => boolean): Outgoing[] {
    const timestamp = new Date(this.#options.now()).toISOString()
    const own = this.#devices.filter(({ id }) => id === owner || owner === GATEWAY)
    const word = (online: boolean): DeviceStatus['status'] => (online ? 'online' : 'offline')
    const messages = own.map(({ id, capabilities }) => {
      const status = word(isOnline(id))
      return presenceMessage({ status, device_id: id, timestamp, firmware: 'simulator-1', capabilities })
    })
    if (owner !== GATEWAY) return messages
    const status = word(!this.#closing)
    return [...messages, presenceMessage({ status, device_id: GATEWAY, timestamp, firmware: 'simulator-1' })]
  }

  #tellLoss(reason: string): void {
    if (this.#lostSince !== undefined) return
    this.#lostSince = this.#options.now()
    this.#options.warn(`broker ${shownUrl(this.#options.broker)} is away (${reason}), trying again`)
  }

  #tellOverflow(): void {
    if (this.#overflowed) return
    this.#overflowed = true
    this.#options.warn('the queue for the broker is full, the oldest messages are dropped')
  }

  #takeDropped(): number {
    this.#overflowed = false
    return this.#sum((connection) => connection.takeDropped())
  }

  #sum(of: (connection: Connection) => number): number {
    return [...this.#connections.values()].reduce((sum, connection) => sum + of(connection), 0)
  }

  #tellWhenComplete(): void {
    if (!this.connected) return
    if (this.#lostSince === undefined && this.#told) return
    const dropped = this.#takeDropped()
    const after =
      this.#lostSince === undefined ? '' : ` after ${Math.round((this.#options.now() - this.#lostSince) / 1000)} s`
    const loss = dropped === 0 ? '' : `, ${dropped} messages dropped meanwhile`
    this.#options.report(
      `${this.#devices.length} devices connected to ${shownUrl(this.#options.broker)}${after}${loss}`,
    )
    this.#lostSince = undefined
    this.#told = true
  }
}

/** The devices of a field. @param capabilitiesOf  what each says of itself besides that it can do */
export function fleetDevicesOf(field: Field, capabilitiesOf: (deviceId: string) => readonly string[]): FleetDevice[] {
  const of = (specs: readonly { readonly id: string }[], ...what: string[]) =>
    specs.map(({ id }) => {
      const capabilities = [...what, ...capabilitiesOf(id)]
      return { id, capabilities, controllable: what.includes('setpoint') }
    })
  return [
    ...of([...field.pvs, ...field.batteries, ...field.evs], 'telemetry', 'setpoint'),
    ...of([...field.panels, ...field.plants.flatMap(panelsOfPlant), ...field.meters], 'telemetry'),
    ...of([field.section, field.tie], 'telemetry', 'events'),
  ]
}

const presenceMessage = (status: DeviceStatus & { device_id: string }): Outgoing => ({
  topic: topicOf('status', status.device_id),
  payload: JSON.stringify(status),
  retain: true,
})
