import { setTimeout as delay } from 'node:timers/promises'
import { may, type Identity } from '../access/identity.ts'
import { messageOf } from '../node/message-of.ts'
import { closeCodes } from '../wire/live-close.ts'
import { heartbeatMs, liveLimits, liveTopics } from '../wire/live.ts'
import type { LiveFilter, LiveTopic, ServerMessage, Subscribe } from '../wire/live.ts'
import { Allowance } from './allowance.ts'
import { canResume, channelOf, frameOf, roundOf, type Channel, type Frame, type Round } from './channel.ts'
import type { Hub } from './hub.ts'
import { readRequest } from './requests.ts'
import { topicRules } from './topic-rules.ts'

/** The other end of a connection, as far as the sessions know it. */
export interface Peer {
  /** Bytes handed over and not yet taken by the network. */
  readonly waitingBytes: number
  send(data: Buffer | string): void
  /** Says why, where it can still be said, and ends the connection soon, whatever the client does. */
  close(code: number, reason: string): void
}

/** Everything goes by this beat: the shortest pause between two messages of a topic. */
export const tickMs = 1_000 / liveLimits.mostHz
/** A client that has not taken a message for so long is dropped. */
export const drainMs = 10_000
/** Between two attempts to write down who sees what is personal. */
const recordRetryMs = 2_000

/** Counts since the start, and clients now. */
export interface LiveCounts {
  clients: number
  /** Bytes that the clients have not taken yet. */
  waitingBytes: number
  subscriptions: number
  /** Connections taken. */
  connected: number
  /** Clients that were dropped because they did not take what they had asked for. */
  droppedSlow: number
  /** Clients that were gone without a word. */
  droppedSilent: number
  /** Clients whose login or token ended. */
  endedLogins: number
  /** Messages sent, and their bytes. */
  messages: number
  bytes: number
}

interface Subscription {
  readonly channel: Channel
  readonly everyTicks: number
  /** Which of these ticks is its own: not all clients are served in the same one. */
  readonly phase: number
  /** Version that the client has; undefined: none, it waits for a snapshot. */
  version: number | undefined
  /** Version up to which nothing of the channel is unknown to the client; may be ahead of `version`. */
  since: number | undefined
  /** What is personal is sent once it is written down who sees it. */
  isHeld: boolean
  /** A round that is under way: a client that takes little at a time gets it in pieces. */
  under: { readonly round: Round; next: number; piece: number } | undefined
}

/** Who a client is. */
export interface Caller {
  readonly identity: Identity
  /** When its connection closes at the latest, UTC ms. */
  readonly until: number
  /** Where it comes from: for the log. */
  readonly address: string
}

export interface Session {
  /** Connections before it. */
  readonly number: number
  readonly caller: Caller
  readonly peer: Peer
  readonly subscriptions: Map<LiveTopic, Subscription>
  readonly allowance: Allowance
  /** Since when the client has left something untaken, ms; undefined: it has taken all. */
  untakenSince: number | undefined
}

export interface SessionsOptions {
  /** Writes down that a client is going to see what is personal; it sees nothing before that is done. */
  readonly recordPersonal?: (caller: Caller, topic: LiveTopic, filter: LiveFilter) => Promise<void>
  /** Told of faults. */
  readonly report?: (fault: string) => void
  /** Size of one message, about. */
  readonly pieceCharacters?: number
}

/**
 * Who looks at the hub, and what each has seen. A client that has not taken the last message gets no further one: what
 * happens meanwhile comes together in the next, since only newest values are sent. So a slow client holds one message of the
 * server's memory, and after ten seconds none.
 */
export class Sessions {
  #hub: Hub
  #options: SessionsOptions
  #sessions = new Set<Session>()
  #ticks = 0
  /** Of this tick: clients that are equally far get the same message, made once. */
  #rounds = new Map<string, Round>()
  #frames = new Map<Round, Map<string, Frame>>()
  /** Said once, until it works again. */
  #isUnrecorded = false
  #counts = { connected: 0, droppedSlow: 0, endedLogins: 0, messages: 0, bytes: 0 }

  constructor(hub: Hub, options: SessionsOptions = {}) {
    this.#hub = hub
    this.#options = options
  }

  /** Clients now. */
  get size(): number {
    return this.#sessions.size
  }

  get counts(): Omit<LiveCounts, 'droppedSilent'> {
    let waitingBytes = 0
    let subscriptions = 0
    for (const session of this.#sessions) {
      waitingBytes += session.peer.waitingBytes
      subscriptions += session.subscriptions.size
    }
    return { clients: this.#sessions.size, subscriptions, waitingBytes, ...this.#counts }
  }

  /** Clients of one user. */
  clientsOf(username: string): number {
    let count = 0
    for (const { caller } of this.#sessions) if (caller.identity.username === username) count++
    return count
  }

  /** @param now  of the machine's clock, ms, here and below */
  open(peer: Peer, caller: Caller, now: number): Session {
    const session: Session = {
      number: this.#counts.connected,
      ...{ caller, peer, subscriptions: new Map(), allowance: new Allowance(now), untakenSince: undefined },
    }
    this.#sessions.add(session)
    this.#counts.connected++
    this.#say(session, { type: 'welcome', protocol: 1, topics: [...liveTopics], heartbeatMs })
    return session
  }

  /** The client is gone. */
  forget(session: Session): void {
    this.#sessions.delete(session)
  }

  /** Ends connections. @param reason  a few words for the client */
  end(which: (identity: Identity) => boolean, code: number, reason: string): void {
    for (const session of this.#sessions) if (which(session.caller.identity)) this.#end(session, code, reason)
  }

  hear(session: Session, text: string, now: number): void {
    if (!this.#sessions.has(session)) return
    if (!session.allowance.take(now))
      return this.#end(session, closeCodes.tooManyMessages, 'too many messages, come again more slowly')
    const request = readRequest(text)
    if (request.type === 'error') return this.#say(session, request)
    if (request.type === 'subscribe') return this.#subscribe(session, request)
    session.subscriptions.delete(request.topic)
    const { topic, ref } = request
    this.#say(session, { type: 'unsubscribed', topic, ...(ref !== undefined && { ref }) })
  }

  /** Sends what is due. @param wallNow  UTC ms: whose time is over goes */
  tick(now: number, wallNow: number): void {
    this.#ticks++
    const beats = this.#ticks % Math.round(heartbeatMs / tickMs) === 0
    for (const session of this.#sessions) {
      if (session.caller.until <= wallNow) this.#end(session, closeCodes.comeAgain, 'the token has expired, come again')
      else if (this.#hasTakenAll(session, now)) this.#serve(session, beats)
    }
    this.#rounds.clear()
    this.#frames.clear()
  }

  #subscribe(session: Session, { topic, ref, maxHz = liveLimits.defaultHz, filter = {}, resume }: Subscribe): void {
    const { caller, subscriptions } = session
    const { identity } = caller
    const about = { topic, ...(ref !== undefined && { ref }) }
    if (!may(identity, topicRules[topic].right)) {
      const detail = `topic: ${identity.role} may not see ${topic}`
      return this.#say(session, { type: 'error', code: 'not_allowed', detail, ...about })
    }
    const channel = channelOf(topic, filter, this.#hub.epoch, may(identity, 'personal'))
    const state = this.#hub.state(topic)
    const version = resume && canResume(state, channel, resume.epoch, resume.version) ? resume.version : undefined
    // Never more often than asked for: beats that do not fit are left out.
    const everyTicks = Math.ceil(Number((liveLimits.mostHz / maxHz).toFixed(6)))
    const isHeld =
      channel.showsPersonal && topicRules[topic].withoutPersonal !== undefined && !!this.#options.recordPersonal
    const phase = session.number % everyTicks
    const subscription = { channel, everyTicks, phase, version, since: version, isHeld, under: undefined }
    subscriptions.set(topic, subscription)
    if (isHeld) void this.#letGo(session, topic, subscription, filter)
    const next = version === undefined ? 'snapshot' : 'deltas'
    this.#say(session, { type: 'subscribed', next, maxHz: liveLimits.mostHz / everyTicks, ...about })
  }

  /** Tries for as long as the client waits. */
  async #letGo(session: Session, topic: LiveTopic, subscription: Subscription, filter: LiveFilter): Promise<void> {
    const isWaiting = (): boolean => this.#sessions.has(session) && session.subscriptions.get(topic) === subscription
    while (subscription.isHeld && isWaiting()) {
      try {
        await this.#options.recordPersonal?.(session.caller, topic, filter)
        subscription.isHeld = this.#isUnrecorded = false
      } catch (error) {
        if (!this.#isUnrecorded)
          this.#options.report?.(
            `what is personal is held back, for nobody can write down who sees it: ${messageOf(error)}`,
          )
        this.#isUnrecorded = true
        await delay(recordRetryMs, undefined, { ref: false })
      }
    }
  }

  /** Whether there is nothing left of what was sent before. One that leaves something for too long is dropped. */
  #hasTakenAll(session: Session, now: number): boolean {
    if (session.peer.waitingBytes === 0) {
      session.untakenSince = undefined
      return true
    }
    session.untakenSince ??= now
    if (now - session.untakenSince >= drainMs) {
      this.#counts.droppedSlow++
      this.#end(session, closeCodes.tooSlow, `took nothing for ${drainMs / 1_000} s`)
    }
    return false
  }

  #serve(session: Session, beats: boolean): void {
    const { peer, subscriptions } = session
    for (const subscription of subscriptions.values()) {
      if (subscription.isHeld) continue
      const isDue =
        subscription.under ||
        subscription.version === undefined ||
        this.#ticks % subscription.everyTicks === subscription.phase
      if (isDue && peer.waitingBytes === 0) this.#bringUpToDate(peer, subscription)
    }
    if (beats && peer.waitingBytes === 0) this.#say(session, { type: 'heartbeat', versions: versionsOf(session) })
  }

  /** Sends pieces as long as they are taken at once. */
  #bringUpToDate(peer: Peer, subscription: Subscription): void {
    subscription.under ??= this.#beginRound(subscription)
    while (subscription.under && peer.waitingBytes === 0) {
      const { round, next, piece } = subscription.under
      const frame = this.#frame(round, round.type === 'snapshot' ? 0 : subscription.version!, next, piece)
      this.#send(peer, frame.data)
      if (frame.next === undefined) {
        subscription.version = subscription.since = round.to
        subscription.under = undefined
      } else subscription.under = { round, next: frame.next, piece: piece + 1 }
    }
  }

  /** @returns undefined where there is nothing to say */
  #beginRound(subscription: Subscription): Subscription['under'] {
    const { channel, since } = subscription
    const name = `${since} ${channel.name}`
    const round = this.#rounds.get(name) ?? roundOf(this.#hub.state(channel.topic), channel, since)
    this.#rounds.set(name, round)
    if (round.type === 'snapshot' || round.entries.length > 0) return { round, next: 0, piece: 0 }
    subscription.since = round.to
    return undefined
  }

  #frame(round: Round, from: number, next: number, piece: number): Frame {
    const frames = this.#frames.get(round) ?? new Map<string, Frame>()
    this.#frames.set(round, frames)
    const name = `${from} ${next} ${piece}`
    const frame = frames.get(name) ?? frameOf(round, from, next, piece, this.#options.pieceCharacters)
    frames.set(name, frame)
    return frame
  }

  #say({ peer }: Session, message: ServerMessage): void {
    this.#send(peer, JSON.stringify(message))
  }

  #send(peer: Peer, data: Buffer | string): void {
    this.#counts.messages++
    this.#counts.bytes += data.length
    peer.send(data)
  }

  #end(session: Session, code: number, reason: string): void {
    this.#sessions.delete(session)
    if (code === closeCodes.sessionEnded || code === closeCodes.comeAgain) this.#counts.endedLogins++
    session.peer.close(code, reason)
  }
}

/** By topic, but for those of which a client is just being told. */
const versionsOf = ({ subscriptions }: Session): Record<string, number> =>
  Object.fromEntries(
    [...subscriptions].flatMap(([topic, { version, under }]) =>
      version === undefined || under ? [] : [[topic, version]],
    ),
  )
