import { createHash, timingSafeEqual } from 'node:crypto'
import type { Socket } from 'node:net'
import type { Aedes, AuthenticateError, Client, ConnectPacket, PublishPacket, Subscription } from 'aedes'
import type { DeviceHashes } from '../broker/devices-file.ts'
import { hashPassword, isPassword } from '../broker/password-hash.ts'
import { type BrokerUser, isBrokerUser, mayPublish, mayReceive, maySubscribe } from '../broker/rights.ts'
import type { Refusal } from './broker-refusals.ts'
import { BrokerSessions } from './broker-sessions.ts'

/** Passwords of the platform's users. One without a password does not exist. */
export type BrokerPasswords = Readonly<Partial<Record<BrokerUser, string | undefined>>>

/** What the guard refused since the start. */
export interface Refusals {
  connections: number
  publications: number
  subscriptions: number
}

export interface BrokerGuard {
  readonly refusals: Readonly<Refusals>
  /** Takes these credentials of devices for the ones in force, and cuts off who came with another one. */
  admit(devices: DeviceHashes): void
}

/** What we use of the broker's storage. */
interface Subscriptions {
  addSubscriptions(client: Client, subscriptions: Subscription[]): Promise<unknown>
  cleanSubscriptions(session: { readonly id: string }): Promise<unknown>
}

type Publish = (packet: PublishPacket, client: Client | (() => void) | null, done?: () => void) => void

/**
 * Lets into an aedes broker only who proves to be a user, and lets each do what `platform/broker/rights.ts` says.
 *
 * MQTT 3.1.1 has two answers to a publication without the right (3.3.5): to cut the connection, or to acknowledge and
 * forget it. It is acknowledged: cut off, a client would come back and send it again for ever. A subscription is refused
 * in its own acknowledgement; a connection whose Will is without the right, as a whole.
 * @param refused  told of each refusal, in words, which may have in them what somebody typed, and of what it was
 * @param lookForDevices  sees to it that credentials of devices that are in force now have been admitted
 */
export function guardBroker(
  broker: Aedes & { persistence: Subscriptions },
  passwords: BrokerPasswords,
  refused: (words: string, refusal: Refusal) => void,
  lookForDevices: () => void,
): BrokerGuard {
  const refusals = { connections: 0, publications: 0, subscriptions: 0 }
  const isUser = userCheck(passwords)
  const sessions = new BrokerSessions()
  const announced = new WeakMap<Client, ConnectPacket>()
  const logins = new WeakMap<Client, { readonly user: string; readonly hash: string | undefined }>()
  const forgotten = new WeakSet<object>()
  let devices: DeviceHashes = new Map()

  const refuse = (words: string, client: Client, of: Pick<Refusal, 'what' | 'user' | 'topic' | 'why'>): void => {
    refusals[`${of.what}s`]++
    refused(words, { ...of, client: client.id, address: addressOf(client) })
  }
  const userOf = (client: Client | null): string => (client && logins.get(client)?.user) ?? ''

  broker.preConnect = (client, packet, done) => {
    announced.set(client, packet)
    done(null, true)
  }

  broker.authenticate = (client, user = '', password, done) => {
    if (client.closed) return done(null, false)
    const will = announced.get(client)?.will
    announced.delete(client)
    const no = (returnCode: number, why: string): void => {
      const known = isBrokerUser(user) || devices.has(user) ? user : undefined
      const words = `${shown(user)} as client ${shown(client.id)}: ${why}`
      refuse(words, client, { what: 'connection', user: known, topic: undefined, why })
      done(Object.assign(new Error(why), { returnCode }) as AuthenticateError, null)
    }
    if (user === '') return no(4, 'bad user or password: every client needs one (docs/broker-users.md)')
    if (!isBrokerUser(user)) lookForDevices()
    const hash = isBrokerUser(user) ? undefined : devices.get(user)
    const secret = password?.toString() ?? ''
    const isRight = isBrokerUser(user)
      ? isUser(user, secret)
      : isPassword(secret, hash ?? nobodys) && hash !== undefined
    if (!isRight) return no(4, 'bad user or password')
    if (will && !mayPublish(user, will.topic)) return no(5, `no right to a Will on ${shown(will.topic)}`)
    const obstacle = sessions.take(client, user)
    if (obstacle) return no(2, obstacle)
    logins.set(client, { user, hash })
    done(null, true)
  }

  broker.authorizePublish = (client, packet, done) => {
    const user = userOf(client)
    if (!mayPublish(user, packet.topic)) {
      const why = 'no right to publish there'
      const words = `${shown(user)} may not publish on ${shown(packet.topic)}`
      refuse(words, client!, { what: 'publication', user, topic: packet.topic, why })
      forgotten.add(packet)
    }
    done(null)
  }
  const publishing = broker as unknown as { publish: Publish }
  const publish = publishing.publish.bind(broker)
  publishing.publish = (packet, client, done) => {
    if (!forgotten.has(packet)) return publish(packet, client, done)
    return typeof client === 'function' ? client() : done?.()
  }

  broker.authorizeSubscribe = (client, subscription, done) => {
    const user = userOf(client)
    const may = maySubscribe(user, subscription.topic)
    const words = `${shown(user)} may not subscribe to ${shown(subscription.topic)}`
    const { topic } = subscription
    if (!may) refuse(words, client!, { what: 'subscription', user, topic, why: 'no right to read there' })
    done(null, may ? subscription : null)
  }
  broker.authorizeForward = (client, packet) => (mayReceive(userOf(client), packet.topic) ? packet : null)

  // Of a packet of subscriptions it would keep all for a session as soon as one is allowed.
  const { persistence } = broker
  const addSubscriptions = persistence.addSubscriptions.bind(persistence)
  persistence.addSubscriptions = (client, subscriptions) =>
    addSubscriptions(
      client,
      subscriptions.filter(({ topic }) => maySubscribe(userOf(client), topic)),
    )

  function admit(now: DeviceHashes): void {
    devices = now
    for (const client of sessions.connected()) {
      const login = logins.get(client)
      if (!login || isBrokerUser(login.user) || devices.get(login.user) === login.hash) continue
      const why = 'its credential is not in force any more'
      const words = `${shown(login.user)} as client ${shown(client.id)}: ${why}`
      refuse(words, client, { what: 'connection', user: login.user, topic: undefined, why })
      client.conn.once('close', forgetShutOut)
      client.close()
    }
    forgetShutOut()
  }

  /** For a device that was shut out nothing goes on waiting. */
  function forgetShutOut(): void {
    for (const id of sessions.endWhere((user) => !isBrokerUser(user) && !devices.has(user)))
      void persistence.cleanSubscriptions({ id })
  }

  return { refusals, admit }
}

/** Where it came from, over TCP or over WebSocket. */
const addressOf = ({ conn, req }: Client): string | undefined =>
  (conn as Partial<Socket>).remoteAddress ?? req?.socket.remoteAddress

/** Compared with where no device has the name: an answer takes as long, whether there is such a device or not. */
const nobodys = hashPassword('', Buffer.alloc(12))

/** Compares digests, which takes the same time whatever differs. */
function userCheck(passwords: BrokerPasswords): (user: BrokerUser, password: string) => boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  const known = new Map(
    Object.entries(passwords).flatMap(([user, password]) =>
      password === undefined ? [] : [[user, digest(password)] as const],
    ),
  )
  return (user, password) => {
    const wanted = known.get(user)
    return wanted !== undefined && timingSafeEqual(wanted, digest(password))
  }
}

/** What a stranger sent, fit for a line of the log. */
const shown = (text: string): string => JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text)
