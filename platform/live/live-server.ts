import { STATUS_CODES, type IncomingMessage, type Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocket, WebSocketServer } from 'ws'
import type { Access, AccessEntry } from '../access/access.ts'
import type { EndReason } from '../access/identity.ts'
import { machineClock, wallClock } from '../clock/clock.ts'
import { endOf, identityOf } from '../http/front-door.ts'
import { provideStreamCounts } from '../http/health.ts'
import { Problem } from '../http/problem.ts'
import { clientAddress, type IsTrusted } from '../http/trusted-proxies.ts'
import { closeCodes } from '../wire/live-close.ts'
import { liveLimits, type LiveFilter, type LiveTopic } from '../wire/live.ts'
import type { Hub } from './hub.ts'
import { type Caller, type LiveCounts, type Peer, Sessions, tickMs } from './sessions.ts'

const livePath = '/api/live'

export interface LiveServerOptions {
  readonly hub: Hub
  readonly access: Pick<Access, 'onEnded' | 'recordAccess'>
  readonly isTrusted: IsTrusted
  readonly mostClients: number
  readonly mostClientsPerUser: number
  /** Told of faults that are nobody's but ours. */
  report(fault: string): void
}

/** How long whoever is sent away has to hear why. */
const farewellMs = 2_000
/** Between two words of a quiet client: browsers answer a ping by themselves. */
const pingMs = 15_000

/** The live stream over WebSockets, on a path of an HTTP server that others share. */
export class LiveServer {
  #options: LiveServerOptions
  #sessions: Sessions
  #sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: liveLimits.messageBytes,
    clientTracking: true,
  })
  /** Pinged, and not heard of since. */
  #silent = new WeakSet<WebSocket>()
  #droppedSilent = 0
  #timers: NodeJS.Timeout[]
  #stopTelling: () => void

  constructor(options: LiveServerOptions) {
    this.#options = options
    this.#sessions = new Sessions(options.hub, {
      recordPersonal: (caller, topic, filter) => options.access.recordAccess(consumptionRead(caller, topic, filter)),
      report: (fault) => options.report(`live stream: ${fault}`),
    })
    const stopHearing = options.access.onEnded((sessionId, reason) => this.#endSession(sessionId, reason))
    const withdraw = provideStreamCounts(() => {
      const { clients, subscriptions, waitingBytes, messages, droppedSlow } = this.#sessions.counts
      return { clients, subscriptions, waitingBytes, sent: messages, dropped: droppedSlow + this.#droppedSilent }
    })
    this.#stopTelling = () => {
      stopHearing()
      withdraw()
    }
    this.#timers = [
      setInterval(() => this.#sessions.tick(machineClock.now(), wallClock.now()), tickMs),
      setInterval(() => this.#ping(), pingMs),
    ]
    for (const timer of this.#timers) timer.unref()
  }

  get counts(): LiveCounts {
    return { ...this.#sessions.counts, droppedSilent: this.#droppedSilent }
  }

  /** Takes what asks for `/api/live`, as the front door has let it in; leaves the rest to others. @returns stops taking */
  attach(server: Server): () => void {
    const take = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
      if (request.url?.split('?', 1)[0] !== livePath) return
      const admitted = this.#admit(request)
      if (admitted instanceof Problem) return refuse(socket, admitted)
      this.#sockets.handleUpgrade(request, socket, head, (ws) => this.#open(ws, admitted))
    }
    server.on('upgrade', take)
    return () => void server.off('upgrade', take)
  }

  /** Sends everybody away. */
  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer)
    this.#stopTelling()
    this.#sessions.end(() => true, closeCodes.goingAway, 'the server stops')
    const gone = [...this.#sockets.clients].map((socket) => new Promise((resolve) => socket.once('close', resolve)))
    await Promise.all(gone)
  }

  /** Who asks, or why the connection is not taken. */
  #admit(request: IncomingMessage): Caller | Problem {
    const { isTrusted, mostClients, mostClientsPerUser } = this.#options
    const identity = identityOf(request)
    if (!identity) return new Problem(401, 'Not logged in', { headers: { 'WWW-Authenticate': 'Bearer' } })
    if (this.#sessions.size >= mostClients) return full(503, 'too many clients at the moment')
    if (this.#sessions.clientsOf(identity.username) >= mostClientsPerUser)
      return full(429, `${identity.username} has too many clients at the moment`)
    return { identity, until: endOf(request), address: clientAddress(request, isTrusted) }
  }

  /** With another role, or while nobody can say whether it goes on, a session comes again. */
  #endSession(ended: string, reason: EndReason): void {
    const [code, words] =
      reason === 'ended' || reason === 'expired'
        ? [closeCodes.sessionEnded, 'the login has ended']
        : [closeCodes.comeAgain, reason === 'role' ? 'the role has changed, come again' : 'come again']
    this.#sessions.end(({ sessionId }) => sessionId === ended, code, words)
  }

  #open(ws: WebSocket, caller: Caller): void {
    const session = this.#sessions.open(peerOf(ws), caller, machineClock.now())
    ws.on('message', (data, isBinary) => {
      this.#sessions.hear(session, isBinary ? '' : (data as Buffer).toString(), machineClock.now())
    })
    ws.on('pong', () => this.#silent.delete(ws))
    // Too large a message, or no WebSocket at all: ws closes with the code that says so.
    ws.on('error', () => this.#sessions.forget(session))
    ws.on('close', () => this.#sessions.forget(session))
  }

  /** Who has not answered the last ping is gone, without a word. */
  #ping(): void {
    for (const ws of this.#sockets.clients) {
      if (this.#silent.has(ws)) {
        this.#droppedSilent++
        ws.terminate()
      } else if (ws.bufferedAmount === 0) {
        this.#silent.add(ws)
        ws.ping()
      }
    }
  }
}

function peerOf(ws: WebSocket): Peer {
  return {
    get waitingBytes() {
      return ws.bufferedAmount
    },
    send: (data) => {
      if (ws.readyState === WebSocket.OPEN) ws.send(data, { binary: false })
    },
    close(code, reason) {
      ws.close(code, reason)
      const farewell = setTimeout(() => ws.terminate(), farewellMs)
      farewell.unref()
      ws.once('close', () => clearTimeout(farewell))
    },
  }
}

const full = (status: 429 | 503, detail: string): Problem =>
  new Problem(status, STATUS_CODES[status]!, { detail, headers: { 'Retry-After': '10' } })

function refuse(socket: Duplex, problem: Problem): void {
  // Whoever asked may be gone, and an error that nobody hears ends the process.
  socket.on('error', () => undefined)
  const body = JSON.stringify(problem)
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    ...Object.entries(problem.headers).map(([name, value]) => `${name}: ${value}`),
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}

/** That somebody follows what consumer units use, and of which part of the field. */
function consumptionRead({ identity, address }: Caller, topic: LiveTopic, filter: LiveFilter): AccessEntry {
  const detail = [filter.feederId, ...(filter.keys ?? [])].filter((part) => part !== undefined).join(' ') || 'all'
  return { event: 'consumption_read', identity, address, subject: `live stream, ${topic}`, detail }
}
