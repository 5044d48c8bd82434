import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt'
import type { FieldAlarm } from '../../../platform/wire/payloads.ts'

/** What a broker keeps for whoever subscribes: listens as a user of the field would. */
export class TopicReader {
  readonly #client: MqttClient
  readonly #kept = new Map<string, string>()

  private constructor(client: MqttClient) {
    this.#client = client
    client.on('message', (topic, payload) => {
      if (payload.length === 0) this.#kept.delete(topic)
      else this.#kept.set(topic, payload.toString())
    })
  }

  static async open(url: string, options: IClientOptions = {}): Promise<TopicReader> {
    const client = await connectAsync(url, { ...options, reconnectPeriod: 0 }, false)
    client.on('error', () => undefined)
    const reader = new TopicReader(client)
    await client.subscribeAsync('grid/alarms/+', { qos: 1 })
    return reader
  }

  get size(): number {
    return this.#kept.size
  }

  /** What stands: `4711 B`, by number. */
  get standing(): string[] {
    return [...this.#kept]
      .map(([topic, payload]) => ({ id: topic.slice('grid/alarms/'.length), payload }))
      .toSorted((a, b) => Number(a.id) - Number(b.id))
      .map(
        ({ id, payload }) => `${id} ${payload.startsWith('{') ? (JSON.parse(payload) as FieldAlarm).state : payload}`,
      )
  }

  of(alarmId: number): FieldAlarm | undefined {
    const payload = this.#kept.get(`grid/alarms/${alarmId}`)
    return payload === undefined ? undefined : (JSON.parse(payload) as FieldAlarm)
  }

  close(): Promise<void> {
    return this.#client.endAsync(true)
  }
}
