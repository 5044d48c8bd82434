import type { Client } from 'aedes'
import { isBrokerUser } from '../broker/rights.ts'

/** Sessions that one user may have, connected and kept ones together: a device needs one, a user of the platform many. */
const mostSessions = { ofDevice: 8, ofPlatform: 100_000 }

interface Session {
  readonly user: string
  /** Undefined while the session is kept for a client that is away. */
  client: Client | undefined
}

/** Nobody keeps the platform out by calling himself as its connections do, nor a device by bearing its name. */
const goesFirst = (user: string, clientId: string): boolean =>
  user === 'linhaviva' || user === 'dispatcher' || user === clientId

/**
 * Whose each client identifier is. MQTT gives a session, and what waits in it, to whoever brings its identifier, and cuts
 * off who had it: here it belongs to the user that made it, as long as it is connected or kept.
 */
export class BrokerSessions {
  readonly #sessions = new Map<string, Session>()
  readonly #counts = new Map<string, number>()

  /** Gives a client its session. @returns why not, where it does not */
  take(client: Client, user: string): string | undefined {
    let known = this.#sessions.get(client.id)
    if (known && known.user !== user) {
      if (!goesFirst(user, client.id)) return 'the client identifier is in use by another user'
      this.#end(client.id)
      known = undefined
    }
    if (!known) {
      const most = isBrokerUser(user) ? mostSessions.ofPlatform : mostSessions.ofDevice
      const count = this.#counts.get(user) ?? 0
      if (count >= most) return `the user has ${most} sessions already`
      this.#counts.set(user, count + 1)
    }
    const session = known ?? { user, client }
    session.client = client
    this.#sessions.set(client.id, session)
    client.conn.once('close', () => this.#left(client, session))
    return undefined
  }

  connected(): Client[] {
    return [...this.#sessions.values()].flatMap(({ client }) => client ?? [])
  }

  /** Ends the kept sessions of users who are over. @returns their identifiers */
  endWhere(isOver: (user: string) => boolean): string[] {
    const over = [...this.#sessions].filter(([, { user, client }]) => !client && isOver(user)).map(([id]) => id)
    for (const id of over) this.#end(id)
    return over
  }

  #left(client: Client, session: Session): void {
    // Another connection may have taken over.
    if (session.client !== client || this.#sessions.get(client.id) !== session) return
    session.client = undefined
    if (client.clean) this.#end(client.id)
  }

  #end(id: string): void {
    const session = this.#sessions.get(id)
    if (!session || !this.#sessions.delete(id)) return
    const count = (this.#counts.get(session.user) ?? 1) - 1
    if (count === 0) this.#counts.delete(session.user)
    else this.#counts.set(session.user, count)
  }
}
