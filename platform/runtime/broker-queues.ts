import { Readable } from 'node:stream'

/** How much the embedded broker keeps in memory. Everything beyond is refused and counted. */
export interface BrokerLimits {
  /** Messages a persistent session may have waiting. Below 65,535, or packet identifiers would meet themselves. */
  readonly queuedPerSession: number
  /** Payload bytes waiting, over all sessions. */
  readonly queuedBytes: number
  readonly retainedTopics: number
  readonly retainedBytes: number
  /** Payload of one message. */
  readonly payloadBytes: number
}

export const brokerLimits: BrokerLimits = {
  queuedPerSession: 20_000,
  queuedBytes: 128 * 1024 * 1024,
  retainedTopics: 100_000,
  retainedBytes: 64 * 1024 * 1024,
  payloadBytes: 1024 * 1024,
}

/** What we use of a packet. The broker names it by its counter; the client, once it was sent, by its message id. */
export interface QueuedPacket {
  cmd?: string
  topic?: string
  payload?: Buffer | string
  messageId?: number
  brokerId?: string
  brokerCounter?: number
}

interface Subscriber {
  readonly clientId: string
}

interface Session {
  readonly id: string
}

/** What the broker asks of its storage and we answer in the storage's place. */
export interface Persistence {
  outgoingEnqueue(subscriber: Subscriber, packet: QueuedPacket): Promise<void>
  outgoingEnqueueCombi(subscribers: readonly Subscriber[], packet: QueuedPacket): Promise<void>
  outgoingUpdate(session: Session, packet: QueuedPacket): Promise<void>
  outgoingClearMessageId(session: Session, packet: QueuedPacket): Promise<QueuedPacket | undefined>
  outgoingStream(session: Session): Readable
  cleanSubscriptions(session: Session): Promise<unknown>
  storeRetained(packet: QueuedPacket): Promise<void>
}

/**
 * Puts bounds on the storage of an aedes broker, in place. Its own, in memory, grows without end while a persistent session is away, keeps
 * the queue of a session that was given up, and searches a queue from its beginning for each acknowledgement.
 * A message beyond the bounds still goes to a session that is connected; it is not kept for one that is not.
 */
export function boundQueues(
  persistence: Persistence,
  limits: BrokerLimits,
  refused: (what: 'queued' | 'retained') => void,
): void {
  const queues = new Map<string, SessionQueue>()
  let bytes = 0

  function enqueue({ clientId }: Subscriber, packet: QueuedPacket): void {
    const queue = queues.get(clientId) ?? new SessionQueue()
    const size = sizeOf(packet)
    if (queue.length >= limits.queuedPerSession || bytes + size > limits.queuedBytes) return refused('queued')
    queues.set(clientId, queue)
    queue.add({ ...packet })
    bytes += size
  }

  const cleanSubscriptions = persistence.cleanSubscriptions.bind(persistence)
  const replaced: Persistence = {
    outgoingEnqueue: async (subscriber, packet) => enqueue(subscriber, packet),
    outgoingEnqueueCombi: async (subscribers, packet) => {
      for (const subscriber of subscribers) enqueue(subscriber, packet)
    },
    // A packet we did not keep is sent all the same: the queue only serves sending it again.
    outgoingUpdate: async (session, packet) => {
      bytes += queues.get(session.id)?.update(packet) ?? 0
    },
    outgoingClearMessageId: async (session, packet) => {
      const cleared = queues.get(session.id)?.remove(packet.messageId)
      if (cleared) bytes -= sizeOf(cleared)
      if (queues.get(session.id)?.length === 0) queues.delete(session.id)
      return cleared
    },
    outgoingStream: (session) => Readable.from(queues.get(session.id)?.packets() ?? []),
    cleanSubscriptions: (session) => {
      for (const packet of queues.get(session.id)?.packets() ?? []) bytes -= sizeOf(packet)
      queues.delete(session.id)
      return cleanSubscriptions(session)
    },
    storeRetained: boundedRetained(persistence.storeRetained.bind(persistence), limits, () => refused('retained')),
  }
  Object.assign(persistence, replaced)
}

/** Messages on their way to one session, in order, found by either of their names. */
class SessionQueue {
  readonly #byCounter = new Map<string, QueuedPacket>()
  readonly #counterOf = new Map<number, string>()

  get length(): number {
    return this.#byCounter.size
  }

  add(packet: QueuedPacket): void {
    this.#byCounter.set(counterOf(packet), packet)
  }

  /** Notes the message id of a packet that is being sent, or puts a release in the place of what it releases (QoS 2). Answers the growth in bytes. */
  update(packet: QueuedPacket): number {
    if (packet.messageId === undefined) return 0
    const known = this.#byCounter.get(counterOf(packet))
    if (known) {
      if (known.messageId !== undefined) this.#counterOf.delete(known.messageId)
      known.messageId = packet.messageId
      this.#counterOf.set(packet.messageId, counterOf(packet))
      return 0
    }
    const counter = this.#counterOf.get(packet.messageId)
    if (counter === undefined) return 0
    const before = this.#byCounter.get(counter)
    this.#byCounter.set(counter, packet)
    return sizeOf(packet) - (before ? sizeOf(before) : 0)
  }

  remove(messageId: number | undefined): QueuedPacket | undefined {
    const counter = messageId === undefined ? undefined : this.#counterOf.get(messageId)
    if (messageId === undefined || counter === undefined) return undefined
    const packet = this.#byCounter.get(counter)
    this.#counterOf.delete(messageId)
    this.#byCounter.delete(counter)
    return packet
  }

  packets(): QueuedPacket[] {
    return [...this.#byCounter.values()]
  }
}

function boundedRetained(
  store: Persistence['storeRetained'],
  limits: BrokerLimits,
  refused: () => void,
): Persistence['storeRetained'] {
  const sizes = new Map<string, number>()
  let bytes = 0
  return async (packet) => {
    const topic = packet.topic ?? ''
    const size = sizeOf(packet)
    const before = sizes.get(topic)
    const grown = bytes - (before ?? 0) + size
    if (size > 0 && (grown > limits.retainedBytes || (before === undefined && sizes.size >= limits.retainedTopics)))
      return refused()
    if (size === 0) sizes.delete(topic)
    else sizes.set(topic, size)
    bytes = grown
    await store(packet)
  }
}

const counterOf = ({ brokerId, brokerCounter }: QueuedPacket): string => `${brokerId}:${brokerCounter}`

const sizeOf = ({ payload }: QueuedPacket): number =>
  payload === undefined ? 0 : typeof payload === 'string' ? Buffer.byteLength(payload) : payload.length
