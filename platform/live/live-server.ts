import { STATUS_CODES, type IncomingMessage, type Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocket, WebSocketServer } from 'ws'
import type { Access } from '../access/access.ts'
import type { Identity } from '../access/identity.ts'
import { machineClock, wallClock } from '../clock/clock.ts'
import { messageOf } from '../node/message-of.ts'
import { closeCodes } from '../wire/live-close.ts'
import { liveLimits } from '../wire/live.ts'
import { credentialOf } from './credential.ts'
import type { Hub } from './hub.ts'
import { type LiveCounts, type Peer, Sessions, tickMs } from './sessions.ts'

export const livePath = '/api/live'

export interface LiveServerOptions {
  readonly hub: Hub
  readonly access: Pick<Access, 'verify' | 'onEnded'>
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
  /** Connections whose credentials are being looked at: they count as clients. */
  #arriving = 0
  /** Pinged, and not heard of since. */
  #silent = new WeakSet<WebSocket>()
  #droppedSilent = 0
  #timers: NodeJS.Timeout[]
  #stopHearing: () => void

  constructor(options: LiveServerOptions) {
    this.#options = options
    this.#sessions = new Sessions(options.hub)
    this.#stopHearing = options.access.onEnded((sessionId) => this.#endSession(sessionId))
    this.#timers = [
      setInterval(() => this.#sessions.tick(machineClock.now(), wallClock.now()), tickMs),
      setInterval(() => this.#ping(), pingMs),
    ]
    for (const timer of this.#timers) timer.unref()
  }

  get counts(): LiveCounts {
    return { ...this.#sessions.counts, droppedSilent: this.#droppedSilent }
  }

  /** Takes what asks for `/api/live`; leaves the rest to others. @returns stops taking */
  attach(server: Server): () => void {
    const take = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
      if (request.url?.split('?', 1)[0] !== livePath) return
      this.#take(request, socket, head).catch((error: unknown) => {
        this.#options.report(`live stream: ${messageOf(error)}`)
        socket.destroy()
      })
    }
    server.on('upgrade', take)
    return () => void server.off('upgrade', take)
  }

  /** Sends everybody away. */
  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer)
    this.#stopHearing()
    this.#sessions.end(() => true, closeCodes.goingAway, 'the server stops')
    const gone = [...this.#sockets.clients].map((socket) => new Promise((resolve) => socket.once('close', resolve)))
    await Promise.all(gone)
  }

  async #take(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const broken = (): void => void socket.destroy()
    socket.once('error', broken)
    this.#arriving++
    const admitted = await this.#admit(request).finally(() => this.#arriving--)
    if ('status' in admitted) return refuse(socket, admitted)
    socket.off('error', broken)
    const { identity, token } = admitted
    this.#sockets.handleUpgrade(request, socket, head, (ws) => this.#open(ws, identity))
    // It may have ended while it was being looked at, before anybody knew whom to tell.
    if (!(await this.#options.access.verify(token))) this.#endSession(identity.sessionId)
  }

  /** Whose connection it is, or why it is not taken. */
  async #admit({ headers }: IncomingMessage): Promise<{ identity: Identity; token: string } | HttpRefusal> {
    const { access, mostClients, mostClientsPerUser } = this.#options
    const credential = credentialOf(headers)
    if ('refusal' in credential) return { status: 403, detail: credential.refusal }
    const { token } = credential
    if (token === undefined) return { status: 401, detail: 'a token is needed' }
    if (this.#sessions.size + this.#arriving > mostClients)
      return { status: 503, detail: 'too many clients at the moment' }
    const identity = await access.verify(token)
    if (!identity) return { status: 401, detail: 'the token is no good, or no longer' }
    if (this.#sessions.clientsOf(identity.username) >= mostClientsPerUser)
      return { status: 429, detail: `${identity.username} has too many clients at the moment` }
    return { identity, token }
  }

  #endSession(ended: string): void {
    this.#sessions.end(({ sessionId }) => sessionId === ended, closeCodes.sessionEnded, 'the login has ended')
  }

  #open(ws: WebSocket, identity: Identity): void {
    const session = this.#sessions.open(peerOf(ws), identity, machineClock.now())
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

interface HttpRefusal {
  readonly status: number
  readonly detail: string
}

function refuse(socket: Duplex, { status, detail }: HttpRefusal): void {
  const title = STATUS_CODES[status]!
  const body = JSON.stringify({ type: 'about:blank', title, status, detail })
  const head = [
    `HTTP/1.1 ${status} ${title}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    ...(status === 401 ? ['WWW-Authenticate: Bearer'] : []),
    ...(status === 503 || status === 429 ? ['Retry-After: 10'] : []),
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}
