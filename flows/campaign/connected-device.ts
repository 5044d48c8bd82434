import { connect, type IClientOptions, type MqttClient } from 'mqtt'
import { signed } from '../../nodes/commands/dispatch/signing.ts'
import type { CommandAck, CommandMessage } from '../../platform/wire/command.ts'
import type { Draw } from '../../simulator/draw.ts'
import { CountingDevice, type Effect, type Traits } from './counting-device.ts'
import { afterCommand, type Equipment, restingEquipment, telemetryOf } from './equipment.ts'

export interface DeviceSettings {
  readonly traits: Traits
  /** Of the broker: MQTT over TCP or over WebSocket. */
  readonly url: string
  readonly login: { readonly username: string; readonly password: string }
  /** It says how its equipment stands whenever that changes, and as often as this, ms. */
  readonly saysEveryMs: number
  /** So long it is gone when it is told to reboot, at most, ms. */
  readonly mostDownMs: number
  readonly draw: Draw
  /** Of the installation, of which the keys of devices are derived. */
  readonly secret: string
}

/** A counting device on the network, with a session that its broker keeps, a Last Will and a clock of its own. */
export class ConnectedDevice {
  readonly #settings: DeviceSettings
  readonly #device: CountingDevice
  #equipment: Equipment = restingEquipment
  #client: MqttClient | undefined
  #acting: NodeJS.Timeout | undefined
  #saying: NodeJS.Timeout | undefined
  #coming: NodeJS.Timeout | undefined
  #reboots = 0

  constructor(settings: DeviceSettings) {
    this.#settings = settings
    this.#device = new CountingDevice(settings.traits, settings.draw, (message) => this.#carryOut(message))
  }

  get traits(): Traits {
    return this.#device.traits
  }

  get effects(): readonly Effect[] {
    return this.#device.effects
  }

  get equipment(): Equipment {
    return this.#equipment
  }

  get reboots(): number {
    return this.#reboots
  }

  /** Connects; from then on it comes back by itself. */
  start(): void {
    const { url, login, traits, saysEveryMs } = this.#settings
    const { deviceId } = traits
    const options: IClientOptions = {
      ...login,
      ...{
        clientId: `campaign-${deviceId}`,
        clean: false,
        reconnectPeriod: 300,
        connectTimeout: 5_000,
        resubscribe: false,
      },
      will: { topic: `grid/status/${deviceId}`, payload: Buffer.from('{"status":"offline"}'), qos: 1, retain: true },
    }
    const client = (this.#client = connect(url, options))
    client.on('connect', () => {
      client.subscribe(`grid/commands/${deviceId}`, { qos: 1 })
      const presence = { status: 'online', device_id: deviceId, timestamp: this.#ownTime() }
      client.publish(`grid/status/${deviceId}`, JSON.stringify(presence), { qos: 1, retain: true })
      this.#say()
    })
    client.on('message', (_topic, payload) => this.#take(JSON.parse(payload.toString()) as CommandMessage))
    // The broker is down: it comes back.
    client.on('error', () => undefined)
    this.#saying = setInterval(() => this.#say(), saysEveryMs)
  }

  /** It falls silent without a word, forgets what it has not written, and comes back. */
  reboot(downMs: number): void {
    this.#reboots++
    this.#device.reboot()
    this.#silence()
    clearTimeout(this.#coming)
    this.#coming = setTimeout(() => this.start(), downMs)
  }

  async stop(): Promise<void> {
    const client = this.#client
    clearTimeout(this.#coming)
    clearTimeout(this.#acting)
    clearInterval(this.#saying)
    await client?.endAsync(true)
  }

  #silence(): void {
    clearTimeout(this.#acting)
    clearInterval(this.#saying)
    // Without a DISCONNECT: the broker says its Last Will.
    this.#client?.end(true)
    this.#client = undefined
  }

  #take(message: CommandMessage): void {
    if (this.traits.capabilities.signature && !this.#isGenuine(message)) return
    this.#tell(this.#device.take(message, Date.now()))
    this.#wait()
  }

  #isGenuine({ signature, ...message }: CommandMessage): boolean {
    return signature === signed(this.#settings.secret, this.traits.deviceId, message).signature
  }

  #wait(): void {
    clearTimeout(this.#acting)
    const { dueAt } = this.#device
    if (dueAt === undefined) return
    this.#acting = setTimeout(
      () => {
        this.#tell(this.#device.actDue(Date.now()))
        this.#wait()
      },
      Math.max(0, dueAt - Date.now()),
    )
  }

  #tell(answers: readonly CommandAck[]): void {
    for (const answer of answers)
      this.#client?.publish(`grid/acks/${this.traits.deviceId}`, JSON.stringify(answer), { qos: 1 })
  }

  #carryOut(message: CommandMessage): void {
    const before = this.#equipment
    this.#equipment = afterCommand(before, message)
    this.#say()
    if (this.#equipment.restarts === before.restarts) return
    // After its answer has gone out.
    setImmediate(() => this.reboot(Math.round(this.#settings.draw.uniform() * this.#settings.mostDownMs)))
  }

  #say(): void {
    const { topic, payload, retained } = telemetryOf(this.traits, this.#equipment, this.#ownTime())
    if (this.#client?.connected) this.#client.publish(topic, payload, { qos: 1, retain: retained })
  }

  #ownTime(): number {
    return Date.now() + this.traits.skewMs
  }
}
