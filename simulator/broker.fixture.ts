import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { Aedes } from 'aedes'
import { createWebSocketStream, WebSocketServer } from 'ws'

/** A real broker on loopback, over TCP or WebSocket; destroying its sockets is what a failing network does. */
export class TestBroker {
  readonly sockets = new Set<Socket>()
  readonly #webSocket: boolean
  #aedes?: Aedes
  #server?: Server
  port = 0

  constructor(over: 'tcp' | 'websocket' = 'tcp') {
    this.#webSocket = over === 'websocket'
  }

  async start(): Promise<void> {
    const aedes = (this.#aedes = await Aedes.createBroker())
    const server = (this.#server = this.#webSocket
      ? createHttpServer()
      : createServer((socket) => aedes.handle(socket)))
    if (this.#webSocket)
      new WebSocketServer({ server: server as ReturnType<typeof createHttpServer> }).on('connection', (socket) =>
        aedes.handle(createWebSocketStream(socket)),
      )
    server.on('connection', (socket: Socket) => {
      this.sockets.add(socket)
      socket.on('close', () => this.sockets.delete(socket))
    })
    server.listen(this.port, '127.0.0.1')
    await once(server, 'listening')
    this.port = (server.address() as AddressInfo).port
  }

  get url(): string {
    return `${this.#webSocket ? 'ws' : 'mqtt'}://127.0.0.1:${this.port}`
  }

  async stop(): Promise<void> {
    this.#server?.close()
    for (const socket of this.sockets) socket.destroy()
    await new Promise<void>((resolve) => (this.#aedes ? this.#aedes.close(resolve) : resolve()))
  }
}

/** Waits until something holds. @throws Error that names it */
export async function until(what: string, holds: () => boolean, withinMs = 5000): Promise<void> {
  const end = Date.now() + withinMs
  while (!holds()) {
    if (Date.now() > end) throw new Error(`not within ${withinMs} ms: ${what}`)
    await pause(10)
  }
}
