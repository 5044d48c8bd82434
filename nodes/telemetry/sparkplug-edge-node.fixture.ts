import { connectAsync, type MqttClient } from 'mqtt'
import { get } from 'sparkplug-payload'
import { platformClock } from '../../platform/clock/clock.ts'
import type { UMetric } from 'sparkplug-payload/lib/sparkplugbpayload.js'

const { encodePayload, decodePayload } = get('spBv1.0')!

export type EdgeMetric = Partial<UMetric> & Pick<UMetric, 'value' | 'type'>

/** An edge node as another maker builds it: encoded by Eclipse Tahu's package, over a connection of its own. */
export class EdgeNodeClient {
  /** Requests for its births that it got, as metric names and values. */
  readonly requests: string[] = []
  /** What it does when it is asked. */
  onRequest: () => Promise<void> = () => Promise.resolve()
  #client: MqttClient
  #group: string
  #id: string
  #bdSeq: number
  #seq = 0

  /** Connects with its death as Will, and listens to commands. */
  static async connect(
    url: string,
    group: string,
    id: string,
    bdSeq = 0,
    login: { username?: string; password?: string } = {},
  ): Promise<EdgeNodeClient> {
    const payload = Buffer.from(encodePayload({ timestamp: platformClock.now(), metrics: [bdSeqMetric(bdSeq)] }))
    const will = { topic: `spBv1.0/${group}/NDEATH/${id}`, payload, qos: 1, retain: false } as const
    const client = await connectAsync(url, { ...login, will, clean: true, reconnectPeriod: 0, protocolVersion: 4 })
    const node = new EdgeNodeClient(client, group, id, bdSeq)
    await client.subscribeAsync(`spBv1.0/${group}/NCMD/${id}`, { qos: 1 })
    return node
  }

  private constructor(client: MqttClient, group: string, id: string, bdSeq: number) {
    this.#client = client
    this.#group = group
    this.#id = id
    this.#bdSeq = bdSeq
    client.on('message', (topic, payload) => {
      if (topic.startsWith('spBv1.0/STATE/')) return
      for (const { name, value } of decodePayload(payload).metrics ?? []) this.requests.push(`${name}=${String(value)}`)
      this.onRequest().catch((error: unknown) => client.emit('error', error as Error))
    })
  }

  /** Waits for its primary host, as edge nodes do before they are born. */
  async hostIsOnline(hostId: string): Promise<void> {
    const online = new Promise<void>((resolve) => {
      this.#client.on('message', (topic, payload) => {
        if (topic === `spBv1.0/STATE/${hostId}` && String(payload).includes('"online":true')) resolve()
      })
    })
    await this.#client.subscribeAsync(`spBv1.0/STATE/${hostId}`, { qos: 1 })
    await online
  }

  async birth(metrics: EdgeMetric[] = [], at = platformClock.now()): Promise<void> {
    this.#seq = 0
    const control: EdgeMetric = { name: 'Node Control/Rebirth', type: 'Boolean', value: false, timestamp: at }
    await this.#publish('NBIRTH', undefined, [bdSeqMetric(this.#bdSeq), control, ...metrics], at)
  }

  deviceBirth(device: string, metrics: EdgeMetric[], at = platformClock.now()): Promise<void> {
    return this.#publish('DBIRTH', device, metrics, at)
  }

  deviceData(device: string, metrics: EdgeMetric[], at = platformClock.now()): Promise<void> {
    return this.#publish('DDATA', device, metrics, at)
  }

  deviceDeath(device: string, at = platformClock.now()): Promise<void> {
    return this.#publish('DDEATH', device, [], at)
  }

  /** A message that never arrives: its number is gone. */
  lose(): void {
    this.#seq = (this.#seq + 1) % 256
  }

  /** Whatever somebody else publishes. */
  async publishRaw(topic: string, payload: string | Buffer, retain = false): Promise<void> {
    await this.#client.publishAsync(topic, payload, { qos: retain ? 1 : 0, retain })
  }

  /** The connection breaks: the broker delivers the Will. */
  breakOff(): void {
    this.#client.stream.destroy()
  }

  /** Goes without a word: a connection that ends in order delivers no Will. */
  async leave(): Promise<void> {
    await this.#client.endAsync()
  }

  async #publish(type: string, device: string | undefined, metrics: EdgeMetric[], timestamp: number): Promise<void> {
    const topic = ['spBv1.0', this.#group, type, this.#id, ...(device === undefined ? [] : [device])].join('/')
    const payload = encodePayload({ timestamp, seq: this.#seq, metrics: metrics as UMetric[] })
    this.#seq = (this.#seq + 1) % 256
    await this.#client.publishAsync(topic, Buffer.from(payload), { qos: 0 })
  }
}

const bdSeqMetric = (bdSeq: number): EdgeMetric => ({ name: 'bdSeq', type: 'Int64', value: bdSeq })
