import { createServer, type Server, type Socket } from 'node:net'
import { Aedes, type AedesOptions } from 'aedes'

/** A step of a client; of a connection, topic and payload are those of its Will. */
export interface Deed {
  what: 'connect' | 'subscribe' | 'publish'
  client: string
  clean?: boolean | undefined
  topic?: string | undefined
  payload?: string | undefined
  qos?: number | undefined
  retain?: boolean | undefined
  /** The payload, where it is no text. */
  bytes?: Buffer | undefined
}

/** A real broker in this process. */
export class Broker {
  readonly port: number
  readonly acknowledged: string[] = []
  readonly subscribed: string[] = []
  /** What clients did, in order: connections with their Wills, subscriptions, messages. */
  readonly deeds: Deed[] = []
  /** Topics of the Wills that were delivered. */
  readonly wills: string[] = []
  #server: Server
  #aedes: Aedes
  #sockets = new Set<Socket>()

  static async start(port: number, options: AedesOptions = {}): Promise<Broker> {
    const broker = new Broker(port, await Aedes.createBroker(options))
    await new Promise<void>((resolve) => broker.#server.listen(port, '127.0.0.1', resolve))
    return broker
  }

  private constructor(port: number, aedes: Aedes) {
    this.port = port
    this.#aedes = aedes
    this.#server = createServer((socket) => {
      this.#sockets.add(socket)
      aedes.handle(socket)
    })
    aedes.on('ack', (packet) => packet && 'payload' in packet && this.acknowledged.push(String(packet.payload)))
    aedes.on('subscribe', (subscriptions, { id: client }) => {
      this.subscribed.push(...subscriptions.map(({ topic }) => topic))
      for (const { topic, qos } of subscriptions) this.deeds.push({ what: 'subscribe', client, topic, qos })
    })
    aedes.on('publish', ({ topic, payload, qos, retain }, publisher) => {
      const bytes = Buffer.from(payload)
      if (publisher?.connected)
        this.deeds.push({ what: 'publish', client: publisher.id, topic, payload: String(bytes), bytes, qos, retain })
      else if (!topic.startsWith('$SYS/')) this.wills.push(topic)
    })
    aedes.preConnect = (connecting, { clientId: client, clean, will }, done) => {
      const { topic, payload, qos, retain } = will ?? {}
      this.deeds.push({ what: 'connect', client, clean, topic, payload: payload && String(payload), qos, retain })
      done(null, true)
    }
  }

  /** What a client did, whose identifier ends so. */
  deedsOf(client: string): Deed[] {
    return this.deeds.filter((deed) => deed.client.endsWith(client))
  }

  /** Breaks every connection, as a failing network does. */
  breakConnections(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  async stop(): Promise<void> {
    this.breakConnections()
    await new Promise<void>((resolve) => this.#server.close(() => resolve()))
    await new Promise<void>((resolve) => this.#aedes.close(() => resolve()))
  }
}
