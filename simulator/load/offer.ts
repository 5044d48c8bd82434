import { createHistogram, type Histogram } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import type { Broker } from '../broker.ts'
import { Publisher } from './publisher.ts'

/** A load: numbered messages, offered at a pace over some connections. */
export interface Offer {
  readonly broker: Broker
  readonly clientId: string
  /** Message `n`, from 0: the same for the same number, where its truth is to be checked later. */
  readonly messageOf: (n: number) => { readonly topic: string; readonly payload: string | Uint8Array }
  /** Messages in all; Infinity goes on until it is stopped. */
  readonly count: number
  /** Messages a second; Infinity sends as fast as the broker takes them. */
  readonly perSecond: number
  readonly qos: 0 | 1
  /** Message `n` goes over connection `n % connections`. */
  readonly connections: number
  /** Messages unacknowledged on all connections together, at most; `mostInFlight` on each. */
  readonly inFlight: number
}

export interface Progress {
  readonly sent: number
  readonly acknowledged: number
  readonly inFlight: number
  /** How long ago the next message was due, ms. */
  readonly behindMs: number
  /** Since the first message, s. */
  readonly seconds: number
}

export interface Offering {
  readonly progress: Progress
  /** Time from publish to PUBACK, ns; empty at QoS 0. */
  readonly latency: Histogram
  /** Resolves when all is acknowledged. @throws Error if nothing is acknowledged for a minute */
  readonly done: Promise<Progress>
  /** Sends no more; `done` then resolves with what was sent. */
  stop(): void
}

const TICK_MS = 2
/** The event loop gets its turn after so many messages, so that acknowledgements are seen. */
const MESSAGES_PER_TURN = 500
const PATIENCE_MS = 60_000

/**
 * Connects, and offers the load.
 * @throws Error with the reason if a first connection fails
 */
export async function startOffer(offer: Offer): Promise<Offering> {
  const latency = createHistogram()
  const publishers = Array.from({ length: offer.connections }, (_, index) => {
    const { broker, qos } = offer
    const share = Math.ceil(offer.inFlight / offer.connections)
    return new Publisher({ broker, qos, latency, inFlight: share, clientId: `${offer.clientId}-${index}` })
  })
  const close = () => Promise.all(publishers.map((publisher) => publisher.close()))
  try {
    await Promise.all(publishers.map((publisher) => publisher.connected()))
  } catch (error) {
    await close()
    throw error
  }
  const began = performance.now()
  const elapsedMs = () => performance.now() - began
  const sum = (of: (publisher: Publisher) => number) => publishers.reduce((total, one) => total + of(one), 0)
  let sent = 0
  let last = offer.count

  const progress = (): Progress => ({
    sent,
    acknowledged: sum(({ acknowledged }) => acknowledged),
    inFlight: sum(({ inFlight }) => inFlight),
    behindMs: sent < last ? Math.max(0, elapsedMs() - (1_000 * sent) / offer.perSecond) : 0,
    seconds: elapsedMs() / 1_000,
  })

  /** Sends what is due and finds room. @returns whether there is more to send at once */
  function sendDue(): boolean {
    const due = Math.min(last, Math.floor((elapsedMs() / 1_000) * offer.perSecond) + 1)
    const turn = Math.min(due, sent + MESSAGES_PER_TURN)
    while (sent < turn) {
      const publisher = publishers[sent % publishers.length]!
      if (!publisher.hasRoom) break
      const { topic, payload } = offer.messageOf(sent)
      publisher.send(topic, payload)
      sent++
    }
    for (const publisher of publishers) publisher.flush()
    return sent === turn && sent < due
  }

  async function run(): Promise<Progress> {
    let acknowledged = 0
    let progressAt = performance.now()
    try {
      for (;;) {
        const more = sendDue()
        const now = sum((publisher) => publisher.acknowledged)
        if (sent >= last && now >= sent) return progress()
        if (now > acknowledged || now === sent) progressAt = performance.now()
        else if (performance.now() - progressAt > PATIENCE_MS)
          throw new Error(
            `the broker has acknowledged nothing for ${PATIENCE_MS / 1_000} s: ${now} of ${sent} messages`,
          )
        acknowledged = now
        await (more ? new Promise(setImmediate) : pause(TICK_MS))
      }
    } finally {
      await close()
    }
  }

  return {
    get progress() {
      return progress()
    },
    latency,
    done: run(),
    stop: () => (last = Math.min(last, sent)),
  }
}
