import { once } from 'node:events'
import { connect, type IClientOptions, type MqttClient } from 'mqtt'
import { fieldContract, fieldKinds, topicOf } from '../../../platform/wire/contract.ts'
import type { Line } from './conversation.ts'
import { Hearing } from './hearing.ts'

/** What a device says, and what it was last told to follow. */
const heardKinds = [...fieldKinds, 'ack', 'control'] as const

/** A line to a device over the broker, as the dispatcher. */
export class BrokerLine implements Line {
  readonly hearing = new Hearing()
  readonly #client: MqttClient
  readonly #deviceId: string

  private constructor(client: MqttClient, deviceId: string) {
    this.#client = client
    this.#deviceId = deviceId
  }

  /**
   * @param now  UTC milliseconds
   * @throws Error in one line where the broker does not let us in, or not hear the device
   */
  static async open(
    deviceId: string,
    { url, options }: { readonly url: string; readonly options: IClientOptions },
    now: () => number,
  ): Promise<BrokerLine> {
    const client = connect(url, { ...options, reconnectPeriod: 0, clean: true, connectTimeout: 10_000 })
    try {
      await connected(client, url)
      const line = new BrokerLine(client, deviceId)
      const kinds = new Map(heardKinds.map((kind) => [topicOf(kind, deviceId), kind]))
      client.on('message', (topic, payload, { qos, retain }) => {
        const kind = kinds.get(topic)
        if (kind) line.hearing.hear({ kind, payload: payload.toString(), qos, retained: retain, at: now() })
      })
      const granted = await client.subscribeAsync([...kinds.keys()], { qos: 1 })
      const refused = granted.find(({ qos }) => qos > 2)
      if (refused)
        throw new Error(`the broker does not let us hear ${refused.topic}: it takes the user of the dispatcher`)
      return line
    } catch (error) {
      await client.endAsync(true)
      throw error
    }
  }

  async publish(kind: 'command' | 'control', payload: string): Promise<void> {
    const retain = fieldContract[kind].retained
    await this.#client.publishAsync(topicOf(kind, this.#deviceId), payload, { qos: 1, retain })
  }

  async close(): Promise<void> {
    await this.#client.endAsync()
  }
}

async function connected(client: MqttClient, url: string): Promise<void> {
  const gone = new AbortController()
  let reason = 'it does not answer'
  client.on('error', (error: Error & { code?: unknown }) => (reason = error.message || String(error.code)))
  client.once('close', () => gone.abort())
  try {
    await once(client as never, 'connect', { signal: gone.signal })
  } catch {
    const { protocol, host } = new URL(url)
    throw new Error(`the broker ${protocol}//${host} cannot be reached: ${reason}`)
  }
}
