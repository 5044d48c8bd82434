import { once } from 'node:events'
import { createServer as createHttpServer, type IncomingMessage, type Server as HttpServer } from 'node:http'
import { type AddressInfo, createServer, type Server } from 'node:net'
import type { Duplex } from 'node:stream'
import { createServer as createTlsServer } from 'node:tls'
import { Aedes } from 'aedes'
import { createWebSocketStream, WebSocketServer } from 'ws'
import { followDevices } from '../broker/devices-file.ts'
import { type BrokerPasswords, guardBroker } from './broker-guard.ts'
import { type CountedRefusal, GatheredRefusals, type Refusal } from './broker-refusals.ts'
import { type BrokerLimits, brokerLimits, boundQueues, type Persistence } from './broker-queues.ts'
import { isLoopback } from '../wire/loopback.ts'
import { guardPacketSize } from './packet-guard.ts'

export interface EmbeddedBrokerOptions {
  readonly host: string
  /** 0 takes a free one, here and below. */
  readonly port: number
  readonly webSocketPort: number
  /** Certificate and key, PEM. Then TLS is what `host` listens for, and the other two ports are for this machine only. */
  readonly tls?: { readonly port: number; readonly cert: string; readonly key: string } | undefined
  /** Who may connect and do what; `everybody` may do everything, which is for tests. */
  readonly access: { readonly passwords: BrokerPasswords; readonly devicesFile: string } | 'everybody'
  readonly limits?: Partial<BrokerLimits>
  readonly log?: (line: string) => void
  /** Told of all that was refused for want of a right, about once a second. */
  readonly onRefused?: (refusals: readonly CountedRefusal[]) => void
}

export interface EmbeddedBroker {
  readonly port: number
  readonly webSocketPort: number
  readonly tlsPort: number | undefined
  /** What was refused because of the limits, since the start. */
  readonly refused: Readonly<Record<'queued' | 'retained' | 'oversized', number>>
  stop(): Promise<void>
}

/** Room for the topic (65,535 bytes at most) and the headers, beside the payload. */
const headerRoom = 70_000

/**
 * Starts an MQTT 3.1.1 broker over TCP and WebSocket. Sessions, their queues and retained messages live in memory only, within limits: they
 * end with the process, and "nothing lost" is promised with an external broker that stores them.
 * @throws Error of the system if a port cannot be listened on
 */
export async function startEmbeddedBroker(options: EmbeddedBrokerOptions): Promise<EmbeddedBroker> {
  const { tls, access } = options
  const plainHost = tls ? '127.0.0.1' : options.host
  const limits = { ...brokerLimits, ...options.limits }
  const log = options.log ?? (() => undefined)
  const refused = { queued: 0, retained: 0, oversized: 0 }
  const report = sparingly(10_000, () => {
    log(
      `limits reached: ${refused.queued} queued, ${refused.retained} retained, ${refused.oversized} oversized messages refused so far`,
    )
  })
  const refuse = (what: keyof typeof refused): void => {
    refused[what]++
    report()
  }

  const broker = await Aedes.createBroker({
    concurrency: 1_000,
    drainTimeout: 30_000,
    maxClientsIdLength: 256,
  })
  boundQueues((broker as unknown as { persistence: Persistence }).persistence, limits, refuse)
  const unfollow = access === 'everybody' ? () => undefined : guard(broker, access, log, options.onRefused)
  broker.on('error' as 'closed', ((error: Error) => log(`broker: ${error.message}`)) as () => void)

  const connections = new Set<Duplex>()
  function accept(connection: Duplex, request?: IncomingMessage): void {
    connections.add(connection)
    connection.once('close', () => connections.delete(connection))
    guardPacketSize(connection, limits.payloadBytes + headerRoom, () => refuse('oversized'))
    broker.handle(connection, request)
  }

  const tcp = createServer({ noDelay: true }, accept)
  const secure = tls && createTlsServer({ cert: tls.cert, key: tls.key, minVersion: 'TLSv1.2' }, accept)
  // Of a hand that was not shaken nobody else needs to hear.
  secure?.on('tlsClientError', () => undefined)
  const http = createHttpServer((_request, response) => response.writeHead(426).end('MQTT over WebSocket only'))
  const sockets = new WebSocketServer({
    server: http,
    maxPayload: limits.payloadBytes + headerRoom,
    handleProtocols: (protocols) => [...protocols].find((protocol) => /^mqtt/.test(protocol)) ?? false,
    verifyClient: ({ req }: { req: IncomingMessage }) => isOwnPage(req),
  })
  sockets.on('connection', (socket, request) => accept(createWebSocketStream(socket), request))
  sockets.on('error', (error) => log(`WebSocket: ${error.message}`))

  async function stop(): Promise<void> {
    unfollow()
    sockets.close()
    const closed = [tcp, http, ...(secure ? [secure] : [])]
      .filter((server) => server.listening)
      .map((server) => once(server.close(), 'close'))
    await new Promise<void>((resolve) => broker.close(resolve))
    for (const connection of connections) connection.destroy()
    http.closeAllConnections()
    await Promise.all(closed)
  }

  try {
    return {
      port: await listen(tcp, options.port, plainHost),
      webSocketPort: await listen(http, options.webSocketPort, plainHost),
      tlsPort: secure && (await listen(secure, tls.port, options.host)),
      refused,
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

async function listen(server: Server | HttpServer, port: number, host: string): Promise<number> {
  server.listen(port, host)
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** @returns stops following the credentials of devices */
function guard(
  broker: Aedes,
  { passwords, devicesFile }: Exclude<EmbeddedBrokerOptions['access'], 'everybody'>,
  log: (line: string) => void,
  onRefused: EmbeddedBrokerOptions['onRefused'] = () => undefined,
): () => void {
  let last = ''
  const gathered = new GatheredRefusals(onRefused)
  const refused = (words: string, refusal: Refusal): void => {
    last = words
    gathered.add(refusal)
    report()
  }
  const { refusals, admit } = guardBroker(broker as never, passwords, refused, () => devices.look())
  const report = sparingly(10_000, () => {
    const { connections, publications, subscriptions } = refusals
    const counts = `${connections} connections, ${publications} publications, ${subscriptions} subscriptions so far`
    log(`[warn] refused: ${last} (${counts})`)
  })
  const devices = followDevices(devicesFile, admit, log)
  return devices.stop
}

/** A browser lets any page on the web connect to any address: only pages of this machine or of the addressed host may. Other programs send no origin. */
function isOwnPage({ headers }: IncomingMessage): boolean {
  if (headers.origin === undefined) return true
  const page = URL.parse(headers.origin)
  const addressed = URL.parse(`http://${headers.host}`)
  return page !== null && (isLoopback(page.hostname) || page.hostname === addressed?.hostname)
}

/** Calls at once, then at most once in `everyMs`, the last time after the last call. */
function sparingly(everyMs: number, call: () => void): () => void {
  let timer: NodeJS.Timeout | undefined
  let again = false
  const tick = (): void => {
    call()
    again = false
    timer = setTimeout(() => {
      timer = undefined
      if (again) tick()
    }, everyMs).unref()
  }
  return () => {
    if (timer) again = true
    else tick()
  }
}
