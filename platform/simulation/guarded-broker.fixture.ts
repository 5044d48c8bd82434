import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { Aedes } from 'aedes'
import { mayPublish, maySubscribe, type BrokerUser } from '../broker/rights.ts'

/** A real broker on the loopback, in which everybody may do what the user may, and no more. */
export class GuardedBroker {
  readonly #sockets = new Set<Socket>()
  /** What somebody tried and may not. */
  readonly refused: string[] = []
  #aedes!: Aedes
  #server!: Server

  async start(): Promise<void> {
    this.#aedes = await Aedes.createBroker({
      authenticate: (client, user, password, done) => {
        Object.assign(client, { user })
        done(null, password?.toString() === passwordOf(user as BrokerUser))
      },
      authorizePublish: (client, { topic }, done) => {
        const user = userOf(client)
        done(mayPublish(user, topic) ? null : this.#refuse(`${user} may not publish ${topic}`))
      },
      authorizeSubscribe: (client, subscription, done) => {
        const user = userOf(client)
        const { topic } = subscription
        if (!maySubscribe(user, topic)) this.#refuse(`${user} may not subscribe to ${topic}`)
        done(null, maySubscribe(user, topic) ? subscription : null)
      },
    })
    this.#server = createServer((socket) => {
      this.#sockets.add(socket)
      socket.once('close', () => this.#sockets.delete(socket))
      this.#aedes.handle(socket)
    }).listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
  }

  /** Connections that are open now. */
  get connections(): number {
    return this.#sockets.size
  }

  /** Its address, with the login of a user. */
  urlFor(user: BrokerUser): string {
    return `mqtt://${user}:${passwordOf(user)}@127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async stop(): Promise<void> {
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
    await new Promise<void>((resolve) => this.#aedes.close(resolve))
  }

  #refuse(what: string): Error {
    this.refused.push(what)
    return new Error(what)
  }
}

export const passwordOf = (user: BrokerUser): string => `Of-Tests-${user}-1`

const userOf = (client: unknown): string => (client as { user?: string } | null)?.user ?? ''
